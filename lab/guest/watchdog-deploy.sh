# SPDX-License-Identifier: GPL-2.0-only
#
# The tool of deploy/ on a machine that runs the native driver: load, status, unload, and what goes wrong on the way, each time
# with all put back. Twice: with Debian's shell, awk and module tools, then with busybox's alone.
. /lab/lib.sh

dev=/dev/watchdog0
release=$(uname -r)
base=/lib/modules/$release/updates/microdrivers
hold=/run/hold ready=/run/ready json=/run/status.json
mkfifo $hold $ready

usable() { wdt $dev support keepalive settimeout=30 write=V close | grep -q '^write V: ok$'; }
is_native() { loaded && [ ! -e /sys/module/microdriver ] && [ "$(bound)" = "$slot" ] && usable; }
is_micro() { [ -e "/sys/module/microdriver/holders/$driver" ] && [ "$(bound)" = "$slot" ] && usable; }
files() { find /lib/modules | sort; }
files_are() { files >/run/files.now; diff "$1" /run/files.now; }
json_has() { grep -Eq "$1" $json || { cat $json; false; }; }

# expect CODE PATTERN VERB...: of the tool: its exit code, and a line of its answer.
expect() {
	local code=$1 pattern=$2 rc
	shift 2
	$shell /deploy/microdriver "$@" >/run/answer 2>&1
	rc=$?
	while IFS= read -r line; do say "  $line"; done </run/answer
	[ $rc = "$code" ] && grep -Eq "$pattern" /run/answer
}

# While the device file is open.
held() {
	wdt $dev ready wait write=V close <$hold >$ready &
	exec 3>$hold 4<$ready
	read -r _ <&4
	"$@"
	rc=$?
	exec 3>&- 4<&-
	wait
	return $rc
}

# A copy of /deploy with half of the file $2 in $1.
broken() {
	rm -rf "$1"
	cp -r /deploy "$1"
	head -c 20000 "/deploy/$2" >"$1/$2"
}

round() {
	tools=$1
	step "$tools: the native driver"
	check "modprobe" modprobe "$driver"
	slot=$(bound)
	check "it serves" is_native
	check "no microdriver" expect 0 'no microdriver is installed or loaded' status
	check "nothing to unload" expect 2 'no microdriver .* is installed' unload "$driver"
	files >/run/files.native

	step "$tools: what cannot be loaded leaves the native driver alone"
	check "in use" held expect 1 'in use: wdt \(pid [0-9]+\); nothing was changed' load /deploy
	check "native" is_native
	check "same files" files_are /run/files.native
	broken /run/broken "$driver.so"
	check "half a user half" expect 1 'all is as it was' load /run/broken
	check "native" is_native
	check "same files" files_are /run/files.native
	broken /run/broken "microdriver-host"
	check "half a host" expect 4 'does not run here' load /run/broken
	check "native" is_native
	check "same files" files_are /run/files.native

	step "$tools: load"
	mkdir -p "$base" "/lib/modules/.microdrivers-$release.old"
	: >"$base/half.ko"
	check "load, after a run that was cut off" expect 0 "runs as a microdriver \\($slot\\), in place of the native driver" load /deploy
	check "what that had begun is gone" test ! -e "$base/half.ko" -a ! -e "/lib/modules/.microdrivers-$release.old"
	check "it serves" is_micro
	files >/run/files.micro
	check "status" expect 0 "^$driver +serving +[0-9]+ +5 +0 " status --json $json
	check "schema" json_has '"schema": 1,'
	check "entry points" json_has '"name": "[a-z_]*probe", "upcalls": 1, "failures": 0'
	check "of one driver" expect 0 'probe +1 +0' status "$driver"
	umount /sys/kernel/debug
	check "no debugfs" expect 4 'next: mount -t debugfs' status
	mount -t debugfs debug /sys/kernel/debug

	step "$tools: modprobe and udev"
	check "rmmod" rmmod "$driver"
	check "by its alias" modprobe "$(cat "/sys/bus/pci/devices/$slot/modalias")"
	check "microdriver" is_micro
	check "rmmod" rmmod "$driver"
	mv "$base/microdriver-host" /run
	check "an initramfs has no host" sh -c "! modprobe $driver"
	mv /run/microdriver-host "$base"
	check "the root file system has" modprobe "$driver"
	check "microdriver" is_micro

	step "$tools: the user process dies"
	expect 0 . status --json $json
	kill -9 "$(sed -n 's/.*"pid": \([0-9]*\),.*/\1/p' $json)"
	check "served" usable
	check "status" expect 0 "^$driver +serving .* 4 .* 1 open" status --json $json
	check "one failure" json_has '"restarts_left": 4,.*"failures": 1,'

	step "$tools: load again"
	check "another runtime beside another driver" sh -c ": >$base/other.so; cp -r /deploy /run/other; echo >>/run/other/microdriver-host"
	check "refused" expect 1 'installed microdrivers \(other\) have another version' load /run/other
	rm -r "$base/other.so" /run/other
	broken /run/broken "$driver.so"
	check "half a user half" expect 1 'all is as it was' load /run/broken
	check "microdriver" is_micro
	check "again" expect 0 'in place of a microdriver' load /deploy
	check "microdriver" is_micro
	check "same files" files_are /run/files.micro

	step "$tools: unload"
	check "in use" held expect 1 'in use: wdt' unload "$driver"
	check "microdriver" is_micro
	echo 0 >/sys/module/microdriver/parameters/restarts
	kill -9 $(pidof microdriver-host)
	usable
	check "given up" expect 1 'given up' status
	check "unload" expect 0 "the native driver is back \\($slot\\)" unload "$driver"
	check "native" is_native
	check "same files" files_are /run/files.native
	check "rmmod" rmmod "$driver"
}

for program in kmod mawk dash; do check "$program" test -x /bin/$program; done
for tool in modprobe rmmod depmod modinfo insmod lsmod; do ln -sf kmod /bin/$tool; done
ln -sf mawk /bin/awk
shell=dash
round Debian
for tool in modprobe rmmod depmod modinfo insmod lsmod awk; do ln -sf busybox /bin/$tool; done
rm /bin/kmod /bin/mawk /bin/dash
shell=sh
round busybox
finish
