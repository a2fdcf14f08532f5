# SPDX-License-Identifier: GPL-2.0-only
#
# Faults of a sound card, while its first player plays: the position has to move on. A player whose card is unbound has ended, natively as well; then
# a new one has to play.
. /lab/soundlib.sh
. /lab/faultlib.sh

actions="set get other-player proc $life"

setup() {
	within 10 ready_card
	amixer -q -c 0 cset numid=1 20
	number=$(amixer -c 0 controls | wc -l)
	second=$(cd /dev/snd && ls -d pcmC0D*p | tail -n 1)
	sound make s16 2 zero=4096 >/run/tone
}
prepare() {
	# No player outlives its card, natively as well.
	ended=
	case $1 in bind | load | unbind | unload) ended=1 && player_end ;; esac
	prepare_life "$1"
}
command() {
	case $1 in
	set) cmd="amixer -q -c 0 cset numid=1 10" ;;
	get) cmd="amixer -q -c 0 cget numid=1" ;;
	other-player) cmd="sound pcm /dev/snd/$second setup=s16:2:44100:4096:1024 play=/run/tone start reach=500 drop" ;;
	proc) cmd="cat /proc/asound/card0/audiopci" ;;
	*) command_life "$1" ;;
	esac
}
flush() { amixer -q -c 0 cget numid=1; }
settle() {
	bring_back
	within 2 ready_card
	amixer -q -c 0 cset numid=1 20
}
rebind() {
	player_end
	[ -z "$(bound)" ] || unbind "$slot"
	bind_again
	settle
}
manage() {
	amixer -c 0 cget numid=1
	[ "$(amixer -c 0 controls | wc -l)" = "$number" ]
	echo "controls $?"
	ls /dev/snd
}

# ---- the player -----------------------------------------------------------------------------------------------------------

position() { sed -n 's/^hw_ptr *: //p' /proc/asound/card0/pcm0p/sub0/status 2>/dev/null; }
data_start() {
	aplay -q -D hw:0,0 -t raw -f S16_LE -c 2 -r 44100 /dev/zero >/dev/null 2>&1 &
	player=$!
	position_before=0
	within 10 data_moves
}
player_end() {
	[ -n "$player" ] || return
	kill -9 "$player" 2>/dev/null
	wait "$player" 2>/dev/null
	player=
}
data_end() { player_end; }
data_moves() {
	local now
	now=$(position)
	kill -0 "$player" 2>/dev/null && [ "${now:-0}" != "${position_before:-0}" ]
}
data_mark() { position_before=$(position) gap=0; }
# The pause is not known better than the look: -1.
data_result() {
	data=same gap=-1
	position_before=$(position)
	[ -n "$player" ] && within 5 data_moves && return
	player_end
	[ -n "$ended" ] && data=none || data=new
	data_start || data=lost
}

campaign
