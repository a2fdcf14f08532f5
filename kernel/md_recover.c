// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recovery: what is in quarantine comes back without anybody's hand (docs/reference/recovery.md).
 *
 * A net device that is up is stopped and opened again by the driver's own operations,
 * as suspend and resume would: its name, addresses, routes and connections stay. Whatever else is
 * removed and bound again. The teardown is salvage (md_journal.c): it is the driver's own code in a
 * fresh process, which knows everything that has to be released.
 *
 * Who comes first does it: a call whose caller holds what it takes, or the work.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "md_runtime.h"

#define MD_PARTS_MAX	16		/* net devices, or devices, of one root */
#define MD_DECIDE_WAIT	(5 * HZ)	/* for calls that died and have not decided */

/* Is there a process, or may one be started? */
static bool md_may_serve(struct md_driver *d)
{
	return (READ_ONCE(d->state) == MD_SERVING && !READ_ONCE(d->teardown_only)) ||
	       (md_restarts_left(d) && READ_ONCE(d->state) != MD_DETACHING);
}

/* ---- net devices (under rtnl) ------------------------------------------------------------ */

/* It is there, and can be stopped and opened. */
static bool md_net_works(const struct net_device *dev)
{
	return dev->reg_state == NETREG_REGISTERED && dev->netdev_ops->ndo_stop && dev->netdev_ops->ndo_open;
}

static struct net_device *md_net_of(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	struct net_device *dev = (struct net_device *)instance;

	/* Of others nobody holds what a dead call may have freed. */
	if (!instance || !(p->holds & MD_HOLDS_RTNL) || !md_instance_is(d, p, "struct net_device"))
		return NULL;
	return md_net_works(dev) ? dev : NULL;
}

bool md_recover_part(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	struct net_device *dev = md_net_of(d, p, instance);

	return dev && netif_running(dev) && md_may_serve(d);
}

/* The core sets one mark before ndo_open, and the other when that has succeeded; it clears them likewise. */
bool md_recover_opening(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	struct net_device *dev = md_net_of(d, p, instance);

	return dev && netif_running(dev) && !(dev->flags & IFF_UP);
}

bool md_recover_closing(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	struct net_device *dev = md_net_of(d, p, instance);

	return dev && !netif_running(dev) && dev->flags & IFF_UP;
}

static u64 md_root_of_device(struct device *dev)
{
	if (dev_is_pci(dev))
		return (u64)to_pci_dev(dev);
	if (dev->bus == &platform_bus_type)
		return (u64)to_platform_device(dev);
	return (u64)dev;
}

static bool md_net_concerned(struct md_driver *d, u64 root, struct net_device *dev)
{
	if (!md_net_works(dev) || !within_module((unsigned long)dev->netdev_ops, d->m->owner))
		return false;
	return !root || root == (u64)dev || (dev->dev.parent && md_root_of_device(dev->dev.parent) == root);
}

/* Those that are up, or on their way. */
static int md_net_running(struct md_driver *d, u64 root, struct net_device **devs)
{
	struct net_device *dev;
	struct net *net;
	int count = 0;

	down_read(&net_rwsem);
	for_each_net(net)
		for_each_netdev(net, dev)
			if (count < MD_PARTS_MAX && netif_running(dev) && md_net_concerned(d, root, dev))
				devs[count++] = dev;
	up_read(&net_rwsem);
	return count;
}

/* Nothing of it is in flight, or begins. */
static void md_net_quiesce(struct net_device *dev)
{
	netif_device_detach(dev);
	synchronize_net();
}

/* No device writes to what is freed. True if it could before. */
static bool md_net_fence(struct net_device *dev)
{
	struct pci_dev *pdev;
	u16 command;

	if (!dev->dev.parent || !dev_is_pci(dev->dev.parent))
		return false;
	pdev = to_pci_dev(dev->dev.parent);
	if (pci_read_config_word(pdev, PCI_COMMAND, &command) || !(command & PCI_COMMAND_MASTER))
		return false;
	pci_clear_master(pdev);
	return true;
}

static void md_net_stop(struct md_driver *d, u64 root, struct net_device *dev)
{
	bool master = md_net_fence(dev);
	struct md_chain chain = {};

	WRITE_ONCE(d->salvager, current);
	md_gate_tearing(d, true);
	dev->netdev_ops->ndo_stop(dev);
	md_undo_unseen_of(d, root, &chain);
	md_gate_tearing(d, false);
	WRITE_ONCE(d->salvager, NULL);
	if (master)
		pci_set_master(to_pci_dev(dev->dev.parent));
}

static int md_net_start(struct net_device *dev)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	int err = ops->ndo_open(dev);

	if (err)
		return err;
	if (ops->ndo_set_rx_mode) {
		netif_addr_lock_bh(dev);
		ops->ndo_set_rx_mode(dev);
		netif_addr_unlock_bh(dev);
	}
	netif_device_attach(dev);
	return 0;
}

/* False: there is none that works, or one does not open any more. */
static bool md_net_restart(struct md_driver *d, u64 root, const char *entry)
{
	struct net_device *devs[MD_PARTS_MAX];
	int i, err = 0, count = md_net_running(d, root, devs);

	for (i = 0; i < count; i++) {
		if (devs[i]->flags & IFF_UP)
			md_net_quiesce(devs[i]);
		md_net_stop(d, root, devs[i]);
	}
	if (!count)
		return false;
	/* From here on the gate is open. */
	md_taint_end(d, root);
	for (i = 0; i < count; i++)
		if (devs[i]->flags & IFF_UP)
			err = md_net_start(devs[i]) ?: err;
	if (err)
		md_taint_again(d, root, entry);
	return !err;
}

/* ---- devices ----------------------------------------------------------------------------- */

struct md_bound {
	struct md_driver *d;
	u64 root;
	struct device *dev[MD_PARTS_MAX];
	int count;
};

static int md_device_bound(struct device *dev, void *v)
{
	struct md_bound *b = v;

	if (b->count < MD_PARTS_MAX && dev->driver && dev->driver->owner == b->d->m->owner &&
	    (!b->root || b->root == md_root_of_device(dev)))
		b->dev[b->count++] = get_device(dev);
	return 0;
}

/* The driver core's own remove and probe: what the driver exports goes, and comes anew. False: a device stayed without its driver. */
static bool md_rebind(struct md_driver *d, u64 root)
{
	struct md_bound b = { .d = d, .root = root };
	bool all = true;
	int i;

	bus_for_each_dev(&pci_bus_type, NULL, &b, md_device_bound);
	bus_for_each_dev(&platform_bus_type, NULL, &b, md_device_bound);
	for (i = 0; i < b.count; i++) {
		struct device_driver *driver = READ_ONCE(b.dev[i]->driver);

		if (driver && !READ_ONCE(d->leaving)) {
			device_release_driver(b.dev[i]);
			if (device_driver_attach(driver, b.dev[i])) {
				dev_err(b.dev[i], "%s does not bind again\n", d->name);
				all = false;
			}
		}
		put_device(b.dev[i]);
	}
	return all;
}

/* ---- who does it ----------------------------------------------------------------------------- */

static void md_recovered(struct md_driver *d, const char *entry, ktime_t since)
{
	s64 us = ktime_us_delta(ktime_get(), since);

	atomic64_inc(&d->stat.recovered);
	if (us > atomic64_read(&d->stat.recovery_max_us))
		atomic64_set(&d->stat.recovery_max_us, us);
	pr_info("microdriver: %s: recovered: the user half had died in %s with its work half done\n", d->name, entry);
}

/* Calls that died know soon what becomes of their instance; they need nothing that the caller may hold. */
static bool md_undecided(struct md_driver *d)
{
	struct md_activation *act;
	bool undecided = false;

	spin_lock(&d->lock);
	list_for_each_entry(act, &d->exposed, exposed)
		undecided |= READ_ONCE(act->session->dead);
	spin_unlock(&d->lock);
	return undecided || md_taint_undecided(d);
}

bool md_recover_here(struct md_driver *d, const struct md_plan *p, u64 instance, const struct md_chain *chain)
{
	ktime_t since = ktime_get();
	const char *entry;
	u64 root;

	if (!(p->holds & MD_HOLDS_RTNL) || chain->parent)
		return false;
	wait_event_timeout(d->wait, !md_undecided(d), MD_DECIDE_WAIT);
	if (md_may_serve(d) && md_taint_next(d, &root, &entry) && md_net_restart(d, root, entry))
		md_recovered(d, entry, since);
	return !md_quarantined(d, p, instance);
}

void md_recover_work(struct work_struct *work)
{
	struct md_driver *d = container_of(work, struct md_driver, recover);
	const char *entry;
	u64 root;

	while (!READ_ONCE(d->leaving) && md_taint_next(d, &root, &entry)) {
		ktime_t since = ktime_get();
		bool first = true, bound = true;

		/* Those that died with it have their say first. */
		wait_event_timeout(d->wait, !md_undecided(d) || READ_ONCE(d->leaving), MD_DECIDE_WAIT);
		if (md_may_serve(d)) {
			rtnl_lock();
			first = md_tainted(d, root);
			if (first)
				md_net_restart(d, root, entry);
			rtnl_unlock();
			if (md_tainted(d, root) && md_may_serve(d))
				bound = md_rebind(d, root);
		}
		if (md_tainted(d, root)) {
			md_taint_hopeless(d, root);
			pr_err("microdriver: %s: tainted: the user half died in %s with its work half done; unbind its device\n",
			       d->name, entry);
		} else if (first && bound) {
			md_recovered(d, entry, since);
		}
	}
}
