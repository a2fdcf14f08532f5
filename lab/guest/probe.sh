# SPDX-License-Identifier: GPL-2.0-only
#
# Any PCI driver: loads, binds, unbinds, unloads, and leaves nothing behind.
. /lab/lib.sh

facts() {
	local d=/sys/bus/pci/devices/$1 file
	for file in vendor device subsystem_vendor subsystem_device class revision enable; do
		say "$1 $file $(cat $d/$file)"
	done
	say "$1 driver $(basename "$(readlink $d/driver 2>/dev/null)")"
	say "$1 holds $(ls $d | grep -v '^resource\|^power$\|^config$\|^rom$' | tr '\n' ' ')"
}

claims >/run/claims.before
for round in 1 2; do
	step "load $round"
	check "modprobe $driver" timed init_ms modprobe "$driver"
	run ls "$(driver_dir)"
	[ $round != 1 ] || slots=$(bound)
	say "bound: $(bound | tr '\n' ' ')"
	for slot in $slots; do facts "$slot"; done
	claims >/run/claims.loaded
	run diff /run/claims.before /run/claims.loaded
	[ -n "$slots" ] || check "a device is bound" false

	if [ $round = 1 ]; then
		step "unbind and bind"
		for slot in $slots; do
			check "unbind $slot" unbind "$slot"
			facts "$slot"
			check "bind $slot" bind "$slot"
			facts "$slot"
		done
	fi

	step "unload $round"
	micro_metrics
	check "rmmod $driver" rmmod "$driver"
	check "unloaded" unloaded
	claims >/run/claims.after
	run diff /run/claims.before /run/claims.after
done
finish
