#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A short fault campaign with a fixed seed: the process dies, hangs, floods and lies; the kernel goes on and the driver serves again.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer faults --drivers i6300esb --count 16 --seed 1 --json "$scratch/watchdog.json"
json_has "$scratch/watchdog.json" '"injected": [1-4][0-9]'
# A call that the process leaves out, and without which the next one is a BUG of the kernel: netif_napi_add(), then napi_enable().
./driverslicer faults --drivers 8139cp --point 'bind:fail@cp_init_one#1.19' --json "$scratch/napi.json"
json_has "$scratch/napi.json" '"kernel_alive": 1'
grep -rq 'user half called napi_enable: no argument that the interface allows' build/faults/8139cp-*-point || fail "the point does not leave netif_napi_add() out any more: find it anew with --count"
