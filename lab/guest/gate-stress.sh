# SPDX-License-Identifier: GPL-2.0-only
#
# Management requests that take the driver's locks, as fast as they are answered, under traffic in both directions. A gate that lets the
# two halves meet shows as a kernel report, a stalled or corrupted connection, a dead interrupt line, or counters that do not add up.
. /lab/netlib.sh

bound_ms=5000
interrupts() { awk -v dev="$dev" '$NF ~ dev { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' /proc/interrupts; }

ip link set lo up
claims >/run/claims.before
step load
check "modprobe" timed init_ms modprobe "$driver"
dev=$(interface)
check "up" configure
check "reachable" reachable

step "requests under traffic"
received=$(counter rx_packets) transmitted=$(counter tx_packets)
closes=$(stat_of gate_closes)
traffic_start
check "traffic" traffic_flows
mkfifo /run/hammer.in
hammer "$dev" </run/hammer.in >/run/hammer.out 2>&1 &
hammer_pid=$!
exec 7>/run/hammer.in
check "iperf3 both ways" iperf_run -t "$LAB_SECONDS" --bidir
metric send_mbps "$(iperf_mbps sum_received)"
traffic_ask
stall=$gap
exec 7>&-
wait $hammer_pid
check "every request is answered" test $? = 0
detail "$(cat /run/hammer.out)"
set -- $(tail -n 1 /run/hammer.out)
metric total_operations "$2"
check "no request fails" test "$4" = 0
metric longest_stall_ms "$stall"
check "answers never stayed away for $bound_ms ms" test "$stall" -lt $bound_ms
[ -z "$closes" ] || metric total_gate_closes $(($(stat_of gate_closes) - closes))

step afterwards
line=$(interrupts)
check "traffic" traffic_flows
check "the interrupt line lives" test "$(interrupts)" -gt "$line"
traffic_stop
check "no answer was corrupt" test "$corrupt" = 0
check "every answer was counted" test $(($(counter rx_packets) - received)) -ge "$answered"
check "every request was counted" test $(($(counter tx_packets) - transmitted)) -ge "$answered"
check "reachable" reachable
micro_metrics
check "down and up" sh -c ". /lab/netlib.sh; dev=$dev; link_down && link_up"
check "reachable" reachable
check "rmmod" rmmod "$driver"
claims >/run/claims.after
check "nothing left behind" diff /run/claims.before /run/claims.after
finish
