# SPDX-License-Identifier: GPL-2.0-only
#
# What guest scripts are written with. Lines go through /dev/kmsg, so they stand in the console between the kernel's own,
# whole and in order (src/DriverSlicer.Lab/ConsoleLine.cs has the protocol).
#
#   step NAME          a new part of the transcript; the kernel's lines of a step are compared as well
#   say TEXT           a line of transcript
#   run CMD...         the command, its output and its exit code into the transcript
#   check WHAT CMD...  CMD must succeed; a failure makes the script fail at its end (finish)
#   metric KEY VALUE   a number for the report; the key's suffix is its unit
#   detail TEXT        for a reader only
#   within N CMD...    CMD, again and again, until it succeeds, for N seconds at most
#   monitor CMD        a command for QEMU's monitor, carried out on return; says what QEMU says, and fails if QEMU refuses it
#   finish             last line of a script

emit() { printf '@@%.900s\n' "$*" >/dev/kmsg; }
say() { emit T "$*"; }
step() { emit S "$*"; }
metric() { emit M "$1=$2"; }
detail() { emit D "$*"; }

failed=0
check() {
	local what=$1 out rc
	shift
	out=$("$@" 2>&1)
	rc=$?
	if [ $rc = 0 ]; then
		say "ok: $what"
	else
		say "FAILED: $what: exit code $rc${out:+: $out}"
		failed=$((failed + 1))
		# What waits in vain waits long: the rest would tell nothing more.
		[ $failed -lt 12 ] || { say "FAILED: given up after $failed failures"; exit 1; }
	fi
	return $rc
}

run() {
	local line
	say "\$ $*"
	{ "$@" 2>&1; echo "exit code $?"; } | while IFS= read -r line; do say "$line"; done
}

# Where the kernel offers nothing to wait on. A kernel that checks all it does is given five times as long.
within() {
	local seconds=$1 until
	[ ! -e /sys/kernel/debug/kmemleak ] || seconds=$((5 * $1))
	until=$(($(now_us) + seconds * 1000000))
	shift
	until "$@"; do
		[ "$(now_us)" -lt $until ] || return 1
		usleep 10000
	done
}

# slab_objects FILE: objects in use, by cache, once what is only late to be freed is gone.
slab_objects() { echo 3 >/proc/sys/vm/drop_caches; sync; sleep 1; awk 'NR > 2 { print $1, $2 }' /proc/slabinfo >"$1"; }
# slab_same BEFORE AFTER TIMES LEAST: one object more of any cache for every second time would be a leak; fewer than LEAST tell nothing.
slab_same() {
	awk 'NR == FNR { before[$1] = $2; next } { print $2 - before[$1], $1 }' "$1" "$2" | sort -rn >/run/growth
	head -n 8 /run/growth | while IFS= read -r line; do detail "grown by $line"; done
	awk -v times="$3" -v least="$4" '$1 >= times / 2 && $1 >= least { print; bad = 1 } END { exit bad }' /run/growth
}

# The answer comes on the console's input: lines that begin with =, then ok or an error.
monitor() {
	local line
	emit Q "$*"
	while IFS= read -r -t 60 line; do
		case $line in
		=*) echo "${line#=}" ;;
		ok) return 0 ;;
		*) echo "$line"; return 1 ;;
		esac
	done </dev/ttyS0
	echo "no answer"
	return 1
}

finish() {
	[ $failed = 0 ] || say "$failed checks failed"
	exit $((failed != 0))
}

# ---- the driver under test -----------------------------------------------------------------------------------------------

driver=$LAB_DRIVER
micro() { [ "$LAB_MODE" = micro ]; }
loaded() { [ -e "/sys/module/$driver/refcnt" ]; }
unloaded() { ! loaded; }
has_param() { modinfo -F parm "$driver" | grep -q "^$1:"; }

# What the module registered: its folders in sysfs (a driver's name there is its own choice, and may have blanks), and the devices bound to
# them. A link /sys/module/NAME/drivers/BUS:DRIVER leads there.
newline='
'
driver_links() { local l; for l in /sys/module/"$driver"/drivers/*:*; do [ ! -e "$l" ] || echo "$l"; done; }
driver_dir() { readlink -f "$(driver_links | head -n 1)"; }
# BUS of the first driver that is on a bus where the device is: several drivers of one module are on several buses.
bus_of() { local l b IFS="$newline"; for l in $(driver_links); do b=${l##*/}; b=${b%%:*}; [ ! -e "/sys/bus/$b/devices/$1" ] || { echo "$b"; return; }; done; return 1; }
# Of several on that bus the one that has it, else the first.
dir_for() {
	local l first=
	for l in /sys/module/"$driver"/drivers/"$(bus_of "$1")":*; do
		first=${first:-$l}
		[ ! -e "$l/$1" ] || { readlink -f "$l"; return; }
	done
	readlink -f "$first"
}
device_dir() { echo "/sys/bus/$(bus_of "$1")/devices/$1"; }
bound() {
	local l d IFS="$newline"
	for l in $(driver_links); do
		for d in "$l"/*/; do
			d=${d%/}
			[ ! -L "$d" ] || [ "${d##*/}" = module ] || echo "${d##*/}"
		done
	done
}
bind() { echo "$1" >"$(dir_for "$1")/bind"; }
unbind() { echo "$1" >"$(dir_for "$1")/unbind"; }

# What a driver claims of the machine (regions; interrupt lines with a handler): equal before loading and after unloading,
# or something was left behind.
claims() {
	cat /proc/iomem /proc/ioports
	awk '$1 ~ /^[0-9]+:$/ && $NF !~ /-(edge|level|fasteoi)$/ { print "irq", $1, $NF }' /proc/interrupts
}

# What differs from /run/claims.before, into the transcript.
run_left_behind() {
	claims >/run/claims.after
	run diff /run/claims.before /run/claims.after
}

# A suspend that is a test lasts as long as a test needs.
suspend_briefly() {
	local delay=/sys/module/suspend/parameters/pm_test_delay
	[ ! -e $delay ] || echo 0 >$delay
}
# suspend LEVEL STATE: as far as that test level goes, and back.
suspend() {
	suspend_briefly
	echo "$1" >/sys/power/pm_test && echo "$2" >/sys/power/state
}

# Counters of the microdriver runtime ("key value" lines), to be read while the driver is loaded.
micro_metrics() {
	micro || return 0
	cat /sys/kernel/debug/microdriver/*/stats 2>/dev/null | while read -r key value; do metric "$key" "$value"; done
}

# timed KEY CMD...: CMD's duration in milliseconds, as a metric.
timed() {
	local key=$1 begin end rc
	shift
	begin=$(now_us)
	"$@"
	rc=$?
	end=$(now_us)
	metric "$key" "$(awk "BEGIN { printf \"%.3f\", ($end - $begin) / 1000 }")"
	return $rc
}
