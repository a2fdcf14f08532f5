# SPDX-License-Identifier: GPL-2.0-only
#
# Recording, which is silence here: how many frames, how many interrupts, overrun, a player at the same time (the two share a clock).
. /lab/soundlib.sh

claims >/run/claims.before

step load
check "modprobe $driver" modprobe "$driver"
check "a card" within 5 ready_card
recorder=$(cd /dev/snd && ls -d pcmC0D*c | head -n 1)
player=${recorder%c}p

# silent FILE ZERO: nothing but the format's zero.
silent() { [ -s "$1" ] && [ "$(tr -d "$2" <"$1" | wc -c)" = 0 ]; }

step "formats and rates"
for format in S16_LE U8; do
	# QEMU's silence of unsigned bytes is one off.
	[ $format = U8 ] && zero='\177\200' || zero='\000'
	for channels in 1 2; do
		for rate in 4000 8000 11025 22050 44100 48000; do
			before=$(interrupts)
			run arecord -D "$(hw "$recorder")" -t raw -f $format -c $channels -r $rate -s $((rate / 5)) --period-size=$((rate / 20)) /run/recorded
			check "interrupts" test $(($(interrupts) - before)) -gt 0
			say "$(wc -c </run/recorded) bytes"
			check "silence" silent /run/recorded $zero
		done
	done
done
run arecord -M -D "$(hw "$recorder")" -t raw -f S16_LE -c 2 -r 44100 -s 10000 /run/recorded
say "$(wc -c </run/recorded) bytes"

step "overrun"
run sound pcm "/dev/snd/$recorder" setup=s16:2:44100:8192:512 start record=1000 until=XRUN state record=10 prepare start record=3000 drop state pause

step "both ways"
sound make s16 2 ramp=8000 >/run/tone
for rate in 44100 16000; do
	aplay -q -D "$(hw "$player")" -t raw -f S16_LE -c 2 -r $rate /run/tone &
	run arecord -D "$(hw "$recorder")" -t raw -f S16_LE -c 2 -r $rate -s 8000 /run/recorded
	wait $!
	check "the player" test $? = 0
	say "$(wc -c </run/recorded) bytes"
done

step "left behind"
micro_metrics
check "rmmod" rmmod "$driver"
run_left_behind
check "unloaded" unloaded
finish
