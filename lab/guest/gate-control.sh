# SPDX-License-Identifier: GPL-2.0-only
#
# samples/ledger: entries under one spinlock by both halves. With the gate none is lost; without it (the negative control) some must be, or
# the check above it is worth nothing.
. /lab/lib.sh

gate_off=/sys/module/microdriver/parameters/gate_off
book() { echo "$1" >"$files/book"; }
# Fills total, irq, timer, user, wrong.
balance() {
	set -- $(cat "$files/balance")
	total=$2 irq=$4 timer=$6 user=$8 wrong=${10}
}
answered() { [ "$(cat "$files/unanswered")" = 0 ]; }
# The next round begins when the device has been answered: so there is an interrupt in each, however long a busy host lets a processor wait.
book_rounds() {
	local i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		book 100 && within 5 answered || return 1
	done
}
# One entry after the other: each must have been answered although the device says it once.
answered_each() {
	local i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		book 1 && within 5 answered || return 1
	done
}
lost() { book 20 && balance && [ "$wrong" -gt 0 ]; }

step load
check "modprobe" timed init_ms modprobe "$driver"
files=/sys/bus/pci/devices/$(bound)
check "balance" test -e "$files/balance"

step "entries by all three"
check "5000 entries" book_rounds 50
balance
detail "total $total irq $irq timer $timer user $user wrong $wrong"
check "all of them are there" test "$user" = 5000
check "the device interrupted in each round" test "$irq" -ge 50
check "the timer ran" test "$timer" -ge 1
check "the total is the sum" test "$total" = $((irq + timer + user))
check "it was at every entry" test "$wrong" = 0
check "every interrupt was answered" within 5 answered
metric total_entries "$total"
micro_metrics

if micro; then
	step "without the gate"
	check "the gate can be switched off" test -e $gate_off || finish
	echo 1 >$gate_off
	check "an entry is lost, and noticed" within 60 lost
	balance
	detail "total $total irq $irq timer $timer user $user wrong $wrong"
	echo 0 >$gate_off
else
	step "without the gate"
	say "ok: the gate can be switched off"
	say "ok: an entry is lost, and noticed"
fi

step unload
check "rmmod" rmmod "$driver"

step "with message-signalled interrupts"
check "modprobe" modprobe "$driver" msi=1
check "the device has a message" test -n "$(ls "$files/msi_irqs")"
check "each of 200 interrupts is answered" answered_each 200
balance
detail "total $total irq $irq timer $timer user $user wrong $wrong"
check "the total is the sum" test "$total" = $((irq + timer + user))
check "rmmod" rmmod "$driver"
finish
