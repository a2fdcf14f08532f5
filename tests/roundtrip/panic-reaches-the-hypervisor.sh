#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two unmodified modules, one of which exports to the other, sliced together: a panic of the guest reaches QEMU as it does natively, also
# when the user processes do not run, and while they are at work.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run pvpanic pvpanic-pci --workload panic --json "$scratch/panic.json"
json_has "$scratch/panic.json" '"transcript_equal": true'
json_has "$scratch/panic.json" '"kernel_reports": \[\]'
json_has "$scratch/panic.json" '"panics_reported": 3'
json_has "$scratch/panic.json" '"annotations": 0,'
json_has "$scratch/panic.json" '"driver_lines_changed": 0,'
user_share "$scratch/panic.json" 50
