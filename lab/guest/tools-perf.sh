# SPDX-License-Identifier: GPL-2.0-only
#
# docs/guide/tools.md: where the process of i6300esb spends its time, and who calls one of the driver's functions when. QEMU's processor counts no
# cycles, so samples are taken by the clock.
. /lab/lib.sh

half=/lib/microdrivers/$driver.so

step load
check "modprobe $driver" modprobe "$driver"
pid=$(sed -n 's/^pid: //p' /sys/kernel/debug/microdriver/$driver/status)

step samples
check "record" perf record -q -e cpu-clock:u -p "$pid" -o /run/samples -- wdt /dev/watchdog0 repeat=3000 keepalive settimeout=40
check "the watchdog is stopped" wdt /dev/watchdog0 write=V close
perf report -i /run/samples --stdio -q --sort dso,symbol 2>&1 | head -n 20 | while IFS= read -r line; do say "$line"; done

step calls
check "probe" perf probe -x $half 'esb_timer_set_heartbeat time'
check "record" perf record -q -e "probe_$driver:*" -p "$pid" -o /run/calls -- wdt /dev/watchdog0 settimeout=41 settimeout=42 write=V close
perf script -i /run/calls 2>&1 | while IFS= read -r line; do say "$line"; done
check "no probe is left" perf probe -q -d "probe_$driver:*"

micro_metrics
check "rmmod" rmmod "$driver"
finish
