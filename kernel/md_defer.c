// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that are put off into process context: a request per (deferral, arguments),
 * noted in any context and run by one worker per driver, in order. What the
 * caller waits for elsewhere (md_defer_flush) is that nothing noted so far is
 * left: so it runs before the next upcall, and before what it works on ends.
 *
 * A request is not the memory's owner. Whoever ends an object runs the requests
 * that mention it first, or, where waiting could not end (it is part of what runs,
 * or holds the gate that it needs), takes them off the list.
 */
#include <linux/preempt.h>
#include <linux/slab.h>
#include "md_runtime.h"

static struct workqueue_struct *md_defer_queue;

static u32 md_request_count(const struct md_module *m, const struct md_deferral *deferral)
{
	const struct md_plan *p = &m->plans[deferral->plan];

	return p->param_count + p->hidden_count;
}

/* A spare one, or a new one. Under deferring->lock. */
static struct md_request *md_request_new(struct md_deferring *f)
{
	struct md_request *r = list_first_entry_or_null(&f->spare, struct md_request, node);

	if (r) {
		list_del(&r->node);
		return r;
	}
	r = kzalloc(sizeof(*r), GFP_ATOMIC | __GFP_NOWARN);
	if (r)
		r->allocated = true;
	return r;
}

static void md_request_end(struct md_deferring *f, struct md_request *r)
{
	if (r->allocated)
		kfree(r);
	else
		list_add(&r->node, &f->spare);
}

void md_defer(struct md_module *m, const struct md_deferral *deferral, const u64 *args)
{
	struct md_driver *d = m->runtime;
	/* What the caller had off, the deferred entry believes to be off. */
	bool bh = softirq_count() || irqs_disabled();
	struct md_deferring *f;
	struct md_request *r;
	unsigned long flags;
	u32 count;

	if (!d || deferral->plan >= m->plan_count)
		return;
	f = &d->deferring;
	count = md_request_count(m, deferral);
	spin_lock_irqsave(&f->lock, flags);
	list_for_each_entry(r, &f->pending, node) {
		if (r->deferral == deferral && !memcmp(r->args, args, count * sizeof(u64))) {
			r->bh |= bh;
			f->coalesced++;
			goto out;
		}
	}
	r = f->stopped ? NULL : md_request_new(f);
	if (r) {
		r->deferral = deferral;
		r->bh = bh;
		r->ticket = ++f->tickets;
		memcpy(r->args, args, count * sizeof(u64));
		list_add_tail(&r->node, &f->pending);
		f->deferred++;
	} else if (!f->stopped && !f->lost++) {
		pr_err("microdriver: %s: no memory to put off %s\n", d->name,
		       m->plans[deferral->plan].name);
	}
out:
	/* Under the lock: once stopped, nothing is queued any more. */
	if (!f->stopped)
		queue_work(md_defer_queue, &f->work);
	spin_unlock_irqrestore(&f->lock, flags);
}
EXPORT_SYMBOL_GPL(md_defer);

static struct md_request *md_request_next(struct md_deferring *f)
{
	struct md_request *r;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	r = list_first_entry_or_null(&f->pending, struct md_request, node);
	WRITE_ONCE(f->running, r);
	/* Pairs with md_deferring(): it is seen in the one place or in the other. */
	smp_wmb();
	if (r)
		list_del_init(&r->node);
	spin_unlock_irqrestore(&f->lock, flags);
	return r;
}

/* Is anything noted or running? */
__md_hot_call
bool md_deferring(const struct md_driver *d)
{
	const struct md_deferring *f = &d->deferring;

	if (!list_empty_careful(&f->pending))
		return true;
	/* Pairs with md_request_next(). */
	smp_rmb();
	return READ_ONCE(f->running);
}

static void md_request_run(struct md_driver *d, struct md_request *r)
{
	const struct md_plan *p = &d->m->plans[r->deferral->plan];
	struct md_chain chain = { .request = r };
	u64 instance = md_instance_of(p, r->args);
	int err = 0;

	if (md_quarantined(d, p, instance)) {
		d->deferring.dropped++;
		return;
	}
	if (r->deferral->closes)
		err = md_gate_exclude(d);
	if (!err) {
		err = md_upcall_chain(d->m, r->deferral->plan, r->args, NULL, &chain);
		if (r->deferral->closes)
			md_gate_include(d);
	}
	if (err)
		d->deferring.dropped++;
	if (err && !md_quarantined(d, p, instance))
		pr_err("microdriver: %s: the deferred %s did not run: %d\n", d->name, p->name, err);
}

static void md_defer_work(struct work_struct *work)
{
	struct md_deferring *f = container_of(work, struct md_deferring, work);
	struct md_driver *d = container_of(f, struct md_driver, deferring);
	struct md_request *r;
	unsigned long flags;

	while ((r = md_request_next(f))) {
		md_request_run(d, r);
		spin_lock_irqsave(&f->lock, flags);
		WRITE_ONCE(f->running, NULL);
		md_request_end(f, r);
		spin_unlock_irqrestore(&f->lock, flags);
		wake_up_all(&f->done);
	}
}

/* ---- waiting ------------------------------------------------------------------- */

/* Does @r mention [k, k + size)? A @size of 0: any will do. */
static bool md_request_mentions(struct md_driver *d, const struct md_request *r, u64 k, u64 size)
{
	u32 i;

	if (!size)
		return true;
	for (i = 0; i < md_request_count(d->m, r->deferral); i++)
		if (r->args[i] - k < size)
			return true;
	return false;
}

/* Is one noted up to @ticket left that mentions [k, k + size)? */
static bool md_defer_left(struct md_driver *d, u64 ticket, u64 k, u64 size)
{
	struct md_deferring *f = &d->deferring;
	struct md_request *r;
	unsigned long flags;
	bool left;

	spin_lock_irqsave(&f->lock, flags);
	r = f->running;
	left = r && r->ticket <= ticket && md_request_mentions(d, r, k, size);
	list_for_each_entry(r, &f->pending, node)
		left |= r->ticket <= ticket && md_request_mentions(d, r, k, size);
	spin_unlock_irqrestore(&f->lock, flags);
	return left;
}

static bool md_chain_deferred(const struct md_chain *chain)
{
	for (; chain; chain = chain->parent)
		if (chain->request)
			return true;
	return false;
}

/* A deferred entry would wait for this chain in turn. */
static bool md_defer_may_wait(struct md_driver *d, const struct md_chain *chain)
{
	return !md_chain_deferred(chain) && !md_chain_holds(&d->gating, chain);
}

void md_defer_flush(struct md_driver *d, const struct md_chain *chain)
{
	struct md_deferring *f = &d->deferring;
	u64 ticket = READ_ONCE(f->tickets);

	if (!md_deferring(d) || !md_defer_may_wait(d, chain))
		return;
	wait_event(f->done, !md_defer_left(d, ticket, 0, 0));
}

/* Takes pending requests that mention [k, k + size) off the list. */
static void md_defer_cancel(struct md_driver *d, u64 k, u64 size)
{
	struct md_deferring *f = &d->deferring;
	struct md_request *r, *next;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	list_for_each_entry_safe(r, next, &f->pending, node) {
		if (md_request_mentions(d, r, k, size)) {
			list_del(&r->node);
			md_request_end(f, r);
		}
	}
	spin_unlock_irqrestore(&f->lock, flags);
	wake_up_all(&f->done);
}

/* The session that runs a deferred entry, while it does. The caller holds a reference to it. */
void md_defer_serve(struct md_driver *d, struct md_session *s)
{
	struct md_deferring *f = &d->deferring;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->server = s;
	spin_unlock_irqrestore(&f->lock, flags);
}

/* Of a request that mentions [k, k + size); no other: a fresh one may serve somebody else by now. */
static void md_defer_fail_server(struct md_driver *d, u64 k, u64 size)
{
	struct md_deferring *f = &d->deferring;
	struct md_session *s;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	s = f->running && md_request_mentions(d, f->running, k, size) ? f->server : NULL;
	if (s)
		md_session_get(s);
	spin_unlock_irqrestore(&f->lock, flags);
	if (!s)
		return;
	md_session_fail(s, "releases what a deferred entry works on");
	md_session_put(s);
}

void md_defer_release(struct md_driver *d, const struct md_chain *chain, u64 k, u64 size)
{
	struct md_deferring *f = &d->deferring;

	size = max(size, 1ULL);
	if (!md_defer_left(d, U64_MAX, k, size))
		return;
	if (chain && md_defer_may_wait(d, chain)) {
		wait_event(f->done, !md_defer_left(d, U64_MAX, k, size));
		return;
	}
	md_defer_cancel(d, k, size);
	/* One that ends what it was called for itself may go on. */
	if (md_chain_deferred(chain) || !md_defer_left(d, U64_MAX, k, size))
		return;
	WRITE_ONCE(f->abandon, true);
	do {
		md_defer_fail_server(d, k, size);
		wake_up_all(&d->gating.wait);
	} while (!wait_event_timeout(f->done, !md_defer_left(d, U64_MAX, k, size), HZ / 10));
	WRITE_ONCE(f->abandon, false);
}

/* ---- life -------------------------------------------------------------------------- */

void md_defer_init(struct md_driver *d)
{
	struct md_deferring *f = &d->deferring;
	u32 i;

	spin_lock_init(&f->lock);
	init_waitqueue_head(&f->done);
	INIT_LIST_HEAD(&f->pending);
	INIT_LIST_HEAD(&f->spare);
	INIT_WORK(&f->work, md_defer_work);
	for (i = 0; i < MD_REQUESTS_READY; i++)
		list_add(&f->ready[i].node, &f->spare);
}

/* Nothing more is noted, what is pending is dropped, what runs ends (the caller has seen to that). */
void md_defer_stop(struct md_driver *d)
{
	struct md_deferring *f = &d->deferring;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->stopped = true;
	spin_unlock_irqrestore(&f->lock, flags);
	md_defer_cancel(d, 0, 0);
	cancel_work_sync(&f->work);
}

void md_defer_show(struct seq_file *f, struct md_driver *d)
{
	seq_printf(f, "deferred %llu\n", READ_ONCE(d->deferring.deferred));
	seq_printf(f, "deferred_coalesced %llu\n", READ_ONCE(d->deferring.coalesced));
	seq_printf(f, "deferred_dropped %llu\n", READ_ONCE(d->deferring.dropped));
	seq_printf(f, "shipped %lld\n", atomic64_read(&d->stat.shipped));
}

int md_defer_start(void)
{
	/* Upcalls may be needed to free memory. */
	md_defer_queue = alloc_workqueue("microdriver", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return md_defer_queue ? 0 : -ENOMEM;
}

void md_defer_exit(void)
{
	destroy_workqueue(md_defer_queue);
}
