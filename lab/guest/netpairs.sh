# SPDX-License-Identifier: GPL-2.0-only
#
# Native driver and microdriver measured in turn in one boot. In native mode the driver is compared with itself: what differs then is the
# machine's noise.
. /lab/netlib.sh

upcalls=0 downcalls=0 init_seen=
# A window of one size: what TCP chooses by itself varies with the order in which things happen.
iperf_how="-A 0 -w 128K"
one_processor() { local irq; for irq in /proc/irq/[0-9]*/"$dev"; do echo 1 >"${irq%/*}/smp_affinity" || return 1; done; }
# With SIDE micro in native mode: the native driver again.
load() { if [ "$1" = micro ] && micro; then load_micro; else load_native; fi; }
crossings() { [ "$1" = micro ] && micro && stat_of "$2"; }

# measure SIDE: one load of the module, both directions; leaves send, recv, cpu_send, cpu_recv.
measure() {
	local up down
	check "$1: load" load "$1" || finish
	dev=$(interface)
	if [ "$1" = micro ] && micro && [ -z "$init_seen" ]; then
		init_seen=1
		metric upcalls_at_init "$(stat_of upcalls)"
		metric downcalls_at_init "$(stat_of downcalls)"
	fi
	check "$1: up" configure || finish
	check "$1: interrupts on one processor" one_processor
	check "$1: reachable" reachable
	up=$(crossings "$1" upcalls) down=$(crossings "$1" downcalls)
	cpu_begin
	check "$1: sending" iperf_run -t "$LAB_SECONDS" || finish
	cpu_send=$(cpu_percent)
	# By the guest's clock: what the server says goes by the host's, which is another where the guest's counts instructions.
	send=$(iperf_mbps sum_sent)
	cpu_begin
	check "$1: receiving" iperf_run -t "$LAB_SECONDS" -R || finish
	cpu_recv=$(cpu_percent)
	recv=$(iperf_mbps sum_received)
	if [ -n "$up" ]; then
		upcalls=$((upcalls + $(stat_of upcalls) - up))
		downcalls=$((downcalls + $(stat_of downcalls) - down))
	fi
	check "$1: rmmod" rmmod "$driver"
	detail "$1: $send Mbit/s sent ($cpu_send% busy), $recv received ($cpu_recv% busy)"
}

# measure_pair N: both sides, in an order that alternates (native micro, micro native, ...).
measure_pair() {
	local side order
	if [ $(($1 % 2)) = 1 ]; then order="native micro"; else order="micro native"; fi
	for side in $order; do
		measure "$side"
		eval "${side}_send=$send ${side}_recv=$recv ${side}_cpu=$(echo $cpu_send $cpu_recv | awk '{ print ($1 + $2) / 2 }')"
	done
	echo "$native_send $micro_send" >>/run/send
	echo "$native_recv $micro_recv" >>/run/recv
	echo "$native_cpu $micro_cpu" >>/run/cpu
}

# narrow FILE HALF_WIDTH: the interval of the median ratio is known that well.
narrow() { ratio "$1" | awk -v enough="$2" '{ exit !($2 >= 3 && ($12 - $10) / 2 < enough) }'; }

# report NAME FILE: the pairs of FILE.
report() {
	local name=$1 file=$2
	set -- $(ratio "$file")
	# pairs N native X micro Y median R low L high H
	metric "ratio.$name.pairs" "$2"
	metric "ratio.$name.median" "$8"
	metric "ratio.$name.low" "${10}"
	metric "ratio.$name.high" "${12}"
	metric "native.${name}_mbps" "$4"
	! micro || metric "${name}_mbps" "$6"
}
median_of() { ratio "$1" | awk -v n="$2" '{ print $n }'; }

report_load() {
	report send /run/send
	report recv /run/recv
	metric native.cpu_pct "$(median_of /run/cpu 4)"
	micro || return 0
	metric cpu_pct "$(median_of /run/cpu 6)"
	metric upcalls_during_load $upcalls
	metric downcalls_during_load $downcalls
	check "no call into the user process under load" test $upcalls = 0
}
