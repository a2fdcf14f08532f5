#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/guide/tools.md: gdb stops a real driver's probe at its line, prints its structures, and holds the process for as long as it likes.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run i6300esb --workload tools-gdb --mode micro
line() { line_of i6300esb "$1"; }
said=$(transcript i6300esb tools-gdb)

probe=$(line 'edev = devm_kzalloc(')
says "hit Breakpoint 1, esb_probe (pdev=0x[0-9a-f]*, ent=0x[0-9a-f]* <esb_pci_tbl>) at .*/i6300esb.c:$probe\$"
says "$probe.*edev = devm_kzalloc(&pdev->dev, sizeof(\*edev), GFP_KERNEL);"
says "hit Breakpoint 2, esb_initdevice (edev=0x[0-9a-f]*) at .*/i6300esb.c:$(line 'pci_write_config_word(edev->pdev, ESB_CONFIG_REG')\$"
# Before the driver has filled its structure, and after.
says '\$1 = {wdd = {.* timeout = 0, .*pdev = 0x[1-9a-f][0-9a-f]*}$'
says '\$2 = 30$'
says '\$3 = {options = 33152, firmware_version = 0, identity = "i6300ESB timer"'
