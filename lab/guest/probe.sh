# SPDX-License-Identifier: GPL-2.0-only
#
# Any driver, on whatever bus it registers: loads, binds, unbinds, unloads, and leaves nothing behind.
. /lab/lib.sh

facts() {
	local d file
	d=$(device_dir "$1")
	for file in vendor device subsystem_vendor subsystem_device class revision enable modalias description; do
		[ ! -e "$d/$file" ] || say "$1 $file $(cat "$d/$file")"
	done
	say "$1 driver $(basename "$(readlink "$d/driver" 2>/dev/null)")"
	say "$1 holds $(ls "$d" | grep -v '^resource\|^power$\|^config$\|^rom$' | tr '\n' ' ')"
}

# Some buses look for devices on a thread of their own.
has_device() { [ -n "$(bound)" ]; }
is_bound() { [ -e "$(device_dir "$1")/driver" ]; }

claims >/run/claims.before
for round in 1 2; do
	step "load $round"
	check "modprobe $driver" timed init_ms modprobe "$driver"
	for link in $(driver_links); do
		say "registers ${link##*/}"
		run ls "$link"
	done
	check "a device is bound" within 10 has_device
	[ $round != 1 ] || devices=$(bound)
	say "bound: $(bound | tr '\n' ' ')"
	for device in $devices; do facts "$device"; done
	claims >/run/claims.loaded
	run diff /run/claims.before /run/claims.loaded

	if [ $round = 1 ]; then
		step "unbind and bind"
		for device in $devices; do
			# Some drivers forbid it.
			[ -e "$(dir_for "$device")/unbind" ] || continue
			check "unbind $device" unbind "$device"
			facts "$device"
			check "bind $device" bind "$device"
			check "bound" within 10 is_bound "$device"
			facts "$device"
		done
	fi

	step "unload $round"
	micro_metrics
	check "rmmod $driver" rmmod "$driver"
	check "unloaded" unloaded
	run_left_behind
done
finish
