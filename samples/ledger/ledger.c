// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ledger with three clerks, for QEMU's teaching device "edu": the interrupt handler, a timer, and whoever writes to the file "book" all
 * make entries under one spinlock. The total must always be the sum of what the clerks say they entered. If ever two of them are at
 * the book at once, an entry is lost and the sums differ from then on.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/timer.h>

#define EDU_STATUS	0x24	/* why it interrupts */
#define EDU_RAISE	0x60	/* interrupt, for this reason */
#define EDU_ACK		0x64

static bool msi;
module_param(msi, bool, 0444);
MODULE_PARM_DESC(msi, "Message-signalled interrupts: edges, that the device does not repeat");

struct ledger {
	spinlock_t lock;	/* everything down to wrong */
	u64 total;
	u64 by_irq;
	u64 by_timer;
	u64 by_user;
	u64 wrong;		/* entries at which the sums differed */
	void __iomem *regs;
	struct timer_list timer;
	struct pci_dev *pdev;
};

static void ledger_check(struct ledger *l)
{
	if (l->total != l->by_irq + l->by_timer + l->by_user)
		l->wrong++;
}

static irqreturn_t ledger_irq(int irq, void *data)
{
	struct ledger *l = data;
	u32 why = readl(l->regs + EDU_STATUS);

	if (!why)
		return IRQ_NONE;
	writel(why, l->regs + EDU_ACK);

	spin_lock(&l->lock);
	l->by_irq++;
	l->total++;
	ledger_check(l);
	spin_unlock(&l->lock);
	return IRQ_HANDLED;
}

static void ledger_tick(struct timer_list *t)
{
	struct ledger *l = from_timer(l, t, timer);
	unsigned long flags;

	spin_lock_irqsave(&l->lock, flags);
	l->by_timer++;
	l->total++;
	ledger_check(l);
	spin_unlock_irqrestore(&l->lock, flags);
	mod_timer(&l->timer, jiffies + 1);
}

/* A number: makes so many entries, and has the device interrupt in the middle of each. */
static ssize_t book_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct ledger *l = dev_get_drvdata(dev);
	unsigned int entries;
	unsigned long flags;
	u64 total;

	if (kstrtouint(buf, 0, &entries))
		return -EINVAL;
	while (entries--) {
		spin_lock_irqsave(&l->lock, flags);
		total = l->total;
		writel(1, l->regs + EDU_RAISE);
		/* The interrupt is pending when this has been read. */
		readl(l->regs + EDU_STATUS);
		l->by_user++;
		l->total = total + 1;
		spin_unlock_irqrestore(&l->lock, flags);
	}
	return count;
}
static DEVICE_ATTR_WO(book);

static ssize_t balance_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ledger *l = dev_get_drvdata(dev);
	unsigned long flags;
	u64 total, irq, timer, user, wrong;

	spin_lock_irqsave(&l->lock, flags);
	total = l->total;
	irq = l->by_irq;
	timer = l->by_timer;
	user = l->by_user;
	wrong = l->wrong;
	spin_unlock_irqrestore(&l->lock, flags);
	return sysfs_emit(buf, "total %llu irq %llu timer %llu user %llu wrong %llu\n", total, irq, timer, user, wrong);
}
static DEVICE_ATTR_RO(balance);

/* Reasons for which the device interrupted and which nobody has answered. */
static ssize_t unanswered_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ledger *l = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", readl(l->regs + EDU_STATUS));
}
static DEVICE_ATTR_RO(unanswered);

static struct attribute *ledger_attrs[] = {
	&dev_attr_book.attr,
	&dev_attr_balance.attr,
	&dev_attr_unanswered.attr,
	NULL
};
ATTRIBUTE_GROUPS(ledger);

static int ledger_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ledger *l;
	int err;

	l = kzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		return -ENOMEM;
	spin_lock_init(&l->lock);
	l->pdev = pdev;
	err = pci_enable_device(pdev);
	if (err)
		goto out_free;
	err = pci_request_regions(pdev, "ledger");
	if (err)
		goto out_disable;
	l->regs = pci_iomap(pdev, 0, 0);
	if (!l->regs) {
		err = -EIO;
		goto out_release;
	}
	if (msi) {
		/* A message is a write to memory by the device. */
		pci_set_master(pdev);
		err = pci_enable_msi(pdev);
		if (err)
			goto out_unmap;
	}
	pci_set_drvdata(pdev, l);
	timer_setup(&l->timer, ledger_tick, 0);
	err = request_irq(pdev->irq, ledger_irq, IRQF_SHARED, "ledger", l);
	if (err)
		goto out_msi;
	mod_timer(&l->timer, jiffies + 1);
	return 0;

out_msi:
	if (msi)
		pci_disable_msi(pdev);
out_unmap:
	pci_iounmap(pdev, l->regs);
out_release:
	pci_release_regions(pdev);
out_disable:
	pci_disable_device(pdev);
out_free:
	kfree(l);
	return err;
}

static void ledger_remove(struct pci_dev *pdev)
{
	struct ledger *l = pci_get_drvdata(pdev);

	free_irq(pdev->irq, l);
	del_timer_sync(&l->timer);
	if (msi)
		pci_disable_msi(pdev);
	pci_iounmap(pdev, l->regs);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
	kfree(l);
}

static const struct pci_device_id ledger_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ledger_ids);

static struct pci_driver ledger_driver = {
	.name = "ledger",
	.id_table = ledger_ids,
	.probe = ledger_probe,
	.remove = ledger_remove,
	.dev_groups = ledger_groups,
};
module_pci_driver(ledger_driver);

MODULE_DESCRIPTION("A ledger that an interrupt handler, a timer and a file write to");
MODULE_LICENSE("GPL");
