# SPDX-License-Identifier: GPL-2.0-only
#
# Native driver and microdriver measured in turn in one boot. In native mode the driver is compared with itself: what differs then is the
# machine's noise.
. /lab/netlib.sh

upcalls=0 downcalls=0 init_seen=
# A window of one size: what TCP chooses by itself varies with the order in which things happen.
iperf_how="-A 0 -w 128K"
one_processor() { local irq; [ "$(nproc)" -gt 1 ] || return 0; for irq in /proc/irq/[0-9]*/"$dev"; do echo 1 >"${irq%/*}/smp_affinity" || return 1; done; }
# With SIDE micro in native mode: the native driver again.
load() { if [ "$1" = micro ] && micro; then load_micro; else load_native; fi; }
crossings() { [ "$1" = micro ] && micro && stat_of "$2"; }

# file_of SIDE: of the module; what it needs is loaded before.
file_of() { if [ "$1" = micro ] && micro; then module_file updates; else module_file kernel; fi; }
# Milliseconds, of the guest's clock, that loading the module and setting the interface up take, in /run/begin_ms.
begin() {
	local file t0 t1 t2
	modprobe_needs
	file=$(file_of "$1")
	t0=$(now_us)
	insmod "$file" || return 1
	t1=$(now_us)
	dev=$(interface)
	ip addr add 10.0.2.15/24 dev "$dev" || return 1
	t2=$(now_us)
	ip link set "$dev" up || return 1
	echo "$t0 $t1 $t2 $(now_us)" | awk '{ printf "%.2f", ($2 - $1 + $4 - $3) / 1000 }' >/run/begin_ms
	within 30 has_carrier
}
# A byte there and back over the wire, in milliseconds: the mean of 100.
round_trip() { ping -q -c 100 -i 0.01 $host | awk -F / '/round-trip/ { print $4 }'; }

# measure SIDE: one load of the module, both directions; leaves send, recv, cpu_send, cpu_recv, init, trip.
measure() {
	local up down
	check "$1: load and up" begin "$1" || finish
	init=$(cat /run/begin_ms)
	dev=$(interface)
	if [ "$1" = micro ] && micro && [ -z "$init_seen" ]; then
		init_seen=1
		metric upcalls_at_init "$(stat_of upcalls)"
		metric downcalls_at_init "$(stat_of downcalls)"
	fi
	check "$1: interrupts on one processor" one_processor
	check "$1: reachable" reachable
	trip=$(round_trip)
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
	detail "$1: $send Mbit/s sent ($cpu_send% busy), $recv received ($cpu_recv% busy), up after $init ms, round trip $trip ms"
}

# measure_pair N: both sides, in an order that alternates (native micro, micro native, ...).
measure_pair() {
	local side order
	if [ $(($1 % 2)) = 1 ]; then order="native micro"; else order="micro native"; fi
	for side in $order; do
		measure "$side"
		eval "${side}_send=$send ${side}_recv=$recv ${side}_init=$init ${side}_trip=$trip ${side}_cpu=$(echo $cpu_send $cpu_recv | awk '{ print ($1 + $2) / 2 }')"
	done
	echo "$native_send $micro_send" >>/run/send
	echo "$native_recv $micro_recv" >>/run/recv
	echo "$native_cpu $micro_cpu" >>/run/cpu
	echo "$native_init $micro_init" >>/run/init
	echo "$native_trip $micro_trip" >>/run/trip
}

# narrow FILE HALF_WIDTH: the interval of the median ratio is known that well.
narrow() { ratio "$1" | awk -v enough="$2" '{ exit !($2 >= 3 && ($12 - $10) / 2 < enough) }'; }

# report NAME FILE [UNIT]: the pairs of FILE, in Mbit/s if nothing else is said.
report() {
	local name=$1 file=$2 unit=${3:-mbps}
	set -- $(ratio "$file")
	# pairs N native X micro Y median R low L high H
	metric "ratio.$name.pairs" "$2"
	metric "ratio.$name.median" "$8"
	metric "ratio.$name.low" "${10}"
	metric "ratio.$name.high" "${12}"
	metric "native.${name}_$unit" "$4"
	! micro || metric "${name}_$unit" "$6"
}

report_load() {
	report send /run/send
	report recv /run/recv
	report cpu /run/cpu pct
	report start /run/init ms
	report round_trip /run/trip ms
	micro || return 0
	metric upcalls_during_load $upcalls
	metric downcalls_during_load $downcalls
	check "no call into the user process under load" test $upcalls = 0
}
