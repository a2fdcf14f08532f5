#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# load, unload and status: wrong use is answered without .NET and without a guest; then all of it in a guest that has neither
# .NET nor a compiler and starts with the native driver.
. "$(dirname "$0")/lib.sh.inc"

# What must not be needed, and a kernel for which nothing was ever built, so that nothing can happen to this machine.
mkdir "$scratch/path"
printf '#!/bin/sh\necho "$0 was called"\nexit 99\n' | tee "$scratch/path/dotnet" "$scratch/path/gcc" "$scratch/path/clang" >/dev/null
printf '#!/bin/sh\necho 0.0.0-none\n' >"$scratch/path/uname"
chmod +x "$scratch/path/"*
tool() { PATH="$scratch/path:$PATH" ./driverslicer "$@"; }

./driverslicer --help >"$scratch/help"
for verb in load unload status; do grep -q "^  $verb " "$scratch/help" || fail "--help does not list $verb"; done
expect 0 'usage: microdriver load DIR' tool load --help
expect 2 'load needs a folder' tool load
expect 2 'next: microdriver --help' tool load
expect 2 "unload needs a driver's name" tool unload
expect 2 'there is no option --fast' tool status --fast
expect 2 'one word too many: b' tool load a b
expect 2 '/nowhere is not a folder' tool load /nowhere
expect 2 '/nowhere/x cannot be written' tool status --json /nowhere/x
expect 2 'no microdriver x is installed' tool unload x
expect 0 'no microdriver is installed or loaded' tool status --json "$scratch/status.json"
json_has "$scratch/status.json" '"schema": 1,'
json_has "$scratch/status.json" '"exit": 0,'
json_has "$scratch/status.json" '"drivers": \[\],'

expect 0 'to load it: ' ./driverslicer slice i6300esb -o "$scratch/slice" --build
[ "$(ls "$scratch/slice/deploy" | tr '\n' ' ')" = "i6300esb.ko i6300esb.so microdriver microdriver-host microdriver.ko " ] || fail "deploy/ holds $(ls "$scratch/slice/deploy")"
expect 2 'i6300esb.ko was built for kernel [^ ]+, and this is 0.0.0-none' tool load "$scratch/slice"
expect 2 'next: driverslicer slice i6300esb --kernel 0.0.0-none' tool load "$scratch/slice/deploy" --json "$scratch/load.json"
json_has "$scratch/load.json" '"diagnostics": \[\{ "message": ".*was built for'
mkdir "$scratch/half"
cp "$scratch/slice/deploy/"i6300esb.* "$scratch/half"
expect 2 'half has no microdriver.ko' tool load "$scratch/half"

./driverslicer run i6300esb --workload watchdog-deploy --mode micro
