# SPDX-License-Identifier: GPL-2.0-only
#
# The user processes are stopped, so that nobody answers, when the guest panics: QEMU must be told all the same.
. /lab/lib.sh

has_device() { [ -n "$(bound)" ]; }
step load
check "modprobe $driver" modprobe "$driver"
check "a device is bound" within 10 has_device

step panic
kill -STOP $(pidof microdriver-host)
echo c >/proc/sysrq-trigger
say "FAILED: still here"
exit 1
