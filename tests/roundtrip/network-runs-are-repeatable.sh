#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Three native runs of the network workload say the same under its masks: what later differs is the microdriver's doing.
. "$(dirname "$0")/lib.sh.inc"
for run in 1 2 3; do
	./driverslicer run 8139cp --workload net --mode native --seconds 2
	cp build/evidence/8139cp-net-*-native/transcript.txt "$scratch/$run"
done
[ "$(wc -l <"$scratch/1")" -gt 1000 ] || fail "the transcript has only $(wc -l <"$scratch/1") lines"
for run in 2 3; do
	diff "$scratch/1" "$scratch/$run" >"$scratch/diff" || { head -n 12 "$scratch/diff"; fail "run $run differs from the first in $(grep -c '^[<>]' "$scratch/diff") lines"; }
done
