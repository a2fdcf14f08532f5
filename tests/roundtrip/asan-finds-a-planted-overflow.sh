#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/guide/tools.md: a driver with a planted overflow; the user half under AddressSanitizer names its line, and the kernel goes on.
. "$(dirname "$0")/lib.sh.inc"
cp -r samples/ledger "$scratch/ledger"
patch -s -p1 -d "$scratch/ledger" <"$PWD/tests/roundtrip/overflow.patch.inc"
./driverslicer run "$scratch/ledger" --workload tools-asan --mode micro --user-cflags '-fsanitize=address -fno-omit-frame-pointer'
said=$(transcript ledger tools-asan cflags)

says 'ERROR: AddressSanitizer: stack-buffer-overflow'
says "^WRITE of size 1"
says "#0 0x[0-9a-f]* in book_store .*/ledger.c:$(awk '/digits\[n\] = buf\[n\]/ { print NR }' "$scratch/ledger/ledger.c")\$"
says "'digits' (line [0-9]*) <== Memory access at offset [0-9]* overflows this variable"
