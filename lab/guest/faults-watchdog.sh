# SPDX-License-Identifier: GPL-2.0-only
#
# Faults of a watchdog driver. It has no data path: whether it answers rightly is all there is.
. /lab/faultlib.sh

actions="open feed timeout suspend unbind bind unload load"
dev=/dev/watchdog0

setup() { within 10 present; }
present() { [ -c $dev ]; }
prepare() {
	case $1 in
	bind) unbind "$slot" ;;
	load) rmmod "$driver" ;;
	suspend) echo devices >/sys/power/pm_test ;;
	esac
}
command() {
	case $1 in
	open) cmd="wdt $dev write=V close" ;;
	feed) cmd="wdt $dev keepalive keepalive write=V close" ;;
	timeout) cmd="wdt $dev settimeout=40 timeleft settimeout=20 write=V close" ;;
	suspend) cmd="dd of=/sys/power/state if=/run/mem" ;;
	unbind) cmd="dd of=$(driver_dir)/unbind if=/run/slot" ;;
	bind) cmd="dd of=/sys/bus/pci/drivers_probe if=/run/slot" ;;
	unload) cmd="rmmod $driver" ;;
	load) cmd="modprobe $driver" ;;
	esac
}
flush() { :; }
settle() {
	loaded || modprobe "$driver"
	[ -n "$(bound)" ] || echo "$slot" >/sys/bus/pci/drivers_probe
	within 2 present
}
rebind() {
	[ -z "$(bound)" ] || unbind "$slot"
	echo "$slot" >/sys/bus/pci/drivers_probe
	settle
}
manage() { wdt $dev support settimeout=30 gettimeout keepalive bootstatus write=V close; }

data_start() { :; }
data_end() { :; }
data_mark() { gap=0; }
data_result() { data=none; }

campaign
