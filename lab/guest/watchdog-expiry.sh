# SPDX-License-Identifier: GPL-2.0-only
#
# A watchdog that nobody feeds must reset the machine; the lab sees it from outside.
. /lab/lib.sh

step load
check "modprobe $driver" modprobe "$driver"

step expiry
# Opened, a short timeout set, fed once, and then nothing: the open file keeps it from being stopped.
mkfifo /run/hold
exec 3<>/run/hold
run wdt /dev/watchdog0 settimeout=2 gettimeout keepalive wait <&3
say "FAILED: still here"
exit 1
