#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Another series of the kernel, whose headers and interfaces differ: the table's drivers slice and build, and one runs.
. "$(dirname "$0")/lib.sh.inc"
lab/setup.sh 6.12
other=$(lab/kernel.sh 6.12)
for driver in 8139cp 8139too e1000 snd-ens1370 snd-ens1371 uhci-hcd psmouse pvpanic-pci; do
	./driverslicer slice "$driver" --kernel "$other" --build -o "$scratch/$driver" || fail "$driver on $other"
done
./driverslicer run i6300esb --kernel "$other" --workload watchdog-quick --json "$scratch/run.json"
json_has "$scratch/run.json" '"transcript_equal": true'
json_has "$scratch/run.json" '"kernel_reports": \[\]'
