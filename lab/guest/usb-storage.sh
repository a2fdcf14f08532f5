# SPDX-License-Identifier: GPL-2.0-only
#
# A USB host controller: QEMU's monitor plugs in a stick and a tablet, one after the other; files are copied and compared, the tablet moves,
# the stick is pulled out while it works; binding, suspend, unloading.
. /lab/usblib.sh
megabytes=${megabytes:-64}

claims >/run/claims.before

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "a root hub" within 10 has_hub
slot=$(bound)
say "bound: $slot"
run ls "$(driver_dir)"
claims >/run/claims.loaded
run diff /run/claims.before /run/claims.loaded
tree
check "schedule" schedule

step "plug in a stick"
plug_stick
tree
check "schedule" schedule

step "copy $megabytes MB"
check "mke2fs" mke2fs /dev/sda
check "mount" mount_stick
dd if=/dev/urandom of=/run/source bs=1M count="$megabytes" 2>/dev/null
timed write_ms copy_in
check "same content, cached" same
check "umount" umount /mnt
check "mount" mount_stick
timed read_ms check "same content, read anew" same
run ls /mnt
check "umount" umount /mnt

step "plug in a tablet"
plug_tablet
tree
listen
for to in 100:200 32767:0 0:32767 16000:16000; do point ${to%:*} ${to#*:}; done
click

step "both at once"
dd if=/dev/sda of=/dev/null bs=64k 2>/dev/null &
reader=$!
check "reading" within 10 sectors_read 2000
for at in 1 2 3 4 5 6 7 8 9 10; do point $((at * 1000)) $((at * 2000)); done
wait $reader
check "read to the end" test $? = 0

step "pull the stick out while it is read"
pull_reading
plug_stick
check "mount" mount_stick
check "same content" same

step "pull the stick out while it is written"
pull_writing
plug_stick
check "mke2fs" mke2fs /dev/sda
point 5 6

step "pull the tablet out"
check "unplug" monitor device_del tablet
run evdev gone <&5
unlisten
check "gone" within 10 no_tablet
plug_tablet
listen
point 77 88
unlisten

step suspend
check "mount" mount_stick
copy_in
listen
for state in freeze mem; do
	for level in freezer devices; do
		check "suspend to $state, test level $level" suspend $level $state
		check "same content" same
		awake
		point 9 8
	done
done
unlisten
echo none >/sys/power/pm_test
check "umount" umount /mnt
unplug_stick

step "unbind and bind"
for i in 1 2 3 4 5; do
	check "unbind $i" unbind "$slot"
	check "no hub" no_hub
	check "bind $i" bind "$slot"
	check "a tablet" within 20 has_tablet
	listen
	point $i 7
	unlisten
done
tree
plug_stick
check "unbind with a stick" unbind "$slot"
check "no disk" within 10 no_stick
check "bind" bind "$slot"
check "a tablet" within 20 has_tablet
check "a disk" within 20 has_stick
unplug_stick

micro_metrics

step "unload and load"
for i in 1 2 3 4 5; do
	check "rmmod $i" rmmod "$driver"
	check "unloaded" unloaded
	check "no tablet" no_tablet
	check "modprobe $i" modprobe "$driver"
	check "a tablet" within 20 has_tablet
done

step parameters
check "rmmod" rmmod "$driver"
for words in ignore_oc=1 debug=3 nosuchparameter=1; do
	run modprobe "$driver" $words
	loaded || continue
	check "a tablet" within 20 has_tablet
	for file in /sys/module/"$driver"/parameters/*; do say "${file##*/} $(cat "$file")"; done
	check "rmmod" rmmod "$driver"
done

step "left behind"
run_left_behind
check "unloaded" unloaded
finish
