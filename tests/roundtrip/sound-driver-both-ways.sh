#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unmodified sound driver, whose trigger and pointer run under the core's lock: locked regions outlined; what it plays is recorded and compared.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run snd-ens1370 --workload sound --json "$scratch/sound.json"
json_has "$scratch/sound.json" '"transcript_equal": true'
json_has "$scratch/sound.json" '"kernel_reports": \[\]'
json_has "$scratch/sound.json" '"annotations": 0,'
json_has "$scratch/sound.json" '"driver_lines_changed": 0,'
user_share "$scratch/sound.json" 64
# The same source, built for the other chip.
./driverslicer slice snd-ens1371 --build -o "$scratch/ens1371"
./driverslicer run snd-ens1370 --workload sound --mode micro --poison --json "$scratch/poison.json"
json_has "$scratch/poison.json" '"violations": 0,?$'
