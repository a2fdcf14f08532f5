# SPDX-License-Identifier: GPL-2.0-only
#
# samples/echo: what each sort of crossing takes, beside round trips between two processes in the same boot. Natively the same requests are
# plain calls.
. /lab/lib.sh

step load
check "modprobe" timed init_ms modprobe "$driver"
devices="/dev/echo_null /dev/echo_small /dev/echo_large /dev/echo_down /dev/echo_nested"
for device in $devices; do check "$device" test -c $device; done

step crossings
crossing $devices >/run/crossing
check "every request is answered" test "$(wc -l </run/crossing)" = 8
us() { awk -v name="$1" '$1 == name { print $2 }' /run/crossing; }
ratio_of() { echo "$(us "$1") $2" | awk '{ printf "%.3f", $1 / $2 }'; }
for name in pipe eventfd futex; do metric "${name}_us" "$(us $name)"; done
for name in null small large nested; do metric "upcall_${name}_us" "$(us echo_$name)"; done
# A hundred in one upcall.
downcall=$(echo "$(us echo_down) $(us echo_null)" | awk '{ printf "%.3f", ($1 - $2) / 100 }')
metric downcall_us "$downcall"
if micro; then
	metric upcall_null_to_pipe "$(ratio_of echo_null "$(us pipe)")"
	metric upcall_per_word_us "$(echo "$(us echo_large) $(us echo_null)" | awk '{ printf "%.4f", ($1 - $2) / 512 }')"
	metric process_kb "$(awk '/^VmRSS/ { print $2 }' /proc/"$(pidof microdriver-host | awk '{ print $1 }')"/status)"
	check "a round trip is no slower than a pipe's" test "$(echo "$(us echo_null) $(us pipe)" | awk '{ print $1 < $2 }')" = 1
else
	say "ok: a round trip is no slower than a pipe's"
fi
micro_metrics
check "rmmod" rmmod "$driver"
finish
