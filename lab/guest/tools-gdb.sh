# SPDX-License-Identifier: GPL-2.0-only
#
# docs/guide/tools.md: gdb on the user half of i6300esb, with a breakpoint in the driver's probe. The process stands still for longer than
# the runtime lets it, with a call that waits for a thread and with one in user code, and both go on as if nothing had happened.
. /lab/lib.sh

debug=/sys/kernel/debug/microdriver/$driver
serving() { sed -n 's/^pid: //p' $debug/status; }
# What the guide types at gdb's prompt.
commands() {
	cat <<-END
		break esb_probe
		shell echo $slot >'$dir/bind' &
		shell sleep 4
		continue
		backtrace 2
		info args
		next
		next
		print *edev
		list
		shell sleep 4
		break esb_initdevice
		continue
		print edev->wdd.timeout
		print *edev->wdd.info
		detach
	END
}

step load
check "modprobe $driver" modprobe "$driver"
slot=$(bound)
dir=$(driver_dir)
check "unbind" unbind "$slot"
# The guide's machine waits for five seconds.
echo 1000 >/sys/module/microdriver/parameters/timeout_ms
pid=$(serving)
commands >/run/commands

step gdb
timeout 60 gdb -q -batch -nx -p "$pid" -x /run/commands 2>&1 | while IFS= read -r line; do say "$line"; done

step "the driver after that"
check "the device is bound" within 10 test -e "$dir/$slot"
check "it works" wdt /dev/watchdog0 settimeout=30 keepalive write=V close
check "the process is the same" test "$(serving)" = "$pid"
check "no failure" grep -qx 'failures 0' $debug/stats
micro_metrics
check "rmmod" rmmod "$driver"
finish
