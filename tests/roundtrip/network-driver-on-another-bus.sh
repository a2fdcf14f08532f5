#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A network driver that is not on the PCI bus: its teardown gives back a page (struct page, an address only), and a failover that may be NULL.
. "$(dirname "$0")/lib.sh.inc"
./driverslicer run virtio_net --workload net-cycles --mode micro --pairs 3 --seed 1 --json "$scratch/cycles.json"
json_has "$scratch/cycles.json" '"kernel_reports": \[\]'
