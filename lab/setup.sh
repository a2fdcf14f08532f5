#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian packages that the slicer and its lab need and that are missing. Quiet when there is nothing to do.
#   lab/setup.sh [SERIES...]     also the kernels of these series (6.12) that Debian's updates have, with headers and source
set -eu
packages="libclang1-19 gcc make libc6-dev libelf-dev libssl-dev bc flex bison kmod cpio xz-utils zstd
qemu-system-x86 busybox-static linux-image-amd64 linux-headers-amd64 linux-source-6.1 iproute2 iperf3 ethtool alsa-utils zlib1g-dev chromium gdb linux-perf patch"
# npm fetches the report's libraries when the slicer is built; some distributions' nodejs brings it along, and excludes Debian's package.
command -v npm >/dev/null 2>&1 || packages="$packages nodejs npm"
for series in "$@"; do
	packages="$packages linux-image-$series-amd64 linux-headers-$series-amd64 linux-source-$series"
done
missing=
for p in $packages; do
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing="$missing $p"
done
if [ -n "$missing" ]; then
	if [ "$(id -u)" != 0 ]; then
		echo "setup: run as root, or install:$missing" >&2
		exit 4
	fi
	echo "setup: installing$missing"
	log=$(mktemp)
	if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		echo "setup: apt-get failed; the whole log is in $log" >&2
		exit 4
	fi
	rm -f "$log"
fi
if ! dotnet --version 2>/dev/null | grep -q '^10\.'; then
	echo "setup: the .NET 10 SDK is missing" >&2
	exit 4
fi
