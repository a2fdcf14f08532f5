#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each kind of bad input: one diagnostic with its next step, a fitting exit code, no half-written output.
. "$(dirname "$0")/lib.sh.inc"

driver() { # NAME TEXT: a folder with its own Kbuild file
	mkdir -p "$scratch/$1"
	printf 'obj-m := %s.o\n' "$1" >"$scratch/$1/Kbuild"
	cat >"$scratch/$1/$1.c"
}

expect 2 'next:' ./driverslicer slice i6300esbb -o "$scratch/o"
expect 2 'did you mean.*i6300esb' ./driverslicer slice i6300esbb -o "$scratch/o"

printf 'hello\n' >"$scratch/plain.txt"
expect 2 'DS0105.*not a driver' ./driverslicer slice "$scratch/plain.txt" -o "$scratch/o"

expect 2 'DS0112' ./driverslicer analyze --model "$scratch/plain.txt"
expect 2 'no function nothing|DS0706' ./driverslicer explain i6300esb nothing
expect 2 'next:' ./driverslicer run i6300esb --mode sideways
expect 2 'user-cflags needs --build' ./driverslicer slice i6300esb -o "$scratch/o" --user-cflags=-Og
expect 2 'no-such-option' ./driverslicer slice i6300esb -o "$scratch/cflags" --build --user-cflags=-no-such-option
expect 2 'neither a script nor one of' ./driverslicer run i6300esb --workload dance

driver broken <<'C'
#include <linux/module.h>
static int __init broken_init(void)
{
	return 0
}
module_init(broken_init);
MODULE_LICENSE("GPL");
C
expect 3 'broken.c:4:[0-9]+: error DS0' ./driverslicer slice "$scratch/broken" -o "$scratch/o"
expect 3 'next:' ./driverslicer slice "$scratch/broken" -o "$scratch/o"

driver headless <<'C'
#include <linux/module.h>
#include "no_such_header.h"
MODULE_LICENSE("GPL");
C
expect 3 "no_such_header.h" ./driverslicer slice "$scratch/headless" -o "$scratch/o"

driver assembly <<'C'
#include <linux/module.h>
#include <linux/pci.h>
static int asm_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	unsigned long flags;
	asm volatile("pushf ; pop %0" : "=r" (flags));
	return flags ? 0 : -ENODEV;
}
static const struct pci_device_id asm_ids[] = { { PCI_DEVICE(0x1234, 0x5678) }, { } };
static struct pci_driver asm_driver = { .name = "assembly", .id_table = asm_ids, .probe = asm_probe };
module_pci_driver(asm_driver);
MODULE_LICENSE("GPL");
C
expect 0 'assembly.c:6:[0-9]+: .*DS05' ./driverslicer slice "$scratch/assembly" -o "$scratch/pinned"
grep -q 'kernel asm_probe: inline assembly' "$scratch/pinned/report/manifest.txt" || fail "the manifest does not say why asm_probe stays"

printf '[functions]\nwdt_gone = "kernel"\n' >"$scratch/stale.toml"
expect 3 'stale.toml:2:1: error DS0801: the driver has no function wdt_gone' ./driverslicer slice i6300esb --config "$scratch/stale.toml" -o "$scratch/o"
printf '[functions]\nesb_probe "kernel"\n' >"$scratch/stale.toml"
expect 2 'stale.toml:2:[0-9]+: error DS0302' ./driverslicer slice i6300esb --config "$scratch/stale.toml" -o "$scratch/o"

mkdir "$scratch/mine"
touch "$scratch/mine/thesis.tex"
expect 2 'DS0702' ./driverslicer slice i6300esb -o "$scratch/mine"
[ "$(ls "$scratch/mine")" = thesis.tex ] || fail "a foreign folder was touched"

exec 8>"$scratch/busy.lock"
flock 8
expect 2 'DS0703.*busy' ./driverslicer slice i6300esb -o "$scratch/busy"
exec 8>&-
[ ! -e "$scratch/busy" ] || fail "a busy folder was written"

mkdir "$scratch/small"
mount -t tmpfs -o size=64k tmpfs "$scratch/small"
trap 'umount "$scratch/small"; rm -rf "$scratch"' EXIT
expect 2 'DS0704.*[Ss]pace' ./driverslicer slice i6300esb -o "$scratch/small/out"
[ -z "$(ls "$scratch/small")" ] || fail "a full disk was left with half an output: $(ls "$scratch/small")"
[ ! -e "$scratch/o" ] || fail "a refused slice left output"

expect 2 'no option is called --worklod' ./driverslicer run i6300esb --worklod watchdog
expect 2 'DS0114.*cannot be made' env XDG_CACHE_HOME=/proc/nowhere ./driverslicer analyze i6300esb
expect 2 'take one that is' ./driverslicer analyze i6300esb --kernel 5.0.0-0-none

# Stopped while it computes: at once, with nothing left behind.
./driverslicer slice psmouse --no-cache -o "$scratch/stopped" >/dev/null 2>"$scratch/stopped.err" &
pid=$!
until grep -q 'as the kernel build compiles it' "$scratch/stopped.err"; do kill -0 $pid || fail "slice ended before it could be stopped"; done
kill -TERM $pid
wait $pid && fail "a slice that was stopped says that all is fine"
[ $? = 130 ] || fail "a slice that was stopped has another exit code than 130"
grep -q 'stopped; what was under way has been cleaned up' "$scratch/stopped.err" || fail "it does not say that it was stopped"
left=$(find "$scratch" -maxdepth 1 -name 'stopped*' ! -name stopped.err)
[ -z "$left" ] || fail "left behind: $left"
