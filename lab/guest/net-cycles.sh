# SPDX-License-Identifier: GPL-2.0-only
#
# A network driver's whole life, again and again: load, up, down, unbind, bind, up, unload; in each cycle the user process dies (kill -9) once, at a random
# instant. What an interrupted step answers is not judged. Each cycle must end unloaded with nothing left behind; the machine's kernel memory must not
# grow with their number. LAB_SEED chooses the instants, LAB_PAIRS the number of cycles.
. /lab/netlib.sh

cycles=$LAB_PAIRS
warm=4

same_claims() { claims >/run/claims.now; diff /run/claims.before /run/claims.now; }
# Objects in use, by cache: "NAME N".
objects() { awk 'NR > 2 { print $1, $2 }' /proc/slabinfo; }
settled() { echo 3 >/proc/sys/vm/drop_caches; sync; sleep 1; objects; }

whole_life() {
	modprobe "$driver"
	dev=$(interface)
	slot=$(bound)
	[ -n "$dev" ] && ip link set "$dev" up
	[ -n "$dev" ] && ip link set "$dev" down
	[ -n "$slot" ] && unbind "$slot" && bind "$slot"
	dev=$(interface)
	[ -n "$dev" ] && ip link set "$dev" up && ip link set "$dev" mtu 1400
	rmmod "$driver"
}

cycle() {
	local life
	whole_life >/run/life 2>&1 &
	life=$!
	rand "$span"
	usleep $R
	if [ $number -gt 0 ]; then kill -9 $(pidof microdriver-host) 2>/dev/null && kills=$((kills + 1)); fi
	wait $life
	! loaded || check "cycle $number, killed after $R us: rmmod" rmmod "$driver"
	check "cycle $number: unloaded" unloaded
	check "cycle $number: nothing left behind" same_claims
}

echo -1 >/sys/module/microdriver/parameters/restarts
claims >/run/claims.before
kills=0

step "cycles without a death"
span=1
begin=$(now_us)
number=-$warm
while [ $number -le 0 ]; do
	cycle
	number=$((number + 1))
done
span=$((($(now_us) - begin) / (warm + 1)))
detail "a cycle takes $span us"
settled >/run/slab.before

step "cycles with one"
while [ $number -le "$cycles" ]; do
	cycle
	number=$((number + 1))
done
settled >/run/slab.after

step end
awk 'NR == FNR { before[$1] = $2; next } { print $2 - before[$1], $1 }' /run/slab.before /run/slab.after | sort -rn >/run/growth
head -n 8 /run/growth | while IFS= read -r line; do detail "grown by $line"; done
# One object per cycle, of any cache, would be a leak.
grown() { awk -v cycles="$cycles" '$1 >= cycles / 2 && $1 >= 20 { print; bad = 1 } END { exit !bad }' /run/growth; }
not_grown() { ! grown; }
check "kernel memory does not grow with the cycles" not_grown
metric total_cycles "$cycles"
metric total_kills "$kills"
check "modprobe" modprobe "$driver"
check "reachable afterwards" configure
check "ping" reachable
check "rmmod" rmmod "$driver"
finish
