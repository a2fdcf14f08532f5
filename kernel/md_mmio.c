// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device registers that the driver mapped (ioremap and its kin).
 *
 * They appear at their place in the vmalloc window, so that readl() of the user
 * half is a plain load. The unit is a page: where a register block shares its
 * page with another device, none of its pages is mapped, and the accessors of the
 * user half become downcalls (MD_FLAG_TRAP_MMIO), as they do for I/O ports.
 */
#include <linux/device.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "md_runtime.h"

/* lib/iomap.c: cookies below this are ports. */
#define MD_PORT_COOKIES	0x40000UL
#define MD_PORT_MASK	0x0ffffUL

/* Does another device's BAR lie in the pages of [phys, phys + size)? */
static bool md_has_neighbours(u64 phys, u64 size)
{
	u64 first = round_down(phys, PAGE_SIZE), last = round_up(phys + size, PAGE_SIZE) - 1;
	struct pci_dev *pdev = NULL, *owner = NULL, *other = NULL;
	bool shared = false;
	int i;

	for_each_pci_dev(pdev) {
		for (i = 0; i <= PCI_ROM_RESOURCE; i++) {
			struct resource *r = &pdev->resource[i];

			if (!(resource_type(r) == IORESOURCE_MEM) || !r->start ||
			    r->end < first || r->start > last)
				continue;
			if (phys >= r->start && phys <= r->end)
				owner = pdev;
			else if (!other)
				other = pdev;
			else if (other != pdev)
				shared = true;
		}
	}
	/* Another BAR of the same device tells nothing new. */
	if (other && other != owner)
		shared = true;
	return shared;
}

/* Bytes mapped contiguously from @k on, as the page tables say. */
static u64 md_mapped_size(u64 k)
{
	u64 phys, page = round_down(k, PAGE_SIZE);
	unsigned int level;
	pte_t *pte;

	phys = slow_virt_to_phys((void *)page);
	do {
		page += PAGE_SIZE;
		pte = lookup_address(page, &level);
	} while (pte && pte_present(*pte) && page - k < (1ULL << 32) &&
		 slow_virt_to_phys((void *)page) - phys == page - round_down(k, PAGE_SIZE));
	return page - k;
}

static u64 md_port_size(u64 port)
{
	struct pci_dev *pdev = NULL;
	u64 size = 0;
	int i;

	for_each_pci_dev(pdev)
		for (i = 0; i < PCI_STD_NUM_BARS; i++)
			if (resource_type(&pdev->resource[i]) == IORESOURCE_IO &&
			    port >= pdev->resource[i].start && port <= pdev->resource[i].end)
				size = pdev->resource[i].end - port + 1;
	return size;
}

static void md_trap_update(struct md_driver *d)
{
	struct md_mmio *r;
	bool trap = false;

	lockdep_assert_held(&d->lock);
	list_for_each_entry(r, &d->mmio, node)
		trap |= !r->mapped;
	WRITE_ONCE(d->trap_mmio, trap);
}

bool md_is_device_memory(u64 physical, u64 size)
{
	return size && physical + size > physical && physical + size - 1 <= iomem_resource.end &&
	       region_intersects(physical, size, IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) == REGION_DISJOINT;
}
EXPORT_SYMBOL_GPL(md_is_device_memory);

static struct md_mmio *md_mmio_take(struct md_driver *d, u64 k)
{
	struct md_mmio *r, *found = NULL;

	spin_lock(&d->lock);
	list_for_each_entry(r, &d->mmio, node) {
		if (r->start == k) {
			found = r;
			break;
		}
	}
	if (found) {
		list_del(&found->node);
		md_trap_update(d);
	}
	spin_unlock(&d->lock);
	return found;
}

static void md_mmio_put(struct md_driver *d, struct md_mmio *r)
{
	struct md_session *s = md_driver_current(d);

	if (s) {
		/* Who found it in the table has said by now that it works on it: md_arg_take(). */
		mutex_lock(&s->sync);
		mutex_unlock(&s->sync);
		if (!r->port)
			md_revoke_settled(s, r->start, r->size);
		md_session_put(s);
	}
	if (r->dev)
		put_device(r->dev);
	kfree(r);
}

/* The device unmaps what it manages right after this: what was registered last is released first. */
static void md_mmio_unbound(struct md_driver *d, u64 start)
{
	struct md_mmio *r = md_mmio_take(d, start);
	u64 mapped;

	if (!r)
		return;
	mapped = r->port ? 0 : r->size;
	md_mmio_put(d, r);
	/* It does so whoever is at work on it. */
	if (mapped && !md_busy_wait(d, start, mapped))
		pr_err("microdriver: %s: registers are unmapped that a downcall works on\n", d->name);
}

int md_mmio_add(struct md_driver *d, u64 k, u64 size, struct device *dev)
{
	struct md_devm *m = NULL;
	unsigned int level;
	struct md_mmio *r;
	pte_t *pte;

	r = kzalloc(sizeof(*r), GFP_NOIO);
	if (!r)
		return -ENOMEM;
	r->start = k;
	if (k < MD_PORT_COOKIES) {
		r->port = true;
		r->size = size ?: md_port_size(k & MD_PORT_MASK);
	} else {
		pte = lookup_address(k, &level);
		if (!pte || !pte_present(*pte)) {
			kfree(r);
			return -EINVAL;
		}
		r->size = size ?: md_mapped_size(k);
		r->mapped = !md_trap && is_vmalloc_addr((void *)k) &&
			    !md_has_neighbours(slow_virt_to_phys((void *)k), r->size);
	}
	if (dev) {
		m = md_devm_new(d, k, md_mmio_unbound);
		if (!m) {
			kfree(r);
			return -ENOMEM;
		}
		r->dev = get_device(dev);
	}
	spin_lock(&d->lock);
	list_add(&r->node, &d->mmio);
	md_trap_update(d);
	spin_unlock(&d->lock);
	if (m)
		md_devm_ride(dev, m);
	return 0;
}

static struct md_mmio *md_mmio_find(struct md_driver *d, u64 k, u64 size)
{
	struct md_mmio *r;

	list_for_each_entry(r, &d->mmio, node)
		if (k >= r->start && size <= r->size && k - r->start <= r->size - size)
			return r;
	return NULL;
}

bool md_mmio_covers(struct md_driver *d, u64 k)
{
	bool covers;

	spin_lock(&d->lock);
	covers = md_mmio_find(d, k, 1);
	spin_unlock(&d->lock);
	return covers;
}

/* For the fault handler: is the page at @k one of registers that may be mapped? */
bool md_mmio_mapped(struct md_driver *d, u64 k)
{
	struct md_mmio *r;
	bool mapped = false;

	lockdep_assert_held(&d->lock);
	if (!d->trap_mmio)
		list_for_each_entry(r, &d->mmio, node)
			mapped |= k + PAGE_SIZE > r->start && k < r->start + r->size;
	return mapped;
}

/* The registers at @k are about to be unmapped: first from the process. */
bool md_mmio_end(struct md_driver *d, u64 k)
{
	struct md_mmio *r = md_mmio_take(d, k);

	if (!r)
		return false;
	if (r->dev)
		md_devm_leave(r->dev, d, k, md_mmio_unbound);
	md_mmio_put(d, r);
	return true;
}

void md_mmio_free_all(struct md_driver *d)
{
	struct md_mmio *r;
	u64 k;

	/* What rides on a device that outlives the module is taken off it. */
	for (;;) {
		spin_lock(&d->lock);
		r = list_first_entry_or_null(&d->mmio, struct md_mmio, node);
		k = r ? r->start : 0;
		spin_unlock(&d->lock);
		if (!r)
			return;
		md_mmio_end(d, k);
	}
}

/* An access of the user half that is not mapped. The lock keeps the registers there. */
int md_mmio_access(struct md_driver *d, bool write, u64 k, u64 size, u64 *value)
{
	void __iomem *p = (void __iomem *)k;
	struct md_mmio *r;
	int err = 0;

	spin_lock(&d->lock);
	r = md_mmio_find(d, k, size);
	if (!r || (r->port && size > 4) || (!r->port && (k & (size - 1))))
		err = -EFAULT;
	else if (write)
		switch (size) {
		case 1:
			iowrite8(*value, p);
			break;
		case 2:
			iowrite16(*value, p);
			break;
		case 4:
			iowrite32(*value, p);
			break;
		case 8:
			writeq(*value, p);
			break;
		default:
			err = -EINVAL;
		}
	else
		switch (size) {
		case 1:
			*value = ioread8(p);
			break;
		case 2:
			*value = ioread16(p);
			break;
		case 4:
			*value = ioread32(p);
			break;
		case 8:
			*value = readq(p);
			break;
		default:
			err = -EINVAL;
		}
	spin_unlock(&d->lock);
	return err;
}
