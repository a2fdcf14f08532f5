// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that fill in a result and may neither fail nor wait (ndo_get_stats64): while the gate is closed they give what they
 * gave last, per object. What a reader has seen must not be taken back, so running and keeping are one step for the others: two
 * readers at once would keep their results in either order.
 */
#include <linux/slab.h>
#include "md_runtime.h"

struct md_kept {
	struct list_head node;		/* gating->kept_results */
	struct md_gating *gating;
	const void *owner;
	spinlock_t lock;		/* around the entry; outside gating->lock */
	bool filled;
	bool ended;			/* its owner has; the last user frees it */
	u32 users;			/* between md_gate_keep() and md_gate_kept() */
	u32 size;
	u8 result[];
};

static struct md_kept *md_kept_find(struct md_gating *g, const void *owner)
{
	struct md_kept *k;

	lockdep_assert_held(&g->lock);
	list_for_each_entry(k, &g->kept_results, node)
		if (k->owner == owner)
			return k;
	return NULL;
}

static struct md_kept *md_kept_new(struct md_gating *g, const void *owner, u32 size)
{
	struct md_kept *k = kzalloc(struct_size(k, result, size), GFP_ATOMIC), *other;
	unsigned long flags;

	if (!k)
		return NULL;
	k->gating = g;
	k->owner = owner;
	k->size = size;
	spin_lock_init(&k->lock);
	spin_lock_irqsave(&g->lock, flags);
	other = md_kept_find(g, owner);
	if (!other)
		list_add(&k->node, &g->kept_results);
	(other ?: k)->users++;
	spin_unlock_irqrestore(&g->lock, flags);
	if (other)
		kfree(k);
	return other ?: k;
}

/* Before the entry runs. Without memory nothing is kept, and a later contended reader sees no more than the caller's zeros. */
void *md_gate_keep(struct md_gate *gate, const void *owner, u32 size)
{
	struct md_driver *d = gate->runtime;
	struct md_gating *g = &d->gating;
	struct md_kept *k;
	unsigned long flags;

	spin_lock_irqsave(&g->lock, flags);
	k = md_kept_find(g, owner);
	if (k)
		k->users++;
	spin_unlock_irqrestore(&g->lock, flags);
	if (!k)
		k = md_kept_new(g, owner, size);
	if (k)
		spin_lock(&k->lock);
	return k;
}
EXPORT_SYMBOL_GPL(md_gate_keep);

/* After it: @kept is what md_gate_keep() gave. */
void md_gate_kept(void *kept, const void *result)
{
	struct md_kept *k = kept;
	struct md_gating *g;
	unsigned long flags;
	bool last;

	if (!k)
		return;
	g = k->gating;
	spin_lock_irqsave(&g->lock, flags);
	memcpy(k->result, result, k->size);
	k->filled = true;
	spin_unlock_irqrestore(&g->lock, flags);
	spin_unlock(&k->lock);
	spin_lock_irqsave(&g->lock, flags);
	last = !--k->users && k->ended;
	spin_unlock_irqrestore(&g->lock, flags);
	if (last)
		kfree(k);
}
EXPORT_SYMBOL_GPL(md_gate_kept);

/* The contended action: @result stays as the caller made it if there was none before. */
bool md_gate_last(struct md_gate *gate, const void *owner, void *result)
{
	struct md_driver *d = gate->runtime;
	struct md_gating *g = &d->gating;
	struct md_kept *k;
	unsigned long flags;
	bool closed;

	spin_lock_irqsave(&g->lock, flags);
	closed = md_contended(g, MD_ACTION_LAST);
	k = closed ? md_kept_find(g, owner) : NULL;
	if (k && k->filled)
		memcpy(result, k->result, k->size);
	spin_unlock_irqrestore(&g->lock, flags);
	return closed;
}
EXPORT_SYMBOL_GPL(md_gate_last);

/* @owner has ended (NULL: everything has); under gating->lock. A reader may be inside all the same. */
void md_keep_purge(struct md_gating *g, const void *owner)
{
	struct md_kept *k, *next;

	lockdep_assert_held(&g->lock);
	list_for_each_entry_safe(k, next, &g->kept_results, node) {
		if (owner && k->owner != owner)
			continue;
		list_del(&k->node);
		k->ended = true;
		if (!k->users)
			kfree(k);
	}
}
