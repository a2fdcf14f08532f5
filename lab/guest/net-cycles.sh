# SPDX-License-Identifier: GPL-2.0-only
#
# A network driver's whole life, again and again: load, up, down, unbind, bind, up, unload; in each cycle the user process dies (kill -9) once, at a random
# instant. What an interrupted step answers is not judged. Each cycle must end unloaded with nothing left behind; the machine's kernel memory must not
# grow with their number. LAB_SEED chooses the instants, LAB_PAIRS the number of cycles.
. /lab/netlib.sh

cycles=$LAB_PAIRS
warm=4

same_claims() { claims >/run/claims.now; diff /run/claims.before /run/claims.now; }

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
slab_objects /run/slab.before

step "cycles with one"
while [ $number -le "$cycles" ]; do
	cycle
	number=$((number + 1))
done
slab_objects /run/slab.after

step end
# Of few cycles the caches of the files that were looked at tell more than a leak would.
check "kernel memory does not grow with the cycles" slab_same /run/slab.before /run/slab.after "$cycles" $((cycles < 100 ? 1000 : 20))
# An instant at which no process is there kills nobody: how many those are depends on how busy the host is. None would be a test of nothing.
check "the process was killed in a tenth of the cycles at least" [ "$kills" -ge $((cycles / 10)) ]
metric total_cycles "$cycles"
metric total_kills "$kills"
check "modprobe" modprobe "$driver"
check "reachable afterwards" configure
check "ping" reachable
check "rmmod" rmmod "$driver"
finish
