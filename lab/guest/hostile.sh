# SPDX-License-Identifier: GPL-2.0-only
#
# In place of the host: processes that were taken over (lab/tools/hostile.c), while the driver's entry points are called. What the calls answer is
# not judged. In the end the kernel must have said nothing, the module must unload and leave nothing behind, and with the real host
# the driver must work. LAB_SEED chooses what is said.
. /lab/netlib.sh

messages=${messages:-1000000}
half=/lib/microdrivers/$driver.so
real=$(cat /sys/module/microdriver/parameters/host)

echo -1 >/sys/module/microdriver/parameters/restarts
ip link set lo up

use_once() {
	dev=$(interface)
	[ -n "$dev" ] || return
	ip link set "$dev" up
	ethtool "$dev"
	ethtool -d "$dev"
	ethtool -S "$dev"
	ethtool -s "$dev" msglvl 7
	ip link set "$dev" promisc on
	ip addr add 10.0.2.15/24 dev "$dev"
	ping -c 1 -W 1 $host
	ip link set "$dev" promisc off
	ip link set "$dev" mtu 1400
	ip link set "$dev" down
}
# A tainted device is quiet until it is bound anew.
use() {
	local slot
	while [ ! -e /run/over ]; do
		modprobe "$driver" || continue
		echo >>/run/loads
		for round in 1 2 3; do
			for slot in $(bound); do
				use_once
				unbind "$slot"
			done
			for slot in /sys/bus/pci/devices/*; do
				[ -e "$slot/driver" ] || [ -e /run/over ] || bind "$(basename "$slot")"
			done
		done
		use_once
		rmmod "$driver"
	done >/dev/null 2>&1
}
loads_and_works() { modprobe "$driver" && configure && reachable; }

claims >/run/claims.before
step "with the real host"
check "loads and works" loads_and_works
check "rmmod" rmmod "$driver"
slab_objects /run/slab.before

step "with hostile ones"
echo >/sys/module/microdriver/parameters/host
echo 3000 >/sys/module/microdriver/parameters/attach_ms
hostile "$driver" "$half" "$LAB_SEED" "$messages" >/run/hostile.out &
pid=$!
use &
user=$!
wait $pid
rc=$?
: >/run/over
while read -r key value; do [ "$key" = at ] || metric "hostile_$key" "$value"; done </run/hostile.out
check "all was said" [ $rc = 0 ]
told() { sed -n "s/^$1 //p" /run/hostile.out; }
# Whoever calls now waits for a host, for attach_ms.
wait $user
rmmod "$driver" 2>/dev/null
check "unloaded" unloaded
claims >/run/claims.after
check "nothing left behind" diff /run/claims.before /run/claims.after

step "with the real host again"
printf %s "$real" >/sys/module/microdriver/parameters/host
echo 30000 >/sys/module/microdriver/parameters/attach_ms
check "loads and works" loads_and_works
check "rmmod" rmmod "$driver"
slab_objects /run/slab.after
# Objects of a processor's own slabs count as used: some hundreds come and go.
loads=$(wc -l </run/loads)
metric hostile_loads "$loads"
check "kernel memory does not grow with the processes" slab_same /run/slab.before /run/slab.after "$(told attached)" 400
check "nor with the loads" slab_same /run/slab.before /run/slab.after "$loads" 400
check "nothing left behind" diff /run/claims.before /run/claims.after
finish
