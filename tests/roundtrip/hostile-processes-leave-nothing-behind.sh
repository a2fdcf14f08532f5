#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Short forms of `make hostile` and `make cycles`, with fixed seeds: processes that were taken over, and a driver's whole life with kill -9 in each.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload hostile-quick --mode micro --json "$scratch/hostile.json"
json_has "$scratch/hostile.json" '"kernel_reports": \[\]'
./driverslicer run 8139cp --workload net-cycles --mode micro --pairs 24 --seed 1 --json "$scratch/cycles.json"
json_has "$scratch/cycles.json" '"kernel_reports": \[\]'
