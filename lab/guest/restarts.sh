# SPDX-License-Identifier: GPL-2.0-only
#
# The restart policy: each death costs one restart, whoever takes its place; without one left calls fail, and quiet time earns them back.
# The driver serves its watchdog from a process alone.
. /lab/lib.sh

dev=/dev/watchdog0
parameters=/sys/module/microdriver/parameters
folder=/sys/kernel/debug/microdriver/$driver
host=$(cat $parameters/host)

usable() { wdt $dev support keepalive settimeout=30 write=V close | grep -q '^write V: ok$'; }
refused() { ! usable >/dev/null 2>&1; }
left_is() { grep -qx "restarts left: $1" "$folder/status"; }
state_is() { grep -qx "state: $1" "$folder/status"; }
serves_again() { within 30 usable; }
lines() { dmesg | grep -c "$driver: user half died"; }
one_line_each() { [ "$(lines)" = "$kills" ]; }
kills=0
kill_server() {
	kill -9 "$(sed -n 's/^pid: //p' "$folder/status")"
	kills=$((kills + 1))
}
gone() { [ "$(lines)" = "$kills" ]; }

set_to() { echo "$2" >"$parameters/$1"; }

step "each death costs a restart"
set_to restarts 3
# Nobody stands by: the next call starts a process.
set_to spare N
check "modprobe" modprobe "$driver"
check "usable" usable
check "three are left" left_is 3
for left in 2 1 0; do
	kill_server
	check "the death is seen" within 30 gone
	check "usable" serves_again
	check "$left left" left_is $left
done
kill_server
check "the death is seen" within 30 gone
check "calls fail" refused
check "given up" state_is "given up"
check "a line in the log for each death" one_line_each

step "an administrator allows more"
set_to restarts 4
check "usable" usable
check "none is left" left_is 0
check "serving" state_is serving

step "a host that attaches by itself costs one, too"
set_to restarts 6
kill_server
check "the death is seen" within 30 gone
check "two are left" left_is 2
"$host" --driver "$driver" --half "$(cat $parameters/dir)/$driver.so" &
check "it serves" within 30 state_is serving
check "one is left" left_is 1
check "usable" usable

step "one that stands by"
set_to spare Y
kill_server
check "the death is seen" within 30 gone
check "usable" serves_again
check "none is left" left_is 0

step "quiet time"
set_to quiet_s 1
check "all are there again" within 30 left_is 6
check "usable" usable
check "rmmod" rmmod "$driver"
check "unloaded" unloaded
finish
