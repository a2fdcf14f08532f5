#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The short form of the fault campaign: fixed seed, two drivers; then one point of it again, by its name.
. "$(dirname "$0")/lib.sh.inc"
rm -rf build/faults/i6300esb-*-3 build/faults/8139cp-*-3
./driverslicer faults --drivers i6300esb,8139cp --count 40 --not-promised 0 --seed 3 --json "$scratch/faults.json"
number() { sed -nE "s/^  \"$1\": ([0-9]+),?/\\1/p" "$scratch/faults.json"; }
[ "$(number injected)" -ge 40 ] || fail "only $(number injected) faults struck"
for what in kernel_alive restarted next_call_right; do
	[ "$(number $what)" = "$(number injected)" ] || fail "$what: $(number $what) of $(number injected)"
done
json_has "$scratch/faults.json" '"reports": \[\],'
# Interrupted or done: what is known is not done again.
./driverslicer faults --drivers i6300esb,8139cp --count 40 --not-promised 0 --seed 3 2>"$scratch/again"
grep -q 'goes on behind' "$scratch/again" || fail "the journal was not used"
if grep -q 'recording' "$scratch/again"; then fail "it began anew"; fi
