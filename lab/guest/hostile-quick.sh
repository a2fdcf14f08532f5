# SPDX-License-Identifier: GPL-2.0-only
#
# hostile.sh, short and with a fixed seed: for the tests.
messages=20000
LAB_SEED=1
. /lab/hostile.sh
