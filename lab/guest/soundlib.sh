# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts for sound cards share. Devices are named as the kernel does: pcmC0D0p plays.
. /lab/lib.sh

ready_card() { [ -c /dev/snd/controlC0 ]; }
no_card() { [ ! -e /dev/snd/controlC0 ]; }
has_pcm() { [ -c "/dev/snd/$1" ]; }
hw() { echo "hw:0,$(echo "$1" | sed 's/.*D\([0-9]*\).$/\1/')"; }
interrupts() { awk -v name="$driver" '$NF == name || $0 ~ name "," { n = 0; for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i; print n }' /proc/interrupts; }

# All that /proc says of the card.
card_files() { local file; for file in $(find /proc/asound/card0 -type f | sort); do run cat "$file"; done; }

# tone DEVICE FORMAT CHANNELS RATE PARTS [APLAY_OPTION...]: aplay of a sound made of PARTS (lab/tools/sound.c).
tone() {
	local device=$1 format=$2 channels=$3 rate=$4 parts=$5
	shift 5
	sound make "$format" "$channels" $parts >/run/tone
	case $channels in left | right) channels=2 ;; esac
	case $format in s16) format=S16_LE ;; u8) format=U8 ;; esac
	run aplay -D "$(hw "$device")" -t raw -f $format -c "$channels" -r "$rate" "$@" /run/tone
}
