# SPDX-License-Identifier: GPL-2.0-only
#
# A watchdog driver from loading to unloading: every request of the character device, sysfs, binding, parameters, suspend.
. /lab/lib.sh

dev=/dev/watchdog0
class=/sys/class/watchdog/watchdog0
magic="write=V close"

has_device() { [ -c $dev ]; }
no_device() { [ ! -e $dev ]; }
claims >/run/claims.before

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "device file" has_device
slot=$(bound)
say "bound: $slot"
run ls "$(driver_dir)"
claims >/run/claims.loaded
run diff /run/claims.before /run/claims.loaded

step "requests of the device file"
run wdt $dev support gettimeout status bootstatus temp keepalive getpretimeout setpretimeout=3 $magic
for seconds in 45 2046 1 0 2047 -1 30; do
	run wdt $dev settimeout=$seconds gettimeout timeleft keepalive $magic
done
run wdt $dev disable keepalive enable keepalive $magic
run wdt $dev write=x write=abc keepalive $magic
run wdt /dev/watchdog support gettimeout keepalive $magic

step "second opening"
mkfifo /run/hold /run/ready
wdt $dev ready wait write=V close </run/hold >/run/ready &
exec 3>/run/hold 4</run/ready
read -r answer <&4
say "first: $answer"
run wdt $dev support
run rmmod "$driver"
exec 3>&- 4<&-
wait

step "close without the magic character"
run wdt $dev keepalive close
run cat $class/state
run wdt $dev keepalive $magic
run cat $class/state

step sysfs
for file in identity state timeout min_timeout max_timeout pretimeout nowayout bootstatus status options fw_version; do
	[ ! -e $class/$file ] || run cat $class/$file
done

step "1000 requests on one opening"
check "keepalive and settimeout" wdt $dev repeat=500 keepalive settimeout=40
run wdt $dev gettimeout $magic

step "round trips"
# Each pair in turns, three times: the machine's mood changes.
for pair in 1 2 3; do
	rtt compare $dev >/run/rtt
	read -r by_pipe by_keepalive </run/rtt
	metric "pipe_${pair}_us" "$by_pipe"
	metric "keepalive_${pair}_us" "$by_keepalive"
done
run cat $class/state

step "unbind and bind 20 times"
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	check "unbind $i" unbind "$slot"
	check "device file gone" no_device
	check "bind $i" bind "$slot"
	check "usable" wdt $dev keepalive $magic
done

step "unbind with the device open"
wdt $dev ready wait keepalive settimeout=20 gettimeout write=V close </run/hold >/run/ready &
exec 3>/run/hold 4</run/ready
read -r answer <&4
check "unbind" unbind "$slot"
exec 3>&-
while read -r answer; do say "open file: $answer"; done <&4
exec 4<&-
wait
check "bind" bind "$slot"
run wdt $dev keepalive $magic

step "unload and load 20 times"
micro_metrics
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	check "rmmod $i" rmmod "$driver"
	check "unloaded" unloaded
	check "device file gone" no_device
	check "modprobe $i" modprobe "$driver"
	check "usable" wdt $dev keepalive $magic
done

step suspend
for state in freeze mem; do
	for level in freezer devices; do
		check "suspend to $state, test level $level" suspend $level $state
		check "usable" wdt $dev keepalive gettimeout $magic
	done
done

step "suspend with the watchdog running"
wdt $dev settimeout=60 ready wait keepalive write=V close </run/hold >/run/ready &
exec 3>/run/hold 4</run/ready
while read -r answer && [ "$answer" != ready ]; do say "$answer"; done <&4
check "suspend to mem" suspend devices mem
exec 3>&-
while read -r answer; do say "open file: $answer"; done <&4
exec 4<&-
wait
echo none >/sys/power/pm_test
run cat $class/state

step parameters
check "rmmod" rmmod "$driver"
if has_param heartbeat; then
	for seconds in 10 2046 5000 0 -3; do
		check "heartbeat=$seconds" modprobe "$driver" heartbeat=$seconds
		run wdt $dev gettimeout $magic
		check "rmmod" rmmod "$driver"
	done
	run modprobe "$driver" heartbeat=abc
	check "not loaded" unloaded
fi
run modprobe "$driver" nosuchparameter=1
[ ! -e "/sys/module/$driver" ] || check "rmmod" rmmod "$driver"

step "left behind"
run_left_behind
check "unloaded" unloaded

# Last: what runs now cannot be stopped. A long timeout lets the guest end in peace.
if has_param nowayout && has_param heartbeat; then
	step nowayout
	check "modprobe" modprobe "$driver" nowayout=1 heartbeat=2000
	run cat $class/nowayout
	run wdt $dev keepalive $magic
	run cat $class/state
	run wdt $dev disable keepalive
	# A kernel may keep the module while its watchdog runs (6.12 does).
	run rmmod "$driver"
fi
finish
