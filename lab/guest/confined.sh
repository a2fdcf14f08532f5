# SPDX-License-Identifier: GPL-2.0-only
#
# What a process that serves a driver may do besides serving, read off the kernel; and who may become one.
. /lab/lib.sh

node=/dev/microdriver
# of PID KEY: a line of the status of each of its threads.
of() { sed -n "s/^$2:[[:space:]]*//p" /proc/$1/task/*/status | tr '\t' ' '; }
# all PID KEY VALUE: of all threads.
all() { [ -z "$(of $1 $2 | sed 's/ *$//' | grep -vx -- "$3")" ] && [ -n "$(of $1 $2)" ]; }
user_of() { of $1 Uid | head -n 1 | cut -d' ' -f1; }
two_hosts() { [ "$(pidof microdriver-host | wc -w)" -ge 2 ] && all_confined; }
all_confined() { local p; for p in $(pidof microdriver-host); do all $p Seccomp 2 || return 1; done; }
own_users() { for pid in $hosts; do user_of $pid; done | sort | uniq -d | grep -q . && return 1 || return 0; }
above() { [ "$(user_of $1)" -gt 1879048192 ]; }
one_user() { all $1 Uid "$(user_of $1) $(user_of $1) $(user_of $1) $(user_of $1)" && all $1 Gid "$(user_of $1) $(user_of $1) $(user_of $1) $(user_of $1)"; }
groupless() { [ -z "$(of $1 Groups | tr -d ' ')" ]; }
limited() { grep -Eq '^Max data size +1073741824 +1073741824' /proc/$1/limits; }

step load
check "modprobe" modprobe "$driver"
check "a process serves, and another waits" within 20 two_hosts
hosts=$(pidof microdriver-host)

step "what it is"
for pid in $hosts; do
	check "a user above all accounts" above $pid
	check "one user and one group on all threads" one_user $pid
	check "no groups" groupless $pid
	for set in CapInh CapPrm CapEff CapAmb; do check "$set is empty" all $pid $set 0000000000000000; done
	check "no new privileges" all $pid NoNewPrivs 1
	check "system calls by a list" all $pid Seccomp 2
	check "memory is limited" limited $pid
done
check "each a user of its own" own_users

step "who may attach"
try() { (exec 3<>$node) 2>&1 | sed 's/.*: //'; }
other() { su -s /bin/sh nobody -c "(exec 3<>$node) 2>&1" | sed 's/.*: //'; }
denied='Permission denied' refused='Operation not permitted'
is() { [ "$1" = "$2" ] || { echo "'$1', not '$2'"; return 1; }; }
check "the node is root's" is "$(stat -c '%u %a' $node)" "0 600"
check "another user" is "$(other)" "$denied"
check "root" is "$(try)" ""
chmod 666 $node
check "another user, mode 666" is "$(other)" "$refused"
check "root, mode 666" is "$(try)" "$refused"
chmod 600 $node
chown nobody $node
check "its owner, who is not root" is "$(other)" "$refused"
check "root, another's node" is "$(try)" "$refused"
chown 0 $node
check "root, as it was" is "$(try)" ""

step end
check "rmmod" rmmod "$driver"
check "unloaded" unloaded
finish
