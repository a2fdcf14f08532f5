#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/guide/tools.md: perf shows where a real driver's process spends its time, by function, and each call of one of its functions.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run i6300esb --workload tools-perf --mode micro
said=$(transcript i6300esb tools-perf)
says '[0-9.]*% *i6300esb.so *\[\.\] esb_timer_'
says 'md:i6300esb .* probe_i6300esb:esb_timer_set_heartbeat: ([0-9a-f]*)'
