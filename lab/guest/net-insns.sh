# SPDX-License-Identifier: GPL-2.0-only
#
# Guest instructions per packet, native and microdriver in turn: a fixed amount of traffic in each direction, one processor, and the
# translator counts (lab/plugins/insns.c), until the interval of the median ratio is within 1%, or LAB_PAIRS pairs are done. Time does not matter here;
# what idle processors do is waiting, which executes nothing.
. /lab/netpairs.sh

amount=${LAB_BYTES:-50M}

# count SIDE NAME IPERF_OPTION...: appends instructions per packet to /run/SIDE.NAME. A packet is what fits on the wire (1448 bytes of
# TCP): the driver's own count depends on how the stack happened to bundle them.
count() {
	local side=$1 name=$2 before after packets
	shift 2
	before=$(insns) || return 1
	iperf_run -n "$amount" "$@" || return 1
	after=$(insns) || return 1
	packets=$(awk '/"sum_sent"/ { found = 1 } found && /"bytes"/ { gsub(/[^0-9]/, "", $2); print int($2 / 1448); exit }' /run/iperf.json)
	detail "$side $name: $packets packets, instructions from $before to $after"
	echo "$before $after $packets" | awk '{ printf "%.1f\n", ($3 - $1) / $5 }' >>/run/$side.$name
	echo "$before $after $packets" | awk '{ printf "%.1f\n", ($4 - $2) / $5 }' >>/run/$side.kernel_$name
}

measure_insns() {
	check "$1: load" load "$1" || finish
	dev=$(interface)
	check "$1: up" configure || finish
	# The first run warms up what only the first one meets.
	check "$1: warm" iperf_run -n 1M
	check "$1: sending" count "$1" sent || finish
	check "$1: receiving" count "$1" received -R || finish
	check "$1: rmmod" rmmod "$driver"
}

report_insns() {
	paste /run/native.$1 /run/micro.$1 >/run/pairs.$1
	set -- "$1" $(ratio /run/pairs.$1)
	metric "ratio.insns_$1.pairs" "$3"
	metric "ratio.insns_$1.median" "$9"
	metric "ratio.insns_$1.low" "${11}"
	metric "ratio.insns_$1.high" "${13}"
	metric "native.insns_per_packet_$1" "$5"
	! micro || metric "insns_per_packet_$1" "$7"
}

ip link set lo up
step "instructions per packet"
check "the instructions are counted" insns || finish
pair=0
while [ $pair -lt "$LAB_PAIRS" ]; do
	pair=$((pair + 1))
	if [ $((pair % 2)) = 1 ]; then order="native micro"; else order="micro native"; fi
	for side in $order; do measure_insns "$side"; done
	for name in sent received; do paste /run/native.$name /run/micro.$name >/run/pairs.$name; done
	! { narrow /run/pairs.sent 0.01 && narrow /run/pairs.received 0.01; } || break
done
for name in sent received kernel_sent kernel_received; do report_insns $name; done
finish
