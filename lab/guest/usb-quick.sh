# SPDX-License-Identifier: GPL-2.0-only
#
# The short part of usb-storage.sh.
. /lab/usblib.sh

claims >/run/claims.before
step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "a root hub" within 10 has_hub
slot=$(bound)
plug_stick
check "mke2fs" mke2fs /dev/sda
check "mount" mount_stick
dd if=/dev/urandom of=/run/source bs=1M count=4 2>/dev/null
copy_in
check "umount" umount /mnt
check "mount" mount_stick
check "same content" same
step "pull the stick out while it is written"
pull_writing
step tablet
plug_tablet
tree
listen
point 100 200
point 32767 0
click
unlisten
step "unbind and bind"
check "unbind" unbind "$slot"
check "no hub" no_hub
check "bind" bind "$slot"
check "a tablet" within 20 has_tablet
listen
point 3 7
unlisten
micro_metrics
step "left behind"
check "rmmod" rmmod "$driver"
run_left_behind
check "unloaded" unloaded
finish
