#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# checking-kernel.sh TARBALL FRAGMENT DEST: builds the debug kernel into DEST.
#
#   DEST/linux            source and build tree in one: the KDIR of out-of-tree modules
#   DEST/bzImage          what QEMU boots
#   DEST/lib/modules/REL  installed modules
#   DEST/release          REL; written last, so its presence means "complete"
set -eu
tarball=$1 fragment=$2 dest=$3

say() { echo "checking kernel: $*"; }

if [ ! -e "$dest/linux/Makefile" ]; then
	say "unpacking $tarball"
	mkdir -p "$dest/unpack"
	tar -x -I 'xz -T0' --strip-components=1 -C "$dest/unpack" -f "$tarball"
	mv "$dest/unpack" "$dest/linux"
fi
cd "$dest/linux"

say "configuring"
make -s tinyconfig >/dev/null 2>&1
./scripts/kconfig/merge_config.sh -m .config "$fragment" >/dev/null
make -s olddefconfig 2>/dev/null

# Options that Kconfig dropped would be checks that silently do not happen.
missing=$(grep '^CONFIG_[^ ]*=[ym]$' "$fragment" | grep -vxFf .config || true)
[ -z "$missing" ] || { say "not in this kernel's configuration:" $missing >&2; exit 1; }

say "building (about ten minutes on two CPUs)"
nice make -s -j"$(nproc)" bzImage modules
rel=$(make -s kernelrelease)
make -s INSTALL_MOD_PATH="$dest" modules_install
ln -sf linux/arch/x86/boot/bzImage "$dest/bzImage"
echo "$rel" >"$dest/release"
say "ready: $rel"
