# SPDX-License-Identifier: GPL-2.0-only
#
# Faults of a watchdog driver. It has no data path: whether it answers rightly is all there is.
. /lab/faultlib.sh

actions="open feed timeout $life"
dev=/dev/watchdog0

setup() { within 10 present; }
present() { [ -c $dev ]; }
prepare() { prepare_life "$1"; }
# A process may flood the kernel for 24 s before that ends: a card that fires earlier does what it is for.
command() {
	case $1 in
	open) cmd="wdt $dev write=V close" ;;
	feed) cmd="wdt $dev keepalive keepalive write=V close" ;;
	timeout) cmd="wdt $dev settimeout=400 timeleft settimeout=200 write=V close" ;;
	*) command_life "$1" ;;
	esac
}
flush() { :; }
settle() {
	bring_back
	within 2 present
}
rebind() {
	[ -z "$(bound)" ] || unbind "$slot"
	bind_again
	settle
}
manage() { wdt $dev support settimeout=30 gettimeout keepalive bootstatus write=V close; }

data_start() { :; }
data_end() { :; }
data_mark() { gap=0; }
data_result() { data=none; }

campaign
