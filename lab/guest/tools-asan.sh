# SPDX-License-Identifier: GPL-2.0-only
#
# docs/guide/tools.md: a user half built with --user-cflags=-fsanitize=address. For a samples/ledger in which the test has planted an overflow.
. /lab/lib.sh

parameters=/sys/module/microdriver/parameters
cat >/run/host <<'END'
#!/bin/sh
export LD_PRELOAD=libasan.so.8 ASAN_OPTIONS=detect_leaks=0:log_path=/run/asan
exec /lib64/ld-linux-x86-64.so.2 /lib/microdrivers/microdriver-host "$@"
END
chmod +x /run/host
printf /run/host >$parameters/host
# Through the loader: a program that is started by itself lies in the middle of what the sanitizer leaves free, and the windows find no room.
# A process that is confined could write no report.
echo N >$parameters/confine

step load
check "modprobe $driver" modprobe "$driver"
file=$(device_dir "$(bound)")
store() { echo "$1" >"$file/book"; }
check "what is short enough" store 100
check "no report" test ! -e /run/asan.*

step overflow
run store 10000000000
for report in /run/asan.*; do while IFS= read -r line; do say "$line"; done <"$report"; break; done

step "the driver after that"
check "a fresh process serves" store 100
micro_metrics
check "rmmod" rmmod "$driver"
finish
