#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/guide/tools.md: gcov says of each line of a real driver's source how often the user half ran it.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run i6300esb --workload tools-gcov --mode micro --user-cflags '--coverage -fprofile-update=atomic'
said=$(transcript i6300esb tools-gcov cflags)
says "^File '.*/i6300esb.c'\$"
says '^Lines executed:[78][0-9]\.[0-9]*% of [0-9]*$'
# The probe ran once, for one card that was there; the request of the device file 50 times, and once from the probe.
line() { line_of i6300esb "$1" cflags; }
says "^ *1: *$(line 'edev->pdev = pdev;'):.edev->pdev = pdev;\$"
says "^ *#####: *$(line 'goto err_unmap;'):..goto err_unmap;\$"
says "^ *51: *$(line 'wdd->timeout = time;'):.wdd->timeout = time;\$"
