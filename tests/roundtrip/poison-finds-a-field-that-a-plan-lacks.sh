#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every access of a user half is held against its plan: none is outside of it; one field taken out of the plan is found, by name and line.
. "$(dirname "$0")/lib.sh.inc"
place() { # LINE-PATTERN: where the driver's text has it
	awk -v what="$1" 'index($0, what) { print NR; exit }' build/slices/i6300esb-*-poison/user/i6300esb.c
}

./driverslicer run i6300esb --workload watchdog --poison --json "$scratch/run.json"
json_has "$scratch/run.json" '"violations": 0,?$'
json_has "$scratch/run.json" '"upcalls": [0-9]{4}'
json_has "$scratch/run.json" '"transcript_equal": true'
# Nothing is copied for luck: what is brought is looked at.
awk -F'[:,]' '/bytes_in_per_upcall/ { brought = $2 } /bytes_touched_per_upcall/ { touched = $2 }
	END { exit !(touched > 0 && touched <= brought && brought < 2 * touched) }' "$scratch/run.json" || fail "more is brought than is needed"

# Read of what no plan brings: the mirror still holds what another entry point's plan returned.
expect 1 'poison: read of struct esb_dev.base \(8 bytes\) in esb_timer_start at i6300esb.c:' \
	./driverslicer run i6300esb --workload watchdog-quick --mode micro --poison --drop-field 'struct esb_dev.base:in'
grep -q "i6300esb.c:$(place 'writew(ESB_UNLOCK1') (esb_unlock_registers)" "$scratch/out" || fail "not the line of the access"

# Write of what no plan returns.
expect 1 'poison: write of struct watchdog_device.timeout \(4 bytes\) in esb_timer_set_heartbeat at i6300esb.c:' \
	./driverslicer run i6300esb --workload watchdog-quick --mode micro --poison --drop-field 'struct watchdog_device.timeout:out' --json "$scratch/out.json"
grep -q "i6300esb.c:$(place 'wdd->timeout = time') (esb_timer_set_heartbeat)" "$scratch/out" || fail "not the line of the access"
json_has "$scratch/out.json" '"violations": 1,'

expect 2 'no entry point.s plan has it' ./driverslicer run i6300esb --poison --drop-field 'struct esb_dev.nothing:in'

# The network driver's long workload: nothing outside of the plans.
./driverslicer run 8139cp --workload net --seconds 1 --mode micro --poison --json "$scratch/net.json"
json_has "$scratch/net.json" '"violations": 0,?$'
