#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unmodified driver that is not on PCI: a mouse of the machine's own, moved by QEMU's monitor; events and attributes as natively.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run psmouse --workload input-quick --json "$scratch/mouse.json"
json_has "$scratch/mouse.json" '"transcript_equal": true'
json_has "$scratch/mouse.json" '"kernel_reports": \[\]'
json_has "$scratch/mouse.json" '"annotations": 0,'
json_has "$scratch/mouse.json" '"driver_lines_changed": 0,'
user_share "$scratch/mouse.json" 62
