# SPDX-License-Identifier: GPL-2.0-only
#
# docs/guide/tools.md: the core dump of a process that crashed in the driver's code, opened in gdb. For a samples/ledger in which the test
# has planted a wrong pointer.
. /lab/lib.sh

answered() { cat "$file/balance"; }

step load
printf '#!/bin/sh\nexec cat >/run/core.%s\n' '$1' >/run/keep-core
chmod +x /run/keep-core
echo '|/run/keep-core %p' >/proc/sys/kernel/core_pattern
check "modprobe $driver" modprobe "$driver"
file=$(device_dir "$(bound)")

step crash
# A call that only reads is made again in a fresh process, which crashes as well.
run cat "$file/unanswered"
core=$(ls -tr /run/core.* | head -n 1)
check "a core" test -s "$core"

step gdb
timeout 60 gdb -q -batch -nx /lib/microdrivers/microdriver-host "$core" -ex backtrace -ex 'frame function unanswered_show' -ex 'print attr->attr' \
	-ex 'x/i $pc' -ex 'print $rax' 2>&1 | while IFS= read -r line; do say "$line"; done

step "the driver after that"
check "it answers" answered
micro_metrics
check "rmmod" rmmod "$driver"
finish
