#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints the newest installed kernel of a series (6.1) that can be booted and built for; nothing if there is none.
set -eu
for modules in /lib/modules/"$1".*; do
	release=${modules#/lib/modules/}
	[ ! -e "$modules/build/include/config/auto.conf" ] || [ ! -e "/boot/vmlinuz-$release" ] || echo "$release"
done | sort -V | tail -n 1
