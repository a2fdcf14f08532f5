#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report in a headless browser: every function is drawn, search finds, a click explains, nothing is fetched. The largest driver opens in time.
. "$(dirname "$0")/lib.sh.inc"

# What a driver's text may hold, and what a browser must not take for its own.
mkdir "$scratch/nasty"
printf 'obj-m := nasty.o\n' >"$scratch/nasty/Kbuild"
cat >"$scratch/nasty/nasty.c" <<'C'
#include <linux/module.h>
#include <linux/pci.h>
/* </script><script>throw new Error("driver text was run")</script> <!-- <script> {{data}} */
static int nasty_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	dev_info(&pdev->dev, "</script><img src=http://example.invalid/x onerror=\"throw 1\">\n");
	return 0;
}
static const struct pci_device_id nasty_ids[] = { { PCI_DEVICE(0x1234, 0x5678) }, { } };
static struct pci_driver nasty_driver = { .name = "nasty", .id_table = nasty_ids, .probe = nasty_probe };
module_pci_driver(nasty_driver);
MODULE_LICENSE("GPL");
C
expect 0 'wrote .*nasty.html' ./driverslicer report "$scratch/nasty" -o "$scratch/nasty.html"
node tests/report/opens-and-answers.mjs "$scratch/nasty.html" nasty_probe 'process context'

./driverslicer slice i6300esb -o "$scratch/slice"
node tests/report/opens-and-answers.mjs "$scratch/slice/report.html" esb_probe 'pci_driver.probe' 2

# Straight from the analysis it is the same, byte for byte; with measurements it has their plots.
cat >"$scratch/run.json" <<'J'
{ "schema": 1, "driver": "i6300esb", "kernel": "6.1", "workload": "watchdog", "native": { "init_ms": 2.0 }, "micro": { "init_ms": 2.5, "upcalls": 12 },
  "ratio": { "send": { "median": 0.99, "lower": 0.98, "upper": 1.01, "pairs": 8 }, "cpu": { "median": 1.01, "lower": 1, "upper": 1.02, "pairs": 8 },
    "start": { "median": 1.4, "lower": 1.3, "upper": 1.5, "pairs": 8 } } }
J
./driverslicer report i6300esb -o "$scratch/alone.html"
cmp "$scratch/alone.html" "$scratch/slice/report.html" || fail "report and slice write different pages"
./driverslicer report i6300esb -o "$scratch/measured.html" --measurements "$scratch/run.json"
node tests/report/opens-and-answers.mjs "$scratch/measured.html" esb_probe 'pci_driver.probe'
expect 2 'DS0707.*of i6300esb, not of 8139cp' ./driverslicer report 8139cp -o "$scratch/o.html" --measurements "$scratch/run.json"
expect 2 'DS0708' ./driverslicer report i6300esb -o "$scratch/nowhere/o.html"

./driverslicer report psmouse -o "$scratch/psmouse.html"
node tests/report/opens-and-answers.mjs "$scratch/psmouse.html" psmouse_process_byte 'hot path' 2
