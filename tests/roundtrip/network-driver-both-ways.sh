#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unmodified network driver, natively and as a microdriver: ethtool, ioctls, filters, timeouts, rebinding, suspend; the same transcript.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload net --seconds 2 --json "$scratch/net.json"
json_has "$scratch/net.json" '"transcript_equal": true'
json_has "$scratch/net.json" '"kernel_reports": \[\]'
json_has "$scratch/net.json" '"annotations": 0,'
json_has "$scratch/net.json" '"driver_lines_changed": 0,'
awk -F'[:,]' '/"user_lines"/ { user = $2 } /"kernel_lines"/ { kernel = $2 } END { exit !(user >= 0.65 * (user + kernel)) }' "$scratch/net.json" ||
	fail "less than 65% of the lines are in the process"
