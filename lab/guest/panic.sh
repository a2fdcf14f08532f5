# SPDX-License-Identifier: GPL-2.0-only
#
# A card that tells QEMU of a panic: its attributes, binding, unloading; at the end the panic, of which the lab hears from QEMU.
. /lab/lib.sh

has_device() { [ -n "$(bound)" ]; }
attributes() {
	local file
	for file in capability events; do
		[ ! -e "$(device_dir "$device")/$file" ] || run cat "$(device_dir "$device")/$file"
	done
}
store() {
	local file
	file=$(device_dir "$device")/events
	[ -e "$file" ] || return 0
	run sh -c "echo $1 >$file"
	run cat "$file"
}

claims >/run/claims.before
step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "a device is bound" within 10 has_device
device=$(bound | head -n 1)
say "bound: $device"

step attributes
attributes
for value in 0 1 3 ff x; do store $value; done

step "unbind and bind"
for round in 1 2 3; do
	check "unbind $round" unbind "$device"
	check "bind $round" bind "$device"
done
attributes

step "the user process dies"
if micro; then
	kill -9 $(pidof microdriver-host) && metric kills 1
fi
attributes
check "unbind" unbind "$device"
check "bind" bind "$device"
micro_metrics

step "unload and load"
check "modprobe -r" modprobe -r "$driver"
check "unloaded" unloaded
run_left_behind
check "modprobe $driver" modprobe "$driver"
check "a device is bound" within 10 has_device
store 1

step panic
echo c >/proc/sysrq-trigger
say "FAILED: still here"
exit 1
