# SPDX-License-Identifier: GPL-2.0-only
#
# Faults of a network driver, with one TCP connection running in both directions. LAB_ECHO_PORT: the host's echo server.
. /lab/faultlib.sh

actions="link registers statistics eeprom wake message features renegotiate mii ioctl-write promiscuous group mtu address down up $life"
[ -z "$LAB_TX_ENABLE" ] || actions="$actions timeout"

setup() { identify; configure; }
identify() {
	dev=$(interface)
	own=$(cat "/sys/class/net/$dev/address")
}
sysfs() { echo "/sys/class/net/$dev/$1"; }

prepare() {
	case $1 in
	up) link_down ;;
	*) prepare_life "$1" ;;
	esac
}
command() {
	case $1 in
	link) cmd="nic $dev link" ;;
	registers) cmd="nic $dev registers" ;;
	statistics) cmd="nic $dev statistics" ;;
	eeprom) cmd="nic $dev eeprom" ;;
	wake) cmd="nic $dev wake" ;;
	message) cmd="nic $dev message" ;;
	features) cmd="nic $dev csum-off" ;;
	renegotiate) cmd="nic $dev renegotiate" ;;
	mii) cmd="mii $dev phy read=1" ;;
	ioctl-write) cmd="mii $dev phy write=4:0x01e1" ;;
	promiscuous) cmd="/bin/ip link set $dev promisc on" ;;
	group) cmd="/bin/ip maddr add 01:00:5e:00:00:fb dev $dev" ;;
	mtu) cmd="/bin/ip link set $dev mtu 1400" ;;
	address) cmd="/bin/ip link set $dev address 52:54:00:aa:bb:cc" ;;
	down) cmd="/bin/ip link set $dev down" ;;
	up) cmd="/bin/ip link set $dev up" ;;
	timeout) cmd="sh /lab/net-timeout.sh $slot $dev" ;;
	*) command_life "$1" ;;
	esac
}
flush() { nic "$dev" link; }

settle() {
	bring_back
	[ -e "/sys/class/net/$dev" ] || dev=$(interface)
	[ -n "$dev" ] || return
	# No process is asked for what is as it should be already.
	[ $(($(cat "$(sysfs flags)") & 0x100)) = 0 ] || ip link set "$dev" promisc off
	[ "$(cat "$(sysfs mtu)")" = 1500 ] || ip link set "$dev" mtu 1500
	[ "$(cat "$(sysfs address)")" = "$own" ] || ip link set "$dev" address "$own"
	! grep -q 01005e0000fb /proc/net/dev_mcast || ip maddr del 01:00:5e:00:00:fb dev "$dev"
	nic "$dev" csum-on
	nic "$dev" message
	case $(ip -br addr show dev "$dev") in *10.0.2.15/24*) ;; *) ip addr add 10.0.2.15/24 dev "$dev" ;; esac
	[ $(($(cat "$(sysfs flags)") & 1)) = 1 ] || ip link set "$dev" up
	has_carrier || within 5 has_carrier
}
rebind() {
	slot_driver=$(readlink -f "/sys/bus/$bus/devices/$slot/driver")
	[ ! -e "$slot_driver" ] || { ip link set "$dev" down; echo "$slot" >"$slot_driver/unbind"; }
	bind_again
	dev=$(interface)
	settle
}
manage() {
	nic "$dev"
}

# Longer than TCP backs off after an outage as long as a recovery.
stream_s=15

# ---- the connection -----------------------------------------------------------------------------------------------------

data_start() {
	rm -f /run/stream.in /run/stream.out
	mkfifo /run/stream.in /run/stream.out
	stream $host "$LAB_ECHO_PORT" </run/stream.in >/run/stream.out 2>&1 &
	stream_pid=$!
	exec 5>/run/stream.in 6</run/stream.out
	within 10 data_moves
}
data_end() {
	exec 5>&-
	wait $stream_pid
	exec 6<&-
}
# Fills bytes, corrupt, pause and state.
data_ask() {
	echo '?' >&5 2>/dev/null || return 1
	read -r line <&6 || return 1
	set -- $line
	bytes=$2 corrupt=$4 pause=$6 state=$8
	[ "$pause" -le "${gap:-0}" ] || gap=$pause
}
data_moves() { data_ask && [ "$bytes" -gt "${bytes_before:-0}" ] && bytes_before=$bytes; }
data_mark() {
	data_ask
	gap=0 bytes_before=$bytes
}
data_result() {
	data=same
	data_ask
	bytes_before=$bytes
	if ! within $stream_s data_moves; then
		data=new
		kill -9 $stream_pid
		data_end 2>/dev/null
		bytes_before=0
		data_start || data=lost
	fi
	[ "$corrupt" = 0 ] || data=corrupt
}

campaign
