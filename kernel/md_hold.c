// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds the gate: a chain, that is an upcall with those that it leads to.
 *
 * A chain closes it for the user half's locks, nested ones by count, and what the runtime does
 * around the chain's downcalls follows from that: the context is the one that the lock would
 * make; a function that takes the lock itself is inside already; one that waits for
 * entries keeps others from closing (settles).
 *
 * A chain that dies with the gate closed leaves it open if nothing was published, else
 * closed: *kept* until its call is repeated or undone, *stalled* if neither helps.
 */
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include "md_runtime.h"

#define MD_SETTLE_WAIT	HZ		/* how long a settling call keeps others from closing */

bool md_chain_holds(const struct md_gating *g, const struct md_chain *chain)
{
	const struct md_chain *owner = READ_ONCE(g->owner);

	/* Only members of the chain can find themselves in it: no lock needed. */
	for (; owner && chain; chain = chain->parent)
		if (chain == owner)
			return true;
	return false;
}

static bool md_gate_try_own(struct md_gating *g, struct md_chain *chain, bool push)
{
	unsigned long flags;
	bool mine;

	spin_lock_irqsave(&g->lock, flags);
	if (!g->owner)
		g->owner = chain;
	mine = md_chain_holds(g, chain);
	/* One that waits for what this upcall would do must not keep it waiting: what it ends is purged then. */
	if (!mine && push && g->settles && !g->closes && !g->kept) {
		g->owner = chain;
		g->settles = 0;
		mine = true;
	}
	spin_unlock_irqrestore(&g->lock, flags);
	return mine;
}

/*
 * With @s killable. With @push an owner that only waits for others is overtaken in the end, for
 * it may wait for what the caller holds. 0 or -EHOSTDOWN.
 */
static int md_gate_own(struct md_gating *g, struct md_chain *chain, struct md_session *s, bool push)
{
	long left = MD_SETTLE_WAIT;

	if (md_gate_try_own(g, chain, false))
		return 0;
	atomic64_inc(&g->waits);
	while (left > 0) {
		if (!s)
			left = wait_event_timeout(g->wait, md_gate_try_own(g, chain, false), left);
		else
			left = wait_event_killable_timeout(g->wait,
							   md_gate_try_own(g, chain, false) ||
							   READ_ONCE(s->dead), left);
		if (md_chain_holds(g, chain))
			return 0;
		if (left < 0 || (s && READ_ONCE(s->dead)))
			return -EHOSTDOWN;
		if (!left) {
			if (push && md_gate_try_own(g, chain, true))
				return 0;
			left = MD_SETTLE_WAIT;
		}
	}
	return 0;
}

/* Under gating->lock: the chain gives the gate up if it holds it for nothing any more. */
static void md_gate_disown(struct md_gating *g)
{
	if (!g->closes && !g->settles && !g->kept)
		g->owner = NULL;
}

static void md_gate_note_hold(struct md_gating *g)
{
	u64 us = ktime_us_delta(ktime_get(), g->since);

	if (us > g->hold_max_us)
		g->hold_max_us = us;
}

static void md_gate_give_up(struct md_gating *g)
{
	unsigned long flags;

	spin_lock_irqsave(&g->lock, flags);
	md_gate_disown(g);
	spin_unlock_irqrestore(&g->lock, flags);
	wake_up_all(&g->wait);
}

int md_gate_close(struct md_activation *act, u64 context)
{
	struct md_gating *g = &act->driver->gating;
	struct md_chain *chain = act->chain;
	unsigned long flags;
	bool first;
	int err;

	if (!g->gate || context > MD_GATE_IRQ)
		return -EPROTO;
	err = md_gate_own(g, chain, act->session, true);
	if (err)
		return err;
	if (READ_ONCE(g->stalled) && !md_chain_salvages(chain) &&
	    md_quarantined(act->driver, act->plan, act->instance)) {
		md_gate_give_up(g);
		md_session_fail(act->session, "works on what another left half done");
		return -EHOSTDOWN;
	}
	spin_lock_irqsave(&g->lock, flags);
	first = !g->closes++;
	chain->closes++;
	chain->contexts[context]++;
	spin_unlock_irqrestore(&g->lock, flags);
	if (!first)
		return 0;
	g->since = ktime_get();
	/* Left closed by one who died, it is to stay so. */
	err = g->kept || g->stalled ? 0 : md_gate_shut(g, MD_GATE_LOCK);
	if (err) {
		spin_lock_irqsave(&g->lock, flags);
		g->closes--;
		chain->closes--;
		chain->contexts[context]--;
		md_gate_disown(g);
		spin_unlock_irqrestore(&g->lock, flags);
		wake_up_all(&g->wait);
		md_session_fail(act->session, "waits for an entry of the kernel half that does not end");
		return -EHOSTDOWN;
	}
	g->published = false;
	md_expose(act);
	md_watch_writes(act->session);
	return 0;
}

int md_gate_open(struct md_activation *act, u64 context)
{
	struct md_gating *g = &act->driver->gating;
	struct md_chain *chain = act->chain;
	unsigned long flags;

	if (!g->gate || context > MD_GATE_IRQ || !chain->closes)
		return -EPROTO;
	flags = md_gate_lock(g);
	/* Locked with and unlocked without interrupts off, or the like. */
	while (!chain->contexts[context])
		context = context ? context - 1 : MD_GATE_IRQ;
	chain->contexts[context]--;
	chain->closes--;
	if (!--g->closes) {
		md_gate_note_hold(g);
		if (!g->kept && !g->stalled)
			md_gate_unwant(g, MD_GATE_LOCK);
		md_gate_disown(g);
	}
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
	if (READ_ONCE(g->tearing))
		md_gate_tear(g);
	return 0;
}

/* ---- death ----------------------------------------------------------------------------- */

void md_gate_publish(struct md_driver *d, const struct md_chain *chain)
{
	struct md_gating *g = &d->gating;

	if (g->gate && READ_ONCE(g->closes) && md_chain_holds(g, chain))
		WRITE_ONCE(g->published, true);
}

/*
 * In the caller, when the activation has ended with the gate closed: opens it, or keeps it
 * for md_gate_end(). True: something was published meanwhile.
 */
bool md_gate_lost(struct md_activation *act)
{
	struct md_gating *g = &act->driver->gating;
	struct md_chain *chain = act->chain;
	unsigned long flags;
	bool half;

	flags = md_gate_lock(g);
	half = g->published || READ_ONCE(act->session->device_written);
	g->closes -= chain->closes;
	chain->closes = 0;
	memset(chain->contexts, 0, sizeof(chain->contexts));
	if (!g->closes) {
		md_gate_note_hold(g);
		if (g->kept || g->stalled)
			;	/* as it was */
		else if (!half)
			md_gate_unwant(g, MD_GATE_LOCK);
		else if (g->owner == chain)
			g->kept = true;
		else
			g->stalled = true;
		md_gate_disown(g);
	}
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
	return half;
}

/* The upcall is not repeated any more; @sound: what a predecessor left half done is done. */
__md_hot_call
void md_gate_end(struct md_driver *d, struct md_chain *chain, bool sound)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;

	if (READ_ONCE(g->owner) != chain)
		return;
	flags = md_gate_lock(g);
	if (g->kept) {
		g->kept = false;
		if (!sound)
			g->stalled = true;
		else if (!g->stalled)
			md_gate_unwant(g, MD_GATE_LOCK);
	}
	md_gate_disown(g);
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
}

/* Something is tainted: the kernel half is not to meet it. */
void md_gate_stall(struct md_driver *d, struct md_chain *chain)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;
	int err = 0;

	if (!g->gate || READ_ONCE(g->stalled))
		return;
	md_gate_own(g, chain, NULL, true);
	if (!READ_ONCE(g->closes) && !READ_ONCE(g->stalled))
		err = md_gate_shut(g, MD_GATE_LOCK);
	if (err)
		pr_err("microdriver: %s: the gate stays open: an entry of the kernel half does not end\n",
		       d->name);
	spin_lock_irqsave(&g->lock, flags);
	g->stalled = !err;
	md_gate_disown(g);
	spin_unlock_irqrestore(&g->lock, flags);
	wake_up_all(&g->wait);
}

/* Nothing is tainted any more. */
void md_gate_unstall(struct md_driver *d)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;

	if (!g->gate || !READ_ONCE(g->stalled))
		return;
	flags = md_gate_lock(g);
	g->stalled = false;
	if (!g->closes && !g->kept)
		md_gate_unwant(g, MD_GATE_LOCK);
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
}

/* Around a teardown, which may wait for entries that wait for the gate. */
void md_gate_tearing(struct md_driver *d, bool on)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;

	if (!g->gate)
		return;
	spin_lock_irqsave(&g->lock, flags);
	g->tearing += on ? 1 : -1;
	spin_unlock_irqrestore(&g->lock, flags);
	/* Pairs with md_gate_wait(). */
	smp_mb();
	if (on)
		md_gate_tear(g);
}

/* ---- around downcalls ---------------------------------------------------------------------- */

/* Enters, or becomes the owner of a stalled gate, which it leaves closed: what it does is the user half's doing. */
static u8 md_gate_go_in(struct md_gating *g, struct md_chain *chain)
{
	unsigned long flags;

	while (!md_gate_enter(g->gate, MD_GATE_LOCK)) {
		atomic64_inc(&g->waits);
		wait_event(g->wait, !(READ_ONCE(g->gate->closed) & MD_GATE_LOCK) ||
			   READ_ONCE(g->stalled));
		if (!READ_ONCE(g->stalled))
			continue;
		md_gate_own(g, chain, NULL, false);
		spin_lock_irqsave(&g->lock, flags);
		g->closes++;
		spin_unlock_irqrestore(&g->lock, flags);
		return MD_HELD_SHUT;
	}
	chain->inside = true;
	return MD_ENTERED;
}

/* After MD_HELD_SHUT: what stalled may be put right by now. */
static void md_gate_reopen(struct md_gating *g)
{
	unsigned long flags = md_gate_lock(g);

	if (!--g->closes && !g->kept && !g->stalled)
		md_gate_unwant(g, MD_GATE_LOCK);
	md_gate_disown(g);
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
	if (READ_ONCE(g->tearing))
		md_gate_tear(g);
}

static u8 md_gate_settle(struct md_gating *g, struct md_call *c)
{
	unsigned long flags;

	md_defer_flush(c->driver, c->chain);
	md_gate_own(g, c->chain, NULL, false);
	spin_lock_irqsave(&g->lock, flags);
	g->settles++;
	spin_unlock_irqrestore(&g->lock, flags);
	return MD_HELD_OPEN;
}

void md_settle_begin(struct md_call *c)
{
	struct md_gating *g = &c->driver->gating;
	u32 flags = c->fn ? c->fn->flags : 0;

	c->gate = MD_AS_IT_IS;
	if (!c->chain)
		return;
	if (md_chain_holds(g, c->chain)) {
		if (!(flags & MD_DOWN_PURE))
			md_gate_publish(c->driver, c->chain);
		return;
	}
	if (flags & MD_DOWN_SETTLES) {
		if (g->gate)
			c->gate = md_gate_settle(g, c);
		else
			md_defer_flush(c->driver, c->chain);
	} else if (g->gate && flags & MD_DOWN_LOCKS) {
		c->gate = md_gate_go_in(g, c->chain);
	}
}

void md_settle_end(struct md_call *c)
{
	struct md_gating *g = &c->driver->gating;
	unsigned long flags;

	if (c->fn && c->fn->flags & MD_DOWN_SETTLES)
		md_gate_purge(g, c->value, MD_ARGS_MAX);
	if (c->gate == MD_ENTERED) {
		c->chain->inside = false;
		md_gate_leave(g->gate);
	}
	if (c->gate == MD_HELD_OPEN) {
		spin_lock_irqsave(&g->lock, flags);
		/* Unless another has taken it over. */
		if (md_chain_holds(g, c->chain)) {
			g->settles--;
			md_gate_disown(g);
		}
		spin_unlock_irqrestore(&g->lock, flags);
		wake_up_all(&g->wait);
	}
	if (c->gate == MD_HELD_SHUT)
		md_gate_reopen(g);
}

/* What the user half believes the context to be. */
static enum md_context md_chain_context(const struct md_chain *chain)
{
	enum md_context context = MD_CONTEXT_FREE;

	for (; chain; chain = chain->parent) {
		if (chain->contexts[MD_GATE_IRQ])
			return MD_CONTEXT_IRQ;
		if (chain->contexts[MD_GATE_BH] || (chain->request && chain->request->bh))
			context = MD_CONTEXT_BH;
		else if (chain->contexts[MD_GATE_PLAIN] && context == MD_CONTEXT_FREE)
			context = MD_CONTEXT_PREEMPT;
	}
	return context;
}

bool md_chain_atomic(const struct md_chain *chain)
{
	return md_chain_context(chain) != MD_CONTEXT_FREE;
}

static void md_context_make(struct md_chain *chain, enum md_context context)
{
	unsigned long flags = 0;

	switch (context) {
	case MD_CONTEXT_FREE:
		break;
	case MD_CONTEXT_PREEMPT:
		preempt_disable();
		break;
	case MD_CONTEXT_BH:
		local_bh_disable();
		break;
	case MD_CONTEXT_IRQ:
		local_irq_save(flags);
		break;
	}
	chain->context = context;
	chain->irq_flags = flags;
}

/* Also for an upcall that a downcall leads to: the gate stays closed, but waiting takes a context that may. */
enum md_context md_context_leave(struct md_chain *chain)
{
	enum md_context context = chain->context;

	chain->context = MD_CONTEXT_FREE;
	switch (context) {
	case MD_CONTEXT_FREE:
		break;
	case MD_CONTEXT_PREEMPT:
		preempt_enable();
		break;
	case MD_CONTEXT_BH:
		local_bh_enable();
		break;
	case MD_CONTEXT_IRQ:
		local_irq_restore(chain->irq_flags);
		break;
	}
	return context;
}

void md_context_enter(struct md_chain *chain, enum md_context context)
{
	md_context_make(chain, context);
}

void md_call_begin(struct md_call *c)
{
	md_settle_begin(c);
	if (c->chain)
		md_context_make(c->chain, md_chain_context(c->chain));
}
EXPORT_SYMBOL_GPL(md_call_begin);

void md_call_end(struct md_call *c)
{
	if (c->chain)
		md_context_leave(c->chain);
	md_settle_end(c);
}
EXPORT_SYMBOL_GPL(md_call_end);

void md_call_ship(struct md_call *c, void (*fn)(u64 *v), u64 *v)
{
	if (!c->act) {
		md_call_begin(c);
		fn(v);
		md_call_end(c);
		return;
	}
	md_settle_begin(c);
	atomic64_inc(&c->driver->stat.shipped);
	md_ship(c->act, md_chain_context(c->chain), fn, v);
	md_settle_end(c);
}
EXPORT_SYMBOL_GPL(md_call_ship);

/* User code that holds the gate for too long, by its own doing. Under session->lock. */
bool md_gate_overdue(const struct md_thread *t)
{
	struct md_gating *g = &t->session->driver->gating;
	u64 wall, ran, limit = (u64)md_gate_ms * md_slowness;

	/* It looks at every access. */
	if (t->session->checking)
		limit *= 10;
	if (!g->gate || !READ_ONCE(g->closes) || !md_chain_holds(g, t->act->chain)) {
		t->act->held_from = 0;
		return false;
	}
	if (t->act->held_since != g->since || !t->act->held_from) {
		t->act->held_since = g->since;
		t->act->held_from = t->task->se.sum_exec_runtime ?: 1;
	}
	wall = ktime_ms_delta(ktime_get(), g->since);
	ran = div_u64(t->task->se.sum_exec_runtime - t->act->held_from, NSEC_PER_MSEC);
	/* Not running although it could: another's fault, up to a point. Stopped or asleep: its own. */
	return ran > limit || wall > 10 * limit ||
	       (wall > limit && READ_ONCE(t->task->__state) != TASK_RUNNING);
}
