# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts for mice share. The event device is looked for below the port, since its number is anybody's.
. /lab/lib.sh

find_event() { local p; for p in $(bound); do ls -d "$(device_dir "$p")"/input/input*/event* 2>/dev/null; done | head -n 1; }
mouse() { echo "/dev/input/$(basename "$(find_event)")"; }
no_mouse() { [ -z "$(find_event)" ]; }
# The event device is there before the mouse may send; the driver lets nobody write an attribute meanwhile.
settled() { local f; f=$(device_dir "$(bound)")/resetafter; echo "$(cat "$f")" >"$f"; }
has_mouse() { [ -n "$(find_event)" ] && [ -c "$(mouse)" ]; }
ready_mouse() { has_mouse && settled; } 2>/dev/null

attributes() {
	local file
	for file in protocol rate resolution resetafter resync_time; do
		say "$file $(cat "$(device_dir "$(bound)")/$file")"
	done
}

port_facts() {
	local file
	for file in description modalias firmware_id bind_mode id/type id/proto id/id id/extra; do
		[ ! -e "$(device_dir "$port")/$file" ] || say "$file $(cat "$(device_dir "$port")/$file")"
	done
	attributes
}

# change FILE VALUE: writes an attribute of the port; the answer is transcript.
change() {
	echo -n "$2" >"$(device_dir "$port")/$1" 2>/run/said
	say "$1 = '$2': exit code $? $(sed 's/.*: //' /run/said)"
}

# Below, the event device is open as 5: what happens from then on waits there.
listen() { exec 5<"$(mouse)"; }
unlisten() { exec 5<&-; }

# move DX DY [UP_OR_DOWN]: the mouse moves, and its reports arrive.
move() {
	local expect=
	check "move $*" monitor mouse_move "$@"
	[ "$1" = 0 ] || expect=,REL_X:$1
	[ "$2" = 0 ] || expect=$expect,REL_Y:$2
	[ -z "$3" ] || expect=$expect,REL_WHEEL:$3
	run evdev "expect=${expect#,}" <&5
}

# press MASK: the buttons held from now on: 1 left, 2 right, 4 middle.
held=0
press() {
	local bit expect= changed=$((held ^ $1))
	check "buttons $1" monitor mouse_button "$1"
	for bit in 1:LEFT 2:RIGHT 4:MIDDLE; do
		[ $((changed & ${bit%:*})) = 0 ] || expect=$expect,BTN_${bit#*:}:$((($1 & ${bit%:*}) != 0))
	done
	held=$1
	run evdev "expect=${expect#,}" <&5
}

# button NAME CODE: pressed and let go, as only QMP can say it.
button() {
	local down
	for down in true false; do
		check "button $1 down: $down" monitor '{"execute":"input-send-event","arguments":{"events":[{"type":"btn","data":{"down":'$down',"button":"'$1'"}}]}}'
		run evdev "expect=$2:$([ $down = true ]; echo $((! $?)))" <&5
	done
}

# A mouse that the driver asks anew, at a time of its own, hears nothing meanwhile: it is moved until it answers. What is still on its way then
# comes before the button.
answers() { monitor mouse_move 1 0 >/run/said && evdev patience=300 expect=REL_X:1 <&5 >/run/said; }
awake() {
	within 20 answers && monitor mouse_button 2 && evdev expect=BTN_RIGHT:1 <&5 && monitor mouse_button 0 && evdev expect=BTN_RIGHT:0 <&5
}
