#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The same input gives the same bytes, for the model, the analysis and both halves; and from the cache the same again.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer slice i6300esb --no-cache -o "$scratch/a" --json "$scratch/a.json"
./driverslicer slice i6300esb --no-cache -o "$scratch/b" --json "$scratch/b.json"
diff -r "$scratch/a" "$scratch/b" || fail "two slices of one driver differ"
for driver in 8139cp 8139too e1000 snd-ens1370 uhci-hcd psmouse; do
	./driverslicer analyze "$driver" --no-cache --json "$scratch/1.json" >/dev/null
	./driverslicer analyze "$driver" --no-cache --json "$scratch/2.json" >/dev/null
	grep -vE '"(seconds|peak_rss_mb)"' "$scratch/1.json" >"$scratch/1"
	grep -vE '"(seconds|peak_rss_mb)"' "$scratch/2.json" >"$scratch/2"
	cmp "$scratch/1" "$scratch/2" || fail "two analyses of $driver differ"
	if grep -q '"reason": ""' "$scratch/1"; then fail "$driver: a function has no reason"; fi
	if [ "$(sed -nE 's/.*"seconds": ([0-9]+).*/\1/p' "$scratch/2.json")" -ge 10 ]; then echo "note: $driver took $(grep '"seconds"' "$scratch/2.json")"; fi
	# Of the next two, the second at least comes from the cache.
	./driverslicer analyze "$driver" --json "$scratch/3.json" >"$scratch/3.text"
	./driverslicer analyze "$driver" --json "$scratch/4.json" >"$scratch/4.text" 2>"$scratch/4.said"
	grep -q 'nothing it depends on has changed' "$scratch/4.said" || fail "$driver: analysed anew, though nothing has changed"
	cmp "$scratch/3.json" "$scratch/4.json" && cmp "$scratch/3.text" "$scratch/4.text" || fail "$driver: what comes from the cache differs"
	cmp "$scratch/1" <(grep -vE '"(seconds|peak_rss_mb)"' "$scratch/4.json") || fail "$driver: what comes from the cache is not what is found without"
done
# Regions of both are outlined: the cache has the driver's text before and after.
for driver in snd-ens1370 psmouse; do
	./driverslicer slice "$driver" --no-cache -o "$scratch/anew-$driver" >/dev/null
	./driverslicer slice "$driver" -o "$scratch/known-$driver" >/dev/null
	diff -r "$scratch/anew-$driver" "$scratch/known-$driver" || fail "$driver: a slice of what was read before differs"
done
# A saved model gives the same analysis as the source.
./driverslicer analyze i6300esb --save-model "$scratch/model.json" --json "$scratch/1.json" >/dev/null
./driverslicer analyze --model "$scratch/model.json" --json "$scratch/2.json" >/dev/null
cmp <(grep -vE '"(seconds|peak_rss_mb)"' "$scratch/1.json") <(grep -vE '"(seconds|peak_rss_mb)"' "$scratch/2.json") || fail "a saved model is analysed differently"
