#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A short fault campaign with a fixed seed: the process dies, hangs, floods and lies; the kernel goes on and the driver serves again.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer faults --drivers i6300esb --count 16 --seed 1 --json "$scratch/watchdog.json"
json_has "$scratch/watchdog.json" '"injected": [1-4][0-9]'
