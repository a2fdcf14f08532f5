# SPDX-License-Identifier: GPL-2.0-only
#
# A mouse that the machine has: QEMU's monitor moves it and presses its buttons, and what arrives at the event device is compared;
# the driver's attributes, protocols, binding, parameters, suspend.
. /lab/inputlib.sh

claims >/run/claims.before

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "an event device" within 20 ready_mouse
port=$(bound)
say "bound: $port"
run ls "$(driver_dir)"
claims >/run/claims.loaded
run diff /run/claims.before /run/claims.loaded
port_facts
run evdev describe <"$(mouse)"

step motion
listen
for by in 1:0 0:1 -1:-1 100:-50 127:127 -128:128 -255:255 300:-400 -400:3; do
	move ${by%:*} ${by#*:}
done
move 0 0 1
move 0 0 -1
move 5 -6 1

step buttons
for buttons in 1 0 2 0 4 0 7 5 0; do press $buttons; done
button side BTN_SIDE
button extra BTN_EXTRA
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	move $i -$i
done
unlisten

step attributes
attributes
for write in rate=10 rate=59 rate=200 rate=0 rate=9999 rate=-1 rate=x resolution=25 resolution=100 resolution=0 resolution=500 resolution= \
	resetafter=3 resetafter=0 resetafter=nine resync_time=1 resync_time=-2; do
	change ${write%=*} "${write#*=}"
	say "${write%=*} is $(cat "$(device_dir "$port")/${write%=*}")"
done
listen
move 3 4

step "a mouse that was idle too long is asked anew"
change resync_time 1
move 9 9
sleep 2
check "it answers" awake
move 1 1
unlisten
change resync_time 0

step protocols
for protocol in PS/2 ImPS/2 bare imps exps ImExPS/2 nosuch CortronPS/2 any exps; do
	change protocol $protocol
	check "an event device" within 20 ready_mouse
	attributes
	run evdev describe <"$(mouse)"
	listen
	move 3 4
	press 1
	press 0
	unlisten
done

step "unbind and bind"
for i in 1 2 3 4 5; do
	check "unbind $i" unbind "$port"
	check "no event device" within 10 no_mouse
	check "bind $i" bind "$port"
	check "an event device" within 20 ready_mouse
	listen
	move $i 7
	unlisten
done

# The request is carried out when the writer returns. A driver that is named there gets no attributes (the core, natively).
step "the port's own requests"
for request in none rescan reconnect none "$(basename "$(driver_dir)")" nosuchdriver; do
	change drvctl "$request"
	if [ "$request" = none ]; then
		check "no event device" within 10 no_mouse
		continue
	fi
	check "an event device" within 20 has_mouse
	listen
	move 8 7
	unlisten
done

step "unbind with the event device open"
listen
check "unbind" unbind "$port"
run evdev gone <&5
unlisten
check "bind" bind "$port"
check "an event device" within 20 ready_mouse

step suspend
change rate 40
listen
for state in freeze mem; do
	for level in freezer devices; do
		check "suspend to $state, test level $level" suspend $level $state
		check "it answers" awake
		move 5 6
		press 2
		press 0
		attributes
	done
done
unlisten
echo none >/sys/power/pm_test

micro_metrics

step parameters
check "rmmod" rmmod "$driver"
for words in proto=bare proto=imps proto=exps rate=20 resolution=50 "rate=40 resolution=100 resetafter=2" proto=nosuch rate=many nosuchparameter=1; do
	run modprobe "$driver" $words
	loaded || continue
	check "an event device" within 20 ready_mouse
	attributes
	for file in /sys/module/"$driver"/parameters/*; do say "${file##*/} $(cat "$file")"; done
	listen
	move 11 12
	unlisten
	check "rmmod" rmmod "$driver"
done

step "unload and load"
for i in 1 2 3 4 5; do
	check "modprobe $i" modprobe "$driver"
	check "an event device" within 20 ready_mouse
	listen
	move 3 $i
	unlisten
	check "rmmod $i" rmmod "$driver"
	check "unloaded" unloaded
	check "no event device" no_mouse
done

step "left behind"
run_left_behind
finish
