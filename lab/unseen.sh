#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# unseen.sh [--run] [--count N] [--seed S] [--kernel REL] [--keep DIR] [--json FILE] [MODULE...]
#
# Modules that nobody chose, or those named. Without --run: N of all that the kernel's package has, drawn with seed S, are sliced and built.
# With --run: N of those whose device QEMU has (lab/devices.json, but for the rows of lab/table.json and the samples) are run natively and
# as microdrivers, with the workload that devices.json gives, and the transcripts compared. One line per module; at the end the share that
# worked and the causes of the rest. Exit code 1 if one failed in another way than by a refusal that says what to do (3).
set -uo pipefail
cd "$(dirname "$0")/.."
count=10 seed=1 kernel= keep= json= run= modules=()
while [ $# -gt 0 ]; do
	case $1 in
	--run) run=yes; shift ;;
	--count) count=$2; shift 2 ;;
	--seed) seed=$2; shift 2 ;;
	--kernel) kernel=$2; shift 2 ;;
	--keep) keep=$2; shift 2 ;;
	--json) json=$2; shift 2 ;;
	--help) sed -n '4,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
	-*) echo "unseen: unknown option $1; see --help" >&2; exit 2 ;;
	*) modules+=("$1"); shift ;;
	esac
done
[ -n "$kernel" ] || kernel=${DRIVERSLICER_KERNEL:-}
[ -n "$kernel" ] || kernel=$(ls -d /usr/src/linux-headers-*-amd64 | sed 's/.*linux-headers-//' | sort -V | tail -n 1)
list=/lib/modules/$kernel/modules.order
[ -r "$list" ] || { echo "unseen: $list is missing: apt-get install linux-image-$kernel" >&2; exit 4; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
[ -z "$keep" ] || mkdir -p "$keep"

# Names of the first column of a JSON table of the lab's.
rows() { sed -nE 's/^  "([a-z0-9_]+)": \{.*/\1/p' "$1"; }
known() { grep -oE '"modules": \[[^]]*' lab/table.json | sed 's/.*\[//' | tr -d '",' | tr ' -' '\n_' | grep .; (cd samples && ls -d */ | tr -d /); }
candidates() {
	if [ -n "$run" ]; then rows lab/devices.json | grep -vxF "$(known)"; else sed 's|.*/||; s|\.ko.*||' "$list"; fi
}

# The same draw on every machine: a generator of our own puts a key before each name.
if [ ${#modules[@]} = 0 ]; then
	mapfile -t modules < <(candidates | LC_ALL=C sort -u |
		awk -v seed="$seed" 'BEGIN { x = seed * 7919 + 1 } { for (i = 0; i < 5; i++) x = (x * 48271) % 2147483647; printf "%010d %s\n", x, $0 }' |
		LC_ALL=C sort | head -n "$count" | cut -d' ' -f2)
fi

total=${#modules[@]} worked=0 refused=0 failed=0 number=0 user=0 lines=0
did=$([ -n "$run" ] && echo ran || echo built)
: >"$scratch/causes"
: >"$scratch/rows"
value() { sed -nE "s/^ *\"$1\": ([0-9.]+),?$/\1/p" "$scratch/out.json" 2>/dev/null | head -n 1; }
first() { grep -m 1 -E "$1" "$scratch/log" | sed 's|[^ ]*/\([^/ ]*:[0-9]\)|\1|' | cut -c1-150; }

# What the exit code leaves open: $outcome and $cause.
judge() {
	cause=
	case $1 in
	0) outcome=$did ;;
	3) outcome=refused cause=$(grep -m 1 -oE 'error DS[0-9]+.*' "$scratch/log" | cut -c1-150) ;;
	*) outcome="failed ($1)" cause=$(first 'FAILED|differs|error|rror:|xception|undefined') ;;
	esac
	# The text of a half that does not compile is no refusal.
	if [ "$1" = 3 ] && grep -qE 'DS0601|DS0590' "$scratch/log"; then outcome=failed cause=$(first ' error: |undefined reference|DS0590'); fi
}

for module in "${modules[@]}"; do
	number=$((number + 1))
	dir=${keep:-$scratch}/$module
	begin=$SECONDS
	rm -f "$scratch/out.json"
	if [ -n "$run" ]; then
		./driverslicer run "$module" --kernel "$kernel" --json "$scratch/out.json" >"$scratch/log" 2>&1
	else
		./driverslicer slice "$module" -o "$dir" --build --kernel "$kernel" --json "$scratch/out.json" >"$scratch/log" 2>&1
	fi
	judge $?
	case $outcome in "$did") worked=$((worked + 1)) ;; refused) refused=$((refused + 1)) ;; *) failed=$((failed + 1)) ;; esac
	[ "$outcome" = "$did" ] || echo "$module: ${cause:-$(tail -n 1 "$scratch/log" | cut -c1-150)}" >>"$scratch/causes"
	u=$(value user_lines) k=$(value kernel_lines)
	user=$((user + ${u:-0})) lines=$((lines + ${u:-0} + ${k:-0}))
	printf '%4d/%d  %-28s %-10s %5s of %5s lines  %3d s  %s\n' $number "$total" "$module" "$outcome" "${u:--}" "$((${u:-0} + ${k:-0}))" $((SECONDS - begin)) "$cause"
	printf '{"module":"%s","outcome":"%s","user_lines":%s,"kernel_lines":%s,"seconds":%s,"cause":"%s"}\n' "$module" "$outcome" "${u:-null}" "${k:-null}" $((SECONDS - begin)) \
		"$(tr -d '"\\' <<<"$cause")" >>"$scratch/rows"
	if [ -n "$keep" ]; then cp "$scratch/log" "$keep/$module.log"; else rm -rf "$dir"; fi
done

echo
[ ! -s "$scratch/causes" ] || { echo "not $did:"; sed 's/^/  /' "$scratch/causes"; }
what=$([ -n "$run" ] && echo 'ran as natively' || echo 'sliced and built')
echo "$worked of $total $what ($((100 * worked / (total ? total : 1)))%), $refused refused with a diagnostic, $failed failed; $((lines ? 100 * user / lines : 0))% of $lines function lines in the process"
[ -z "$json" ] || { printf '{"schema":1,"kernel":"%s","seed":%s,"drawn":%s,"%s":%s,"refused":%s,"failed":%s,"user_lines":%s,"lines":%s,"modules":[' "$kernel" "$seed" "$total" "$did" $worked $refused $failed $user $lines
	paste -sd, "$scratch/rows"; echo ']}'; } >"$json"
[ $failed = 0 ]
