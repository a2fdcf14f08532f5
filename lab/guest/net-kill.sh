# SPDX-License-Identifier: GPL-2.0-only
#
# The user half of a network driver dies (kill -9) at random instants while one TCP connection runs, in each direction in turn, and while
# management calls keep it busy. The same connection has to go on, and the next call has to be served by a fresh process. A device whose work a death
# left half done comes back by itself. At last the restart limit is reached: then it takes an administrator.
# LAB_SEED chooses the instants.
. /lab/netlib.sh

kills_per_direction=12
# Longest stall of a connection: a restart and TCP's own back-off, on a slow machine.
bound_ms=10000

# Calls into the user half, one after the other. What one of them answers whose process was killed is not judged.
manage_once() {
	ethtool "$dev"
	ethtool -d "$dev"
	ethtool -S "$dev"
	ethtool -s "$dev" msglvl 7
	ip link set "$dev" promisc on
	ip maddr add 01:00:5e:00:00:fb dev "$dev"
	ip link set "$dev" promisc off
	ip maddr del 01:00:5e:00:00:fb dev "$dev"
}
# A change of the MTU stops and starts many cards. If it dies half way the administrator sets the link down and up.
change_mtu() {
	ip link set "$dev" mtu 1400 && ip link set "$dev" mtu 1500 && return
	link_down
	ip link set "$dev" mtu 1500
	ip link set "$dev" up
}
manage() {
	# Once: under full load one in a hundred changes ends in BUG with some native drivers.
	[ ! -e /run/with_mtu ] || change_mtu >/dev/null 2>&1
	while [ ! -e /run/stop ]; do
		manage_once
	done >/dev/null 2>&1
}

tainted() { grep -q '^tainted:' /sys/kernel/debug/microdriver/*/status; }
untainted() { ! tainted; }

# The next call is answered, and not by the process that was killed.
served() {
	local before
	before=$(stat_of upcalls)
	within 30 fresh_host "$1" || return 1
	ethtool "$dev" && ethtool -d "$dev" && ethtool -S "$dev" && ethtool -e "$dev" length 4 && ip link set "$dev" promisc on && ip link set "$dev" promisc off
	[ "$(stat_of upcalls)" -gt "$before" ]
}

# How long the connection has stood still so far counts.
note_stall() {
	local stall
	stall=$(stream_stall)
	[ "$stall" -le "$longest" ] || longest=$stall
}
stream_over() {
	kill -INT $stream_pid
	within 5 gone $stream_pid || kill -9 $stream_pid
	wait $stream_pid
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# direction NAME IPERF_OPTION...
direction() {
	local name=$1 n=0 old manager
	shift
	step "killed while $name"
	stream_start -t 600 "$@"
	check "$name" within 30 stream_runs 2
	rm -f /run/stop /run/with_mtu
	while [ $n -lt $kills_per_direction ]; do
		n=$((n + 1))
		[ $n -le $((kills_per_direction * 2 / 3)) ] || touch /run/with_mtu
		rm -f /run/stop
		manage &
		manager=$!
		# ethtool spends most of its time starting; this one asks all the time, so that most deaths happen within a call.
		rm -f /run/hammer.in
		mkfifo /run/hammer.in
		hammer "$dev" </run/hammer.in >/dev/null 2>&1 &
		hammer=$!
		exec 7>/run/hammer.in
		rand 600000
		usleep $R
		old=$(host_pid)
		rand 3
		# Every third time the spare process dies as well.
		if [ $R = 0 ]; then kill -9 $(pidof microdriver-host); else kill -9 "$old"; fi && kills=$((kills + 1))
		touch /run/stop
		exec 7>&-
		wait $manager
		wait $hammer
		check "$name, kill $n: nothing stays in quarantine" within 10 untainted
		check "$name, kill $n: the next call is served" served "$old" && fresh=$((fresh + 1))
		check "$name, kill $n: link" within 30 has_carrier
		detail "kill $n while $name: process $old, the connection's longest stall so far $(stream_stall) ms"
		lines=$(stream_lines)
		check "$name, kill $n: the same connection goes on" within 30 moves_on
	done
	note_stall
	stream_over
	check "$name: stalled for less than $bound_ms ms" test "$longest" -lt $bound_ms
	metric "kills_while_$name" $n
}
# The process dies while the interface is set down and up: on its way it frees, one by one, what it has no other hold on.
churn() { ip link set "$dev" down; ip link set "$dev" up; }
opening() {
	local n=0 old churner
	step "killed while opening and closing"
	while [ $n -lt $kills_per_direction ]; do
		n=$((n + 1))
		churn >/dev/null 2>&1 &
		churner=$!
		# Not much longer than the two take.
		rand 60000
		usleep $R
		old=$(host_pid)
		kill -9 "$old" && kills=$((kills + 1))
		wait $churner
		check "opening, kill $n: nothing stays in quarantine" within 10 untainted
		check "opening, kill $n: the next call is served" within 30 fresh_host "$old"
		link_up
		check "opening, kill $n: link" within 30 has_carrier
		check "opening, kill $n: reachable" within 30 reachable
	done
}
# No process is started any more: packets still flow, calls fail, the driver can be unbound all the same; and bound once processes are
# allowed again.
given_up() { grep -q '^state: given up' /sys/kernel/debug/microdriver/*/status; }
# Which of these the driver serves by a call is its own affair: some have no registers to show.
ended() { manage_once >/dev/null 2>&1; given_up; }
limit() {
	local slot
	step "restart limit"
	slot=$(bound)
	echo 0 >/sys/module/microdriver/parameters/restarts
	kill -9 $(pidof microdriver-host)
	check "no call is served" within 30 ended
	check "reachable without a process" reachable
	check "unbind" unbind "$slot"
	check "no interface is left" test -z "$(interface)"
	echo -1 >/sys/module/microdriver/parameters/restarts
	check "bind" bind "$slot"
	check "up" configure
	check "reachable" reachable
}
# A later report than those counted, with data in it.
moves_on() {
	awk -v seen="$lines" '/ sec .*bits\/sec/ && ++n > seen { for (i = 2; i <= NF; i++) if ($i ~ /bits\/sec/ && $(i - 1) > 0) found = 1 } END { exit !found }' /run/stream
}

kills=0 fresh=0 longest=0
# The restart limit has a test of its own; here the host dies far more often than it allows.
echo -1 >/sys/module/microdriver/parameters/restarts
ip link set lo up
claims >/run/claims.before

step load
check "modprobe" timed init_ms modprobe "$driver"
dev=$(interface)
check "up" configure
check "reachable" reachable

direction sending
direction receiving -R
opening
metric longest_recovery_ms "$(awk -v us="$(stat_of recovery_max_us)" 'BEGIN { printf "%.1f", us / 1000 }')"
limit

step "end"
metric kills $kills
metric kills_in_calls "$(dmesg | grep 'user half died in' | grep -vc 'died in idle')"
metric served_after_kill $fresh
metric longest_stall_ms "$longest"
check "reachable" reachable
micro_metrics
check "rmmod" rmmod "$driver"
claims >/run/claims.after
check "nothing left behind" diff /run/claims.before /run/claims.after
finish
