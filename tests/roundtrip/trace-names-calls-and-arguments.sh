#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The host's --trace shows every crossing of a real driver, by name.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run i6300esb --workload lab/guest/trace.sh --mode micro
trace=$(cat build/evidence/i6300esb-trace-*-micro/console.log)
for name in esb_probe pci_enable_device watchdog_register_device esb_timer_set_heartbeat esb_remove iounmap; do
	grep -q "@@T.*$name" <<<"$trace" || fail "the trace does not name $name"
done
