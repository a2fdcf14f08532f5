#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# kill -9 of the user process at seeded instants, also within calls, while connections run: they go on, or the device comes back.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload net-kill --mode micro --json "$scratch/kill.json"
json_has "$scratch/kill.json" '"kills": [1-9][0-9]'
json_has "$scratch/kill.json" '"kernel_reports": \[\]'
