# SPDX-License-Identifier: GPL-2.0-only
#
# A sound card from loading to unloading, but for recording: /proc, mixer, both players at their rates and formats, pause, underrun,
# unbinding, suspend. What was played is recorded outside and compared too: a level marks where each sound begins.
. /lab/soundlib.sh

claims >/run/claims.before

step load
check "modprobe $driver" timed init_ms modprobe "$driver"
check "a card" within 5 ready_card
slot=$(bound)
say "bound: $slot"
claims >/run/claims.loaded
run diff /run/claims.before /run/claims.loaded
run ls /dev/snd
for file in cards devices pcm modules; do
	run cat /proc/asound/$file
done
card_files
run aplay -l
run amixer -c 0 info

step mixer
run amixer -c 0 contents
amixer -c 0 controls | sed 's/^numid=\([0-9]*\).*/\1/' | sort -n >/run/controls
while read -r id; do
	for value in 100% 0 2,1 1,0,1,0; do
		run amixer -c 0 cset numid="$id" $value
	done
	run amixer -c 0 cget numid="$id"
done </run/controls
card_files
run amixer -c 0 contents

players=$(cd /dev/snd && ls -d pcmC0D*p)

# Rates that the card has, and one that it only comes near. The recording is at 44100.
step "rates"
number=10
for device in $players; do
	for rate in 4000 5512 8000 11025 12345 16000 22050 32000 44100 48000; do
		number=$((number + 1))
		tone "$device" s16 2 $rate "level=$number:$((rate * 3 / 100)) level=100:$((rate / 20)) level=-100:$((rate / 20))" -v
	done
done

# Each sample counts. All of it is one period, short of the buffer, and ends in silence: on a busy host it comes neither too late nor twice,
# and the core, which waits 1.1 buffers for the end, cuts off nothing that is heard.
whole="--period-size=9000 --buffer-size=16384"
step "formats"
for device in $players; do
	for format in s16 u8; do
		for channels in 1 2 left right; do
			number=$((number + 1))
			tone "$device" $format $channels 44100 "level=$number:882 ramp=2000 zero=6000" $whole
		done
	done
done
for device in $players; do
	number=$((number + 1))
	tone "$device" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole -M
	# Many turns of the buffer, with an interrupt for every period.
	before=$(interrupts)
	tone "$device" s16 2 8000 "level=$number:4000 level=90:4000 level=-90:4000" --buffer-size=4000 --period-size=200
	# A busy guest takes several at once.
	check "interrupts" test $(($(interrupts) - before)) -ge 20
done

step "both players at once"
first=$(echo "$players" | head -n 1)
last=$(echo "$players" | tail -n 1)
sound make s16 left level=101:882 ramp=2000 zero=6000 >/run/left
sound make s16 right level=102:882 ramp=2000 zero=6000 >/run/right
aplay -q -D "$(hw "$first")" $whole -t raw -f S16_LE -c 2 -r 44100 /run/left &
check "the right" aplay -q -D "$(hw "$last")" $whole -t raw -f S16_LE -c 2 -r 44100 /run/right
wait $!
check "the left" test $? = 0

step "pause and release"
for device in $players; do
	number=$((number + 1))
	sound make s16 2 level=$number:882 ramp=8000 zero=7502 >/run/tone
	run sound pcm "/dev/snd/$device" setup=s16:2:44100:16384:1024 state play=/run/tone state start state reach=1000 pause state still=300 \
		release state reach=4000 pause state still=100 release reach=16000 drop state
done

step "underrun"
sound make u8 1 zero=4000 >/run/zeros
for device in $players; do
	number=$((number + 1))
	sound make s16 2 level=$number:882 ramp=4000 zero=2000 >/run/tone
	run sound pcm "/dev/snd/$device" setup=s16:2:44100:16384:512 play=/run/tone start until=XRUN state play=/run/tone start \
		prepare state play=/run/tone start until=XRUN state
	run sound pcm "/dev/snd/$device" setup=u8:1:22050:4096:512 play=/run/zeros start reach=500 drop state prepare state drop
done

step "requests that the card refuses"
run sound pcm "/dev/snd/$first" setup=s16:4:44100:4096:512 setup=s16:2:96000:4096:512 setup=s16:2:44100:400000:512 start state
run sound pcm "/dev/snd/$last" pause release resume drain drop

step "midi"
for file in /dev/snd/midiC0D*; do
	run dd if=/dev/null of="$file"
	run timeout 2 dd if="$file" of=/dev/null bs=1 count=1
done

step "unbind and bind 20 times"
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	check "unbind $i" unbind "$slot"
	check "no card" within 5 no_card
	check "bind $i" bind "$slot"
	check "a card" within 5 ready_card
	check "mixer" amixer -q -c 0 cset numid=1 on
done
number=$((number + 1))
tone "$first" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole

step "unbind with a device open"
mkfifo /run/hold /run/said
sound pcm "/dev/snd/$first" setup=s16:2:44100:16384:512 ready wait state prepare start </run/hold >/run/said &
exec 3>/run/hold 4</run/said
while read -r answer && [ "$answer" != ready ]; do say "$answer"; done <&4
# Not with the ends that keep the holder waiting (a redirection of a function keeps a copy).
(exec 3>&- 4<&-; unbind "$slot") &
check "no card" within 5 no_card
exec 3>&-
while read -r answer; do say "open device: $answer"; done <&4
exec 4<&-
wait
check "bind" bind "$slot"
check "a card" within 5 ready_card
number=$((number + 1))
tone "$last" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole

step suspend
run amixer -c 0 cset numid=2 20
for state in freeze mem; do
	for level in freezer devices; do
		check "suspend to $state, test level $level" suspend $level $state
		number=$((number + 1))
		tone "$first" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole
	done
done
run amixer -c 0 contents
sound make s16 2 zero=12000 >/run/tone
sound pcm "/dev/snd/$first" setup=s16:2:44100:16384:1024 play=/run/tone start reach=1000 ready wait state resume prepare play=/run/tone start until=XRUN state \
	</run/hold >/run/said &
exec 3>/run/hold 4</run/said
while read -r answer && [ "$answer" != ready ]; do say "$answer"; done <&4
check "suspend while playing" suspend devices mem
exec 3>&-
while read -r answer; do say "open device: $answer"; done <&4
exec 4<&-
wait
echo none >/sys/power/pm_test
number=$((number + 1))
tone "$first" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole

micro_metrics

step parameters
check "rmmod" rmmod "$driver"
for words in "index=3 id=lab" "enable=0" "joystick=1" "nosuchparameter=1"; do
	has_param "${words%%=*}" || [ "$words" = nosuchparameter=1 ] || continue
	run modprobe "$driver" $words
	run cat /proc/asound/cards
	run find /proc/asound -name 'card*' -type d
	run cat "$(find /proc/asound -name audiopci)"
	claims >/run/claims.loaded
	run diff /run/claims.before /run/claims.loaded
	[ ! -e "/sys/module/$driver" ] || check "rmmod" rmmod "$driver"
done

step "unload and load 20 times"
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	check "modprobe $i" modprobe "$driver"
	check "a card" within 5 ready_card
	check "mixer" amixer -q -c 0 cset numid=1 on
	[ $i != 20 ] || break
	check "rmmod $i" rmmod "$driver"
	check "unloaded" unloaded
done
number=$((number + 1))
tone "$first" s16 2 44100 "level=$number:882 ramp=2000 zero=6000" $whole

step "left behind"
check "rmmod" rmmod "$driver"
run_left_behind
check "unloaded" unloaded
finish
