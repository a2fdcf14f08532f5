#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An unmodified network driver, native and as a microdriver: the same transcript; no call into the user process under load; kill -9 while one
# connection runs; and the gate, with its negative control.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload net --seconds 2 --json "$scratch/net.json"
json_has "$scratch/net.json" '"transcript_equal": true'
json_has "$scratch/net.json" '"kernel_reports": \[\]'
json_has "$scratch/net.json" '"annotations": 0,'
json_has "$scratch/net.json" '"driver_lines_changed": 0,'
./driverslicer run 8139cp --workload net-load --pairs 2 --seconds 2 --json "$scratch/load.json"
json_has "$scratch/load.json" '"upcalls_during_load": 0,'
json_has "$scratch/load.json" '"insns_per_packet_sent": '
./driverslicer run 8139cp --workload net-kill --mode micro --json "$scratch/kill.json"
json_has "$scratch/kill.json" '"kills": 24'
json_has "$scratch/kill.json" '"served_after_kill": 24'
./driverslicer run 8139cp --workload gate-stress --mode micro --boots 2 --seconds 10
./driverslicer run samples/ledger
