#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Ten modules drawn from all that the kernel's package has, with nothing said about any of them: both halves build.
. "$(dirname "$0")/lib.sh.inc"

expect 0 '^10 of 10 sliced and built' lab/unseen.sh --count 10 --seed 1 --json "$scratch/unseen.json"
json_has "$scratch/unseen.json" '"drawn":10,"built":10,"refused":0,"failed":0'
# A record that one file only points to and another defines.
expect 0 '^1 of 1 sliced and built' lab/unseen.sh sym53c8xx
