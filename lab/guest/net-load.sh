# SPDX-License-Identifier: GPL-2.0-only
#
# Throughput of the native driver and of the microdriver: measured in turn in one boot (native, micro, micro, native, ...) with iperf3 in
# both directions on a machine whose clock counts instructions, so that a busy host is not measured, until the interval of the median ratio
# is narrow, or LAB_PAIRS pairs are done. In native mode the driver is compared with itself: what differs then is the machine's noise.
. /lab/netpairs.sh

enough=0.015	# half width of the 95% interval, of the ratio

ip link set lo up

step "native and microdriver in turn"
pair=0
while [ $pair -lt "$LAB_PAIRS" ]; do
	pair=$((pair + 1))
	measure_pair $pair
	detail "pair $pair: sending $(ratio /run/send)"
	detail "pair $pair: receiving $(ratio /run/recv)"
	! { narrow /run/send $enough && narrow /run/recv $enough; } || break
done

step result
report_load
finish
