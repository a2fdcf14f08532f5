#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Processes that were taken over serve in place of the host: the kernel says nothing, the module unloads, and the real host works again.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload hostile-quick --mode micro --json "$scratch/hostile.json"
json_has "$scratch/hostile.json" '"hostile_messages": 2[0-9]{4}'
json_has "$scratch/hostile.json" '"hostile_upcalls": [1-9][0-9]'
