// SPDX-License-Identifier: GPL-2.0-only
/*
 * A quirk of the lab: tells the kernel another revision of a PCI device than the card itself does. QEMU emulates the chip of
 * one revision; a driver for its sister refuses that, although the emulation serves it as well.
 */
#include <linux/module.h>
#include <linux/pci.h>

static int vendor, device, revision;
module_param(vendor, int, 0444);
module_param(device, int, 0444);
module_param(revision, int, 0444);

static int __init lab_pci_revision_init(void)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(vendor, device, pdev)) != NULL)
		pdev->revision = revision;
	return 0;
}
module_init(lab_pci_revision_init);

static void __exit lab_pci_revision_exit(void)
{
}
module_exit(lab_pci_revision_exit);
MODULE_DESCRIPTION("Another revision for a PCI device of the lab");
MODULE_LICENSE("GPL");
