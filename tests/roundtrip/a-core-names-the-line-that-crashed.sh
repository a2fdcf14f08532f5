#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/guide/tools.md: a driver with a planted wrong pointer crashes in its process; gdb on the core dump names the function and the line.
. "$(dirname "$0")/lib.sh.inc"
cp -r samples/ledger "$scratch/ledger"
sed -i '/^static ssize_t unanswered_show/,/^}/s/dev_get_drvdata(dev)/dev_get_drvdata(dev->parent)/' "$scratch/ledger/ledger.c"
if cmp -s samples/ledger/ledger.c "$scratch/ledger/ledger.c"; then fail "nothing was planted"; fi
./driverslicer run "$scratch/ledger" --workload tools-core --mode micro
said=$(transcript ledger tools-core)

line=$(awk '/^static ssize_t unanswered_show/ { inside = 1 } inside && /readl\(/ { print NR; exit }' "$scratch/ledger/ledger.c")
says 'cat: read error: Input/output error$'
says 'Program terminated with signal SIGSEGV'
says "#[0-9]* .*unanswered_show (.*) at .*/ledger.c:$line\$"
says "$line.*readl(l->regs + EDU_STATUS)"
says '\$1 = {name = 0x[0-9a-f]* "unanswered", mode = 292}$'
