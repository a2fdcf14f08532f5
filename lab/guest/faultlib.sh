# SPDX-License-Identifier: GPL-2.0-only
#
# The fault campaign in the guest, for any sort of driver. /lab/points has a line per fault:
#
#   INDEX ACTION KIND ENTRY CALL STEP TIMES VALUE TARGET
#
# LAB_FAULTS_FROM is the first index to be done in this boot; without it all crossings of each action are recorded instead. A script for one sort of
# driver defines
#
#   actions          their names
#   setup            after the module was loaded
#   prepare ACTION   the state that the action starts from
#   command ACTION   sets $cmd: one request, as an external command
#                    (both end in prepare_life and command_life, which know the actions of $life, the same for every driver)
#   settle           asks for the state that every fault starts from; quick if it is there
#   rebind           unbinds and binds; then settles
#   flush            any request that leads to an upcall
#   manage           prints answers that are the same as long as all is well
#   data_start, data_mark, data_result   the data path: sets $gap (ms), $data: same, new, lost or none
#
# A fault is two lines in the console: "@@F INDEX begin", so that the index is known if the kernel does not survive, and "@@F INDEX KEY=VALUE...".
. /lab/netlib.sh
# Who asks a process that has ended is told so, not ended.
trap '' PIPE

limit_s=90		# a request that takes longer hangs
recover_s=${LAB_RECOVER_S:-3}
bound_s=30

life="suspend unbind bind unload load"
prepare_life() {
	case $1 in
	bind) unbind "$slot" ;;
	load) rmmod "$driver" ;;
	suspend) echo devices >/sys/power/pm_test ;;
	esac
}
# The folder of a driver may have blanks in its name; its device's link to it has none.
command_life() {
	case $1 in
	suspend) cmd="dd of=/sys/power/state if=/run/mem" ;;
	unbind) cmd="dd of=/sys/bus/$bus/devices/$slot/driver/unbind if=/run/slot" ;;
	bind) cmd="dd of=/sys/bus/$bus/drivers_probe if=/run/slot" ;;
	unload) cmd="rmmod $driver" ;;
	load) cmd="modprobe $driver" ;;
	esac
}
# The driver is there and has its device.
bring_back() {
	loaded || modprobe "$driver"
	[ -n "$(bound)" ] || bind_again
}
bind_again() { echo "$slot" >"/sys/bus/$bus/drivers_probe"; }

status_of() { sed -n "s/^$1: //p" /sys/kernel/debug/microdriver/*/status 2>/dev/null | head -n 1; }
tainted() { grep -q '^tainted:' /sys/kernel/debug/microdriver/*/status 2>/dev/null; }
serving() { [ "$(status_of state)" = serving ]; }
answers() { manage >/run/answers 2>&1; cmp -s /run/answers /run/baseline && ! tainted; }
right() { answers || { settle >/run/settle 2>&1; answers; }; }

record() {
	local name
	for name in $actions; do
		prepare "$name" >/dev/null 2>&1
		command "$name"
		fault record
		fault run $limit_s $cmd >/run/ran 2>&1
		flush >/dev/null 2>&1
		fault recorded | while IFS= read -r line; do emit P "$name $line"; done
		detail "$name: $(tail -n 1 /run/ran)"
		settle >/dev/null 2>&1
	done
}

# The driver is to answer as before: by itself, or after it was bound anew.
recover() {
	rebinds=0 answers=right
	within "$recover_s" right && return
	cp /run/answers /run/wrong
	rebinds=1
	rebind >/run/rebind 2>&1
	within $bound_s right && return
	answers=wrong
	detail "wrong: $(diff /run/baseline /run/answers | head -n 6 | tr '\n' ';')"
	tail -n 3 /run/settle | while IFS= read -r line; do detail "settle: $line"; done
}

inject() {
	local index=$1 action=$2 old died taint=0 ran told
	shift 2
	prepare "$action" >/dev/null 2>&1
	old=$(host_pid)
	command "$action"
	data_mark
	emit F "$index begin"
	fault arm "$@"
	ran=$(fault run $limit_s $cmd 2>/dev/null </dev/null | tail -n 1)
	# What was put off runs before the next call.
	flush >/dev/null 2>&1
	told=$(fault disarm)
	tainted && taint=1
	recover
	ms=$(fault disarm | sed 's/.*since_ms //')
	died=0
	[ "$(host_pid)" = "$old" ] || died=1
	data_result
	emit F "$index $(pairs $told) $(pairs $ran) died=$died serving=$(serving && echo 1 || echo 0) taint=$taint rebinds=$rebinds recovery_ms=$ms answers=$answers data=$data gap_ms=$gap"
}
# "a 1 b 2" as "a=1 b=2".
pairs() {
	while [ $# -ge 2 ]; do
		printf '%s=%s ' "$1" "$2"
		shift 2
	done
}

campaign() {
	fault new
	echo -1 >/sys/module/microdriver/parameters/restarts
	echo "${LAB_TIMEOUT_MS:-2000}" >/sys/module/microdriver/parameters/timeout_ms
	echo 200 >/sys/module/microdriver/parameters/gate_ms
	suspend_briefly
	claims >/run/claims.before
	step load
	check "modprobe" modprobe "$driver"
	slot=$(bound)
	bus=$(bus_of "$slot")
	printf '%s' "$slot" >/run/slot
	printf mem >/run/mem
	setup
	settle
	manage >/run/baseline 2>&1
	check "the same answers twice" within 30 right
	if [ -z "$LAB_FAULTS_FROM" ]; then
		step record
		record
	else
		step faults
		# Stale pointers and calls out of turn need something that was given back before.
		rebind >/dev/null 2>&1
		within $bound_s right
		data_start
		while read -r index rest; do
			[ "$index" -ge "$LAB_FAULTS_FROM" ] || continue
			inject $index $rest
		done </lab/points
		data_end
	fi
	step end
	check "rmmod" rmmod "$driver"
	check "unloaded" unloaded
	claims >/run/claims.after
	check "nothing left behind" diff /run/claims.before /run/claims.after
	finish
}
