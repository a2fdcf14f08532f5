# SPDX-License-Identifier: GPL-2.0-only
#
# A network driver: address, ping, iperf3 to the host in both directions, ethtool, down and up.
. /lab/lib.sh

# The first interface that belongs to a device of the driver's.
interface() { for slot in $(bound); do ls "/sys/bus/pci/devices/$slot/net"; done | head -n 1; }
# The kernel has no file to wait on here, so the carrier is looked at until it is there; the lab's limit bounds the wait.
await_link() {
	ip link set "$1" up || return 1
	until [ "$(cat "/sys/class/net/$1/carrier")" = 1 ]; do usleep 10000; done
}
mbps() { awk -v key="$1" '$0 ~ "\"" key "\"" { found = 1 } found && /bits_per_second/ { gsub(/[^0-9.e+]/, "", $2); printf "%.1f", $2 / 1e6; exit }'; }

iperf() {
	local key=$1
	shift
	check "iperf3 $*" iperf_once "$@" && metric "$key" "$(mbps sum_received </run/iperf.json)"
}
iperf_once() { iperf3 -J -c 10.0.2.2 -p "$LAB_IPERF_PORT" -t "$LAB_SECONDS" "$@" >/run/iperf.json; }

claims >/run/claims.before
ip link set lo up

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
dev=$(interface)
say "interface $dev"
run ethtool -i "$dev"

step up
check "address" ip addr add 10.0.2.15/24 dev "$dev"
await_link "$dev"
run ethtool "$dev"
check "ping" ping -c 3 10.0.2.2

step transfer
iperf send_mbps
iperf recv_mbps -R
check "no errors" grep -q '^0$' "/sys/class/net/$dev/statistics/rx_errors"

step "down and up"
for round in 1 2 3; do
	check "down $round" ip link set "$dev" down
	check "up $round" await_link "$dev"
	check "ping" ping -c 1 10.0.2.2
done

step unload
micro_metrics
check "rmmod $driver" rmmod "$driver"
claims >/run/claims.after
run diff /run/claims.before /run/claims.after
finish
