# SPDX-License-Identifier: GPL-2.0-only
#
# The short part of input.sh.
. /lab/inputlib.sh

claims >/run/claims.before
step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "an event device" within 20 ready_mouse
port=$(bound)
port_facts
run evdev describe <"$(mouse)"
step events
listen
move 100 -50
move -300 3
move 5 -6 1
for buttons in 1 0 7 0; do press $buttons; done
button side BTN_SIDE
unlisten
step attributes
for write in rate=59 rate=x resolution=100 resetafter=3; do
	change ${write%=*} "${write#*=}"
done
change protocol imps
check "an event device" within 20 ready_mouse
attributes
listen
move 3 4
unlisten
step "unbind and bind"
check "unbind" unbind "$port"
check "no event device" within 10 no_mouse
check "bind" bind "$port"
check "an event device" within 20 ready_mouse
listen
move 1 7
unlisten
micro_metrics
step "left behind"
check "rmmod" rmmod "$driver"
run_left_behind
check "unloaded" unloaded
finish
