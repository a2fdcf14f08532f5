# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts for USB host controllers share. One device at a time is plugged in, so that the kernel finds them in an order.
. /lab/lib.sh

mkdir -p /mnt

hub() { echo "/sys/bus/pci/devices/$slot"/usb*; }
has_hub() { [ -e "$(echo /sys/bus/pci/devices/"$(bound)"/usb*/1-0:1.0)" ]; }
no_hub() { ! ls -d /sys/bus/usb/devices/usb* >/dev/null 2>&1; }

# What the core knows of the bus.
tree() {
	local d file line
	for d in /sys/bus/usb/devices/*; do
		for file in product manufacturer idVendor idProduct speed version bMaxPacketSize0 bNumInterfaces bMaxPower maxchild bInterfaceClass bNumEndpoints; do
			[ ! -e "$d/$file" ] || say "${d##*/} $file $(cat "$d/$file")"
		done
		[ ! -e "$d/driver" ] || say "${d##*/} driver $(basename "$(readlink "$d/driver")")"
	done
	while IFS= read -r line; do say "devices: $line"; done </sys/kernel/debug/usb/devices
}

# The driver's own view of its lists, where it is configured to give one.
schedule() { local f; f=$(echo /sys/kernel/debug/usb/uhci/*); [ ! -e "$f" ] || cat "$f" >/run/schedule; }

has_stick() { [ -b /dev/sda ] && [ "$(blockdev --getsz /dev/sda 2>/dev/null)" -gt 0 ]; }
# The disk goes first, and its driver has things to say until the device has gone, too.
no_stick() { [ ! -e /dev/sda ] && [ ! -e /sys/bus/usb/devices/1-1 ]; }
plug_stick() {
	check "plug in the stick" monitor device_add usb-storage,bus=usb.0,port=1,id=stick,drive=disk0
	check "a disk" within 20 has_stick
}
unplug_stick() {
	check "unplug the stick" monitor device_del stick
	check "no disk" within 20 no_stick
}
mount_stick() { mount -t ext2 /dev/sda /mnt; }
# The name differs each time: what is read anew must come from the stick.
copy_in() { check "copy" cp /run/source /mnt/copy && check "sync" sync; }
same() { echo 3 >/proc/sys/vm/drop_caches; [ "$(md5sum </run/source)" = "$(md5sum </mnt/copy)" ]; }
sectors_read() { [ "$(awk '$3 == "sda" { print $6 }' /proc/diskstats)" -gt "$1" ]; }
sectors_written() { [ "$(awk '$3 == "sda" { print $10 }' /proc/diskstats)" -gt "$1" ]; }

pull_reading() {
	local before reader
	before=$(awk '$3 == "sda" { print $6 }' /proc/diskstats)
	echo 3 >/proc/sys/vm/drop_caches
	dd if=/dev/sda of=/dev/null bs=64k 2>/dev/null &
	reader=$!
	check "reading" within 10 sectors_read $((before + 2000))
	unplug_stick
	check "the reader ends" within 20 ended $reader
	wait $reader
	say "reader: exit code $?"
}

pull_writing() {
	local before writer
	before=$(awk '$3 == "sda" { print $10 }' /proc/diskstats)
	dd if=/dev/zero of=/mnt/copy bs=64k count=$(($(blockdev --getsz /dev/sda) / 256)) conv=fsync 2>/dev/null &
	writer=$!
	# What is written waits in memory until the writer asks for it to be on the stick.
	check "writing" within 30 sectors_written $((before + 2000))
	unplug_stick
	check "the writer ends" within 20 ended $writer
	wait $writer
	say "writer: exit code $?"
	check "umount" umount /mnt
}
ended() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' /proc/"$1"/status; }

find_tablet() { ls -d /sys/bus/pci/devices/"$(bound)"/usb*/*/*/*/input/input*/event* 2>/dev/null | head -n 1; }
tablet() { echo "/dev/input/$(basename "$(find_tablet)")"; }
has_tablet() { [ -n "$(find_tablet)" ] && [ -c "$(tablet)" ]; }
no_tablet() { [ -z "$(find_tablet)" ]; }
plug_tablet() {
	check "plug in the tablet" monitor device_add usb-tablet,bus=usb.0,port=2,id=tablet
	check "a tablet" within 20 has_tablet
}
listen() { exec 5<"$(tablet)"; }
unlisten() { exec 5<&-; }
send() { monitor '{"execute":"input-send-event","arguments":{"events":['"$1"']}}'; }
# point X Y: both must differ from where it was.
point() {
	check "point to $1 $2" send '{"type":"abs","data":{"axis":"x","value":'"$1"'}},{"type":"abs","data":{"axis":"y","value":'"$2"'}}'
	run evdev "expect=ABS_X:$1,ABS_Y:$2" <&5
}
click() {
	check "press" send '{"type":"btn","data":{"down":true,"button":"left"}}'
	run evdev expect=BTN_LEFT:1 <&5
	check "let go" send '{"type":"btn","data":{"down":false,"button":"left"}}'
	run evdev expect=BTN_LEFT:0 <&5
}
awake() { :; }
