# SPDX-License-Identifier: GPL-2.0-only
#
# A driver with a thread of its own (samples/pulse): it runs, and ends when the module is unloaded.
. /lab/lib.sh

beating() { [ "$(cat /sys/module/"$driver"/parameters/beats)" -gt 3 ]; }

for i in 1 2 3; do
	step "load and unload $i"
	check "modprobe" modprobe "$driver"
	check "it beats" within 10 beating
	check "rmmod" rmmod "$driver"
	check "unloaded" unloaded
done
finish
