# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts for network drivers share. $dev: the interface; traffic: lab/tools/flood.c, which outlives its interface.
. /lab/lib.sh

host=10.0.2.2
# busybox's shell prefers its own ip, which knows less.
ip() { /bin/ip "$@"; }

# The first interface that belongs to a device of the driver's.
interface() { local slot; for slot in $(bound); do ls /sys/bus/*/devices/"$slot"/net 2>/dev/null; done | head -n 1; }
has_carrier() { [ "$(cat "/sys/class/net/$dev/carrier" 2>/dev/null)" = 1 ]; }
# The core follows the carrier with up to a second's delay; of a driver that never says that there is none, it says "unknown".
operational() { case $(cat "/sys/class/net/$dev/operstate") in up | unknown) ;; *) false ;; esac; }
no_carrier() { [ "$(cat "/sys/class/net/$dev/carrier" 2>/dev/null)" != 1 ]; }
link_up() { ip link set "$dev" up && within 30 has_carrier; }
link_down() { ip link set "$dev" down; }
configure() {
	dev=$(interface)
	[ -n "$dev" ] && ip addr add 10.0.2.15/24 dev "$dev" && link_up
}
reachable() { ping -c 1 -W 5 $host >/dev/null; }

# A module file by its path: native NAME.ko lies in kernel/, the microdriver's in updates/.
module_file() { find "/lib/modules/$(uname -r)/$1" -name "$driver.ko" 2>/dev/null | head -n 1; }
load_native() { modprobe_needs && insmod "$(module_file kernel)"; }
load_micro() { modprobe_needs && insmod "$(module_file updates)"; }
# What the driver needs, without the driver.
modprobe_needs() {
	local need
	for need in $(modprobe -D "$driver" 2>/dev/null | awk '{ print $2 }'); do
		[ "$(basename "$need" .ko)" = "$driver" ] || insmod "$need" 2>/dev/null
	done
	return 0
}

# ---- traffic in the background --------------------------------------------------------------------------------------------

# traffic_start [PAUSE_MS [SIZE]]: LAB_FLOOD, SIZE or SIZE,PAUSE_MS, is what some cards can bear.
traffic_start() {
	local size=1000 pause=${1:-}
	rm -f /run/flood.in /run/flood.out
	mkfifo /run/flood.in /run/flood.out
	case $LAB_FLOOD in
	'') ;;
	*,*) size=${LAB_FLOOD%,*} pause=${LAB_FLOOD#*,} ;;
	*) size=$LAB_FLOOD ;;
	esac
	flood $host ${2:-$size} $pause </run/flood.in >/run/flood.out 2>&1 &
	traffic_pid=$!
	exec 5>/run/flood.in 6</run/flood.out
}
# Fills sent, answered, corrupt and gap; the gap is the longest since the last time asked.
traffic_ask() {
	echo '?' >&5
	read -r line <&6 || return 1
	set -- $line
	sent=$2 answered=$4 corrupt=$6 gap=$8
}
traffic_stop() {
	exec 5>&-
	read -r line <&6
	set -- $line
	sent=$2 answered=$4 corrupt=$6 gap=$8
	exec 6<&-
	wait $traffic_pid
}
# traffic_change [PAUSE_MS [SIZE]]: in the place of what was there before.
traffic_change() {
	traffic_stop
	say "corrupt answers: $corrupt"
	traffic_start "$@"
}
answered_since() { traffic_ask && [ "$answered" -ge $(($1 + 20)) ]; }
# Answers come (again); the numbers so far are its base. The ping runs a queue that the driver stopped and started while packets sat
# in it: only a next packet does, and a sender whose socket buffer is full of those sends none (native as well, if less often).
traffic_flows() { reachable; traffic_ask && within 30 answered_since "$answered"; }

# ---- iperf3 ---------------------------------------------------------------------------------------------------------------

# $iperf_how: options of a script that measures. It pins the sender, or the receiver, to the processor that takes the interrupts: which of
# the two shares one with them is else decided anew each time, and makes more of a difference than any driver.
iperf_how=
iperf_run() { iperf3 $iperf_how -J -c $host -p "$LAB_IPERF_PORT" $LAB_IPERF "$@" >/run/iperf.json; }
# A number of the report: KEY of the named section, in Mbit/s.
iperf_mbps() {
	awk -v key="$1" '$0 ~ "\"" key "\"" { found = 1 } found && /bits_per_second/ { gsub(/[^0-9.e+]/, "", $2); printf "%.1f", $2 / 1e6; exit }' /run/iperf.json
}
iperf() {
	local key=$1
	shift
	check "iperf3 $*" iperf_run -t "$LAB_SECONDS" "$@" && metric "$key" "$(iperf_mbps sum_received)"
}

# ---- counters -------------------------------------------------------------------------------------------------------------

counter() { cat "/sys/class/net/$dev/statistics/$1"; }
packets() { echo $(($(counter rx_packets) + $(counter tx_packets))); }
# Whether a counter is zero is the driver's doing; how far above, the traffic's.
sign() { awk '/^ +[0-9 ]+$/ { gsub(/[1-9][0-9]*/, ">0") } /: [1-9][0-9]*$/ { $0 = substr($0, 1, match($0, /[0-9]+$/) - 1) ">0" } { print }'; }
statistics() { ethtool -S "$1" | sign; }
# Without two columns: received packets that found no buffer, which a busy host makes, and packets dropped on sending, which are those
# that happened to be in the ring when the link went down.
# Column widths follow the numbers: blanks are squeezed.
link_counters() { ip -s link show dev "$1" | sign | tr -s ' ' | awk 'rx { $5 = "-" } tx { $4 = "-" } { rx = /RX: +bytes/; tx = /TX: +bytes/; print }'; }
stat_of() { awk -v key="$1" '$1 == key { print $2 }' /sys/kernel/debug/microdriver/*/stats 2>/dev/null; }
# Busy share of the guest's processors between two calls: cpu_begin; ...; cpu_percent.
cpu_times() { awk '/^cpu / { busy = $2 + $3 + $4 + $7 + $8; print busy, busy + $5 + $6; exit }' /proc/stat; }
cpu_begin() { cpu_from=$(cpu_times); }
cpu_percent() { echo "$cpu_from $(cpu_times)" | awk '{ printf "%.1f", ($4 > $2) ? 100 * ($3 - $1) / ($4 - $2) : 0 }'; }

# ---- the user half's process ------------------------------------------------------------------------------------------------

host_pid() { awk '$1 == "pid:" { print $2 }' /sys/kernel/debug/microdriver/*/status 2>/dev/null; }
# The process that serves, and only that: the spare one stands by.
kill_host() {
	local pid
	pid=$(host_pid)
	[ "${pid:-0}" -gt 0 ] && kill -9 "$pid"
}
hosts_gone() { ! pidof microdriver-host >/dev/null; }
# A process serves that is not PID.
fresh_host() { local pid; pid=$(host_pid); [ "${pid:-0}" -gt 0 ] && [ "$pid" != "$1" ]; }

# ---- one TCP connection that has to last -----------------------------------------------------------------------------------

# stream_start IPERF_OPTION...: iperf3 in the background, two reports a second.
stream_start() {
	iperf3 -c $host -p "$LAB_IPERF_PORT" $LAB_IPERF -i 0.5 -f m --forceflush "$@" >/run/stream 2>&1 &
	stream_pid=$!
}
stream_lines() { grep -c ' sec .*bits/sec' /run/stream; }
stream_runs() { [ "$(stream_lines)" -ge "${1:-1}" ]; }
# Reports (half seconds) in a row in which nothing arrived: the longest such time, in milliseconds.
stream_stall() {
	awk '/ sec .*bits\/sec/ && !/sender|receiver/ { for (i = 2; i <= NF; i++) if ($i ~ /bits\/sec/) rate = $(i - 1)
		run = rate > 0 ? 0 : run + 500; if (run > longest) longest = run } END { print longest + 0 }' /run/stream
}
# The connection lived to its planned end.
stream_ended_well() { grep -q 'iperf Done' /run/stream; }

# rand N: leaves a number below N in $R (no subshell, or the seed would not move on).
seed=$LAB_SEED
rand() {
	seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
	R=$((seed / 65536 % $1))
}

# ---- transmit timeouts ----------------------------------------------------------------------------------------------------

# tx_off SLOT: switches the transmitter off behind the driver's back. LAB_TX_ENABLE: RESOURCE:BITS:OFFSET:MASK.
tx_off() {
	local resource=${LAB_TX_ENABLE%%:*} rest=${LAB_TX_ENABLE#*:}
	bar "/sys/bus/pci/devices/$1/$resource" "${rest%%:*}" "$(echo "$rest" | cut -d: -f2)" clear="${rest##*:}" >/dev/null
}
tx_timeouts() { cat "/sys/class/net/$dev/queues/tx-0/tx_timeout"; }
# More of them than $timeouts.
timeout_seen() { [ "$(tx_timeouts)" -gt "$timeouts" ]; }
