#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The gate over several boots: real traffic against real locks, a driver of our own whose invariant notices each loss, entries of every sort
# made by hand; and the same without the gate, which must be noticed.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload gate-stress --mode micro --boots "${GATE_BOOTS:-6}" --seconds 6
./driverslicer run samples/ledger
tests/gate/run 1
