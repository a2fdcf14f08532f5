# SPDX-License-Identifier: GPL-2.0-only
#
# The user half dies (kill -9): at rest, with the device open, and at random instants of loading, unloading, binding,
# requests and suspend. What the interrupted command answers is not judged; afterwards the module must unload, leave
# nothing behind, load again and work. LAB_SEED chooses the instants.
. /lab/lib.sh

dev=/dev/watchdog0
seed=$LAB_SEED
rounds=8
kills=0

# rand N: leaves a number below N in $R (no subshell, or the seed would not move on).
rand() {
	seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
	R=$((seed / 65536 % $1))
}

kill_host() {
	local pids
	pids=$(pidof microdriver-host) || return 1
	kill -9 $pids 2>/dev/null && kills=$((kills + 1))
}

no_device() { [ ! -e $dev ]; }
usable() { wdt $dev support keepalive settimeout=30 write=V close | grep -q '^write V: ok$'; }
same_claims() { claims >/run/claims.now; diff /run/claims.before /run/claims.now; }

# A kernel may keep the module of a watchdog that runs, as one does whose file was closed without the magic character (6.12).
unload() { rmmod "$driver" || { usable && rmmod "$driver"; }; }

# Whatever state the kill left: unload, look for leftovers, load, use.
recover() {
	! loaded || check "$1: rmmod" unload
	check "$1: unloaded" unloaded
	check "$1: device file gone" no_device
	check "$1: nothing left behind" same_claims
	check "$1: modprobe" modprobe "$driver"
	check "$1: usable" usable
}

# at_random WHAT MICROSECONDS CMD...: kills the host at a random instant within CMD's first MICROSECONDS.
at_random() {
	local what=$1 span=$2 round=0 child delay rc
	shift 2
	while [ $round -lt $rounds ]; do
		round=$((round + 1))
		rand "$span"
		delay=$R
		"$@" >/dev/null 2>&1 &
		child=$!
		usleep $delay
		kill_host
		wait $child
		rc=$?
		detail "$what $round: killed after $delay us, exit code $rc"
		recover "$what $round"
	done
}

# The restart limit has a test of its own; here the host dies far more often than it allows.
echo -1 >/sys/module/microdriver/parameters/restarts
claims >/run/claims.before
mkfifo /run/hold /run/ready

step "a first load"
check "modprobe" timed init_ms modprobe "$driver"
check "usable" usable
slot=$(bound)
# How long each of them takes, so that the instants fall inside.
span_of() { local b e; b=$(now_us); "$@" >/dev/null 2>&1; e=$(now_us); R=$((e - b + 1000)); }
span_of rmmod "$driver"; t_rmmod=$R
span_of modprobe "$driver"; t_modprobe=$R
span_of unbind "$slot"; t_unbind=$R
span_of bind "$slot"; t_bind=$R
span_of wdt $dev keepalive settimeout=30 write=V close; t_open=$R

step "killed at rest"
if ! pidof microdriver-host >/dev/null; then
	say "FAILED: no process is named microdriver-host"
	failed=$((failed + 1))
fi
kill_host
recover "at rest, unloaded at once"
kill_host
detail "$(wdt $dev keepalive settimeout=20 gettimeout write=V close 2>&1 | tr '\n' ';')"
recover "at rest, used afterwards"
kill_host
unbind "$slot" 2>/dev/null
bind "$slot" 2>/dev/null
recover "at rest, unbound and bound afterwards"

step "killed with the device open"
wdt $dev ready wait keepalive settimeout=20 gettimeout write=V close </run/hold >/run/ready &
exec 3>/run/hold 4</run/ready
read -r answer <&4
kill_host
exec 3>&-
while read -r answer; do detail "open file: $answer"; done <&4
exec 4<&-
wait
recover "with the device open"

step "killed while opened, asked, closed"
at_random open "$t_open" wdt $dev keepalive settimeout=30 write=V close
at_random requests 30000 wdt $dev repeat=100 keepalive settimeout=30 keepalive

step "killed while unbinding and binding"
at_random unbind "$t_unbind" unbind "$slot"
unbound_then_bind() { unbind "$slot"; bind "$slot"; }
at_random "unbind and bind" $((t_unbind + t_bind)) unbound_then_bind

step "killed while unloading and loading"
at_random rmmod "$t_rmmod" rmmod "$driver"
reload() { rmmod "$driver"; modprobe "$driver"; }
at_random "rmmod and modprobe" $((t_rmmod + t_modprobe)) reload

step "killed while suspending"
for level in freezer devices; do
	at_random "suspend $level" 60000 suspend $level mem
done
echo none >/sys/power/pm_test

step "end"
check "rmmod" rmmod "$driver"
check "unloaded" unloaded
check "nothing left behind" same_claims
metric kills $kills
finish
