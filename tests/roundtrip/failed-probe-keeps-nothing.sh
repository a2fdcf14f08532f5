#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A probe that returns an error and gives nothing back: natively the interrupt handler would outlive its module.
. "$(dirname "$0")/lib.sh.inc"

cp -r samples/ledger "$scratch/ledger"
# As the last step fails, it forgets to give back what it has.
awk '{ print } /request_irq\(pdev->irq/ { inside = 1 } inside && /goto out_msi/ { print "\tif (pdev)\n\t\treturn -EIO;"; inside = 0 }' \
	samples/ledger/ledger.c >"$scratch/ledger/ledger.c"
grep -q 'return -EIO;$' "$scratch/ledger/ledger.c"
cat >"$scratch/fails.sh" <<'END'
. /lab/lib.sh
claims >/run/claims.before
for round in 1 2 3; do
	step "probe fails $round"
	check "loads" modprobe "$driver"
	check "is not bound" [ -z "$(bound)" ]
	claims >/run/claims.failed
	check "claims nothing" diff /run/claims.before /run/claims.failed
	check "is disabled" grep -qx 0 "/sys/bus/pci/devices/0000:00:02.0/enable"
	check "unloads" rmmod "$driver"
done
finish
END
expect 0 'workload  *- *passed|workload .*passed' ./driverslicer run "$scratch/ledger" --workload "$scratch/fails.sh" --mode micro --device edu
