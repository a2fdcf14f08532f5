# SPDX-License-Identifier: GPL-2.0-only
#
# The short form of watchdog.sh: load, the requests of the device file, round trips, one death of the user process, unload.
. /lab/lib.sh

dev=/dev/watchdog0
magic="write=V close"

has_device() { [ -c $dev ]; }
usable() { wdt $dev support settimeout=30 keepalive $magic | grep -q '^write V: ok$'; }
claims >/run/claims.before

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "device file" has_device
slot=$(bound)
say "bound: $slot"

step "requests of the device file"
run wdt $dev support settimeout=45 gettimeout timeleft keepalive settimeout=2047 bootstatus $magic

step "round trips"
for pair in 1 2 3; do
	rtt compare $dev >/run/rtt
	read -r by_pipe by_keepalive </run/rtt
	metric "pipe_${pair}_us" "$by_pipe"
	metric "keepalive_${pair}_us" "$by_keepalive"
done

step "the user process dies"
if micro; then
	kill -9 $(pidof microdriver-host) && metric kills 1
fi
check "the next request is served" usable

step "unbind, bind, unload"
check "unbind" unbind "$slot"
check "bind" bind "$slot"
check "usable" usable
micro_metrics
check "rmmod" rmmod "$driver"
run_left_behind
finish
