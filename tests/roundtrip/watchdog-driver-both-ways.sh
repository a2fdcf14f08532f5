#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The whole path on a real driver: sliced, built, booted native and as a microdriver, killed at many points, compared.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run i6300esb --workload watchdog --json "$scratch/run.json"
json_has "$scratch/run.json" '"kernel_lines": 0,'
json_has "$scratch/run.json" '"annotations": 0,'
json_has "$scratch/run.json" '"driver_lines_changed": 0,'
json_has "$scratch/run.json" '"transcript_equal": true'
json_has "$scratch/run.json" '"kernel_reports": \[\]'
