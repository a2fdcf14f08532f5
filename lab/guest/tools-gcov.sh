# SPDX-License-Identifier: GPL-2.0-only
#
# docs/guide/tools.md: which lines of i6300esb ran, from a user half built with --user-cflags='--coverage -fprofile-update=atomic'. A process
# writes its counts when it ends with the driver's unloading.
. /lab/lib.sh

# A process that is confined could open no file.
echo N >/sys/module/microdriver/parameters/confine

step "what is measured"
check "modprobe $driver" modprobe "$driver"
check "requests" wdt /dev/watchdog0 repeat=50 keepalive settimeout=40
check "the last one" wdt /dev/watchdog0 write=V close
micro_metrics
check "rmmod" rmmod "$driver"

step gcov
notes=$(find / -xdev -name "$driver.gcno")
cd "${notes%/*}" || exit 1
{ gcov "$driver.c" 2>&1 | grep -A 2 "^File.*/$driver.c'"; grep -v '^ *-:' "$driver.c.gcov"; } | while IFS= read -r line; do say "$line"; done
finish
