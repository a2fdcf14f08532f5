# SPDX-License-Identifier: GPL-2.0-only
#
# The user process dies twice while one connection runs, once in each direction. (What comes before in the demonstration is net-load.sh.)
. /lab/netpairs.sh

ip link set lo up
micro || finish

kills=0 fresh=0 longest=0
moves_on() {
	awk -v seen="$lines" '/ sec .*bits\/sec/ && ++n > seen { for (i = 2; i <= NF; i++) if ($i ~ /bits\/sec/ && $(i - 1) > 0) found = 1 } END { exit !found }' /run/stream
}
kill_during() {
	local name=$1 old stall
	shift
	stream_start -t 60 "$@"
	check "$name" within 30 stream_runs 2
	old=$(host_pid)
	check "$name: kill -9 of the user process" kill_host && kills=$((kills + 1))
	lines=$(stream_lines)
	check "$name: the connection goes on" within 30 moves_on
	check "$name: a fresh process serves" within 30 fresh_host "$old"
	check "$name: ethtool" ethtool "$dev" && fresh=$((fresh + 1))
	check "$name: registers" ethtool -d "$dev"
	kill -INT $stream_pid
	wait $stream_pid
	stall=$(stream_stall)
	[ "$stall" -le "$longest" ] || longest=$stall
}
check "load" load micro
dev=$(interface)
check "up" configure
check "reachable" reachable
step "kill -9 of the user process while sending"
kill_during sending
step "kill -9 of the user process while receiving"
kill_during receiving -R
metric kills $kills
metric served_after_kill $fresh
metric longest_stall_ms "$longest"
check "the connections never stood still for 3 s" test "$longest" -lt 3000
check "rmmod" rmmod "$driver"
finish
