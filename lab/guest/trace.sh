# SPDX-License-Identifier: GPL-2.0-only
#
# What the host writes with --trace: a wrapper in the host's place adds the option.
. /lab/lib.sh

dev=/dev/watchdog0
if ! micro; then
	say "nothing to trace natively"
	finish
fi
printf '#!/bin/sh\nexec /lib/microdrivers/microdriver-host "$@" --trace /run/trace\n' >/run/host
chmod +x /run/host
printf /run/host >/sys/module/microdriver/parameters/host

step "a traced driver"
check "modprobe" modprobe "$driver"
run wdt $dev settimeout=40 keepalive "write=V" close
check "rmmod" rmmod "$driver"

step trace
while IFS= read -r line; do say "$line"; done </run/trace
finish
