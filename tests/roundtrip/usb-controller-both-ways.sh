#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unmodified USB host controller driver: a stick with files on it, pulled out while it is written; a tablet that moves.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run uhci-hcd --workload usb-quick --json "$scratch/usb.json"
json_has "$scratch/usb.json" '"transcript_equal": true'
json_has "$scratch/usb.json" '"kernel_reports": \[\]'
json_has "$scratch/usb.json" '"annotations": 0,'
json_has "$scratch/usb.json" '"driver_lines_changed": 0,'
user_share "$scratch/usb.json" 2
