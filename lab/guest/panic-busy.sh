# SPDX-License-Identifier: GPL-2.0-only
#
# The guest panics, at an instant that LAB_SEED chooses, while the user processes serve the card's attributes: QEMU must be told.
. /lab/lib.sh

has_device() { [ -n "$(bound)" ]; }
step load
check "modprobe $driver" modprobe "$driver"
check "a device is bound" within 10 has_device
device=$(bound | head -n 1)
file=$(device_dir "$device")/events

step panic
i=0
while [ $i -lt 4 ]; do
	i=$((i + 1))
	while :; do cat "$file"; echo 3 >"$file"; done >/dev/null 2>&1 &
done
usleep $((100000 + LAB_SEED * 7919 % 100000))
echo c >/proc/sysrq-trigger
say "FAILED: still here"
exit 1
