#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Under load nothing crosses, and a packet costs what it costs natively: counted instructions, not seconds.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run 8139cp --workload net-load --pairs 2 --seconds 2 --json "$scratch/load.json"
json_has "$scratch/load.json" '"upcalls_during_load": 0,?$'
json_has "$scratch/load.json" '"downcalls_during_load": 0,?$'
json_has "$scratch/load.json" '"insns_per_packet_sent": '
