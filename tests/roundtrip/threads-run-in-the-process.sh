#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The body of a kernel thread runs in the process; what it asks of its task is asked in the thread, or the kernel would stop.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run samples/pulse --json "$scratch/run.json"
json_has "$scratch/run.json" '"transcript_equal": true'
json_has "$scratch/run.json" '"kernel_reports": \[\]'
./driverslicer explain samples/pulse pulse_run | grep -q 'kthread_create_on_node#0' || fail "the thread's function is no entry point"
