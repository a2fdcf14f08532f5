// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: the user half's spinlock (docs/reference/gate.md). Entries of the kernel half count
 * themselves in on their CPU (md_gate_enter); closing waits until the sum is
 * zero and makes those that come take their contended action.
 *
 * Why the sum is right although it is read CPU by CPU while counts move: as long
 * as it is being awaited, *every* entry is turned away, whatever reason it minds
 * (closed has all bits). So an entry that counted itself in before the barrier
 * contributes one increment that is visible, and at most one decrement, on any
 * CPU, seen or not; one that comes later increments and decrements on the same CPU
 * with preemption off, and contributes zero or one. No term is negative without its
 * increment, so the sum is never below the number of those inside, and zero means
 * none. Were some let in meanwhile, one that counts in behind the reader's back and
 * out, on another CPU, in front of it would hide one that is still inside.
 *
 * Postponed entries sit in tables under gating->lock, which a hard irq takes too. A
 * postponer disables or stops first, then looks under the lock whether the gate is still
 * closed; the opener clears it and makes the table good under the same lock. So
 * none is lost, and nothing is undone before it was done. Opening for one reason makes everything
 * good: what minds another reason comes back into the table.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/netdevice.h>
#include <linux/sched/signal.h>
#include <linux/timer.h>
#include "md_runtime.h"

#define MD_GATE_ALL	(MD_GATE_LOCK | MD_GATE_EXCLUDE | MD_GATE_ALONE)
#define MD_ALONE_TICK	(HZ / 2)	/* how often queues that stand still for it are excused */
#define MD_STALL_WAIT	HZ		/* of an entry that may sleep, for what stalled */
#define MD_GATE_SPIN	200		/* looks before it sleeps between them */

static const char * const md_action_names[MD_ACTION_COUNT] = {
	[MD_ACTION_MASK_IRQ] = "mask-irq",
	[MD_ACTION_STOP_QUEUE] = "stop-queue",
	[MD_ACTION_REPOLL] = "reschedule-poll",
	[MD_ACTION_REARM] = "re-arm",
	[MD_ACTION_LAST] = "last-result",
	[MD_ACTION_WAIT] = "wait",
};

static struct md_gating *md_gating_of(struct md_gate *gate)
{
	struct md_driver *d = gate->runtime;

	return &d->gating;
}

/* ---- postponed entries (under gating->lock) ------------------------------------ */

/*
 * A level is still there when its line is on again. An edge (every message-signalled interrupt is one)
 * is gone once it was answered, which its postponed handler pretended to: it is made to come again.
 */
static void md_line_on(const struct md_masked_irq *m)
{
	struct irq_data *data = irq_get_irq_data(m->irq);
	u32 i;

	/* Without a handler the line must stay off; the next request_irq() starts it anew. */
	if (!data || !irq_has_action(m->irq))
		return;
	for (i = 0; i < m->depth; i++)
		enable_irq(m->irq);
	if (irqd_is_level_type(data))
		return;
	if (!data->chip->irq_retrigger || !data->chip->irq_retrigger(data))
		pr_err_once("microdriver: interrupt %d: its controller cannot repeat one that met the gate\n",
			    m->irq);
}

static void md_make_good(struct md_gating *g)
{
	u32 i;

	lockdep_assert_held(&g->lock);
	for (i = 0; i < g->irq_count; i++)
		md_line_on(&g->irqs[i]);
	g->irq_count = 0;
	for (i = 0; i < g->queue_count; i++) {
		clear_bit(__QUEUE_STATE_STACK_XOFF, &g->queues[i].queue->state);
		netif_schedule_queue(g->queues[i].queue);
	}
	g->queue_count = 0;
	for (i = 0; i < g->poll_count; i++)
		napi_schedule(g->polls[i].napi);
	g->poll_count = 0;
}

/* Brings @closed in line with who wants what, and makes good what was postponed if that lets anybody in. */
static void md_gate_update(struct md_gating *g)
{
	unsigned int old = g->gate->closed, new = g->draining ? MD_GATE_ALL : g->want;

	if (READ_ONCE(md_gate_off))
		new = 0;
	lockdep_assert_held(&g->lock);
	WRITE_ONCE(g->gate->closed, new);
	/* Pairs with md_gate_enter(): it sees this, or md_gate_drain() its count. */
	smp_mb();
	if (old & ~new)
		md_make_good(g);
}

/* Under gating->lock. */
void md_gate_unwant(struct md_gating *g, unsigned int reason)
{
	g->want &= ~reason;
	md_gate_update(g);
}

/* Postponed softirqs run at once, in the caller, when BH are enabled again. */
unsigned long md_gate_lock(struct md_gating *g)
{
	unsigned long flags;

	local_bh_disable();
	spin_lock_irqsave(&g->lock, flags);
	return flags;
}

void md_gate_unlock(struct md_gating *g, unsigned long flags)
{
	spin_unlock_irqrestore(&g->lock, flags);
	local_bh_enable();
}

/* Drops what belongs to any of @values, which have ended: a NAPI context, a net device; and lines without a handler. */
void md_gate_purge(struct md_gating *g, const u64 *values, u32 count)
{
	unsigned long flags;
	u32 i, j, kept = 0;

	if (!g->gate)
		return;
	spin_lock_irqsave(&g->lock, flags);
	for (i = 0; i < g->irq_count; i++)
		if (irq_has_action(g->irqs[i].irq))
			g->irqs[kept++] = g->irqs[i];
	g->irq_count = kept;
	for (j = 0; j < count; j++) {
		const void *value = (const void *)values[j];

		if (!md_address_is_kernel(values[j]))
			continue;
		for (i = 0, kept = 0; i < g->poll_count; i++)
			if (g->polls[i].napi != value && g->polls[i].dev != value)
				g->polls[kept++] = g->polls[i];
		g->poll_count = kept;
		for (i = 0, kept = 0; i < g->queue_count; i++)
			if (g->queues[i].dev != value)
				g->queues[kept++] = g->queues[i];
		g->queue_count = kept;
	}
	spin_unlock_irqrestore(&g->lock, flags);
}

void md_gate_forget(struct md_driver *d, const void *p)
{
	struct md_gating *g = &d->gating;
	u64 value = (u64)p;
	unsigned long flags;

	md_gate_purge(g, &value, 1);
	spin_lock_irqsave(&g->lock, flags);
	md_keep_purge(g, p);
	spin_unlock_irqrestore(&g->lock, flags);
}

/* ---- contended actions: any context ----------------------------------------------- */

bool md_contended(struct md_gating *g, enum md_action action)
{
	lockdep_assert_held(&g->lock);
	if (!g->gate->closed)
		return false;
	atomic64_inc(&g->contended[action]);
	return true;
}

/* A table that is full makes its entry come again and again until the gate opens: slow, never lost. */
static bool md_room(struct md_gating *g, u32 count)
{
	if (count < MD_POSTPONED_MAX)
		return true;
	if (!g->full) {
		g->full = true;
		pr_err("microdriver: %s: more than %u entries wait for the gate\n",
		       g->name, MD_POSTPONED_MAX);
	}
	return false;
}

static bool md_note_irq(struct md_gating *g, int irq)
{
	u32 i;

	for (i = 0; i < g->irq_count; i++) {
		if (g->irqs[i].irq == irq) {
			g->irqs[i].depth++;
			return true;
		}
	}
	if (!md_room(g, g->irq_count))
		return false;
	g->irqs[g->irq_count].irq = irq;
	g->irqs[g->irq_count++].depth = 1;
	return true;
}

bool md_gate_mask_irq(struct md_gate *gate, int irq)
{
	struct md_gating *g = md_gating_of(gate);
	bool closed, noted = false;
	unsigned long flags;

	/* First disable, then publish: else the opener enables before us, and the line stays off. */
	disable_irq_nosync(irq);
	spin_lock_irqsave(&g->lock, flags);
	closed = md_contended(g, MD_ACTION_MASK_IRQ);
	if (closed)
		noted = md_note_irq(g, irq);
	spin_unlock_irqrestore(&g->lock, flags);
	if (!noted)
		enable_irq(irq);
	return closed;
}
EXPORT_SYMBOL_GPL(md_gate_mask_irq);

bool md_gate_stop_queue(struct md_gate *gate, struct net_device *dev, struct sk_buff *skb)
{
	struct netdev_queue *queue = netdev_get_tx_queue(dev, skb_get_queue_mapping(skb));
	struct md_gating *g = md_gating_of(gate);
	unsigned long flags;
	bool closed;
	u32 i;

	spin_lock_irqsave(&g->lock, flags);
	closed = md_contended(g, MD_ACTION_STOP_QUEUE);
	if (closed) {
		for (i = 0; i < g->queue_count && g->queues[i].queue != queue; i++)
			;
		if (i == g->queue_count && md_room(g, i)) {
			g->queues[i].dev = dev;
			g->queues[i].queue = queue;
			g->queue_count++;
		}
		/* The queue's transmit lock is held: nobody else sets this bit now, and BQL had it clear. */
		if (i < g->queue_count)
			set_bit(__QUEUE_STATE_STACK_XOFF, &queue->state);
	}
	spin_unlock_irqrestore(&g->lock, flags);
	return closed;
}
EXPORT_SYMBOL_GPL(md_gate_stop_queue);

bool md_gate_repoll(struct md_gate *gate, struct napi_struct *napi)
{
	struct md_gating *g = md_gating_of(gate);
	bool again = true;
	unsigned long flags;
	u32 i;

	if (!READ_ONCE(gate->closed))
		return false;
	/* napi_disable() must not wait for the gate, hence complete. */
	napi_complete_done(napi, 0);
	spin_lock_irqsave(&g->lock, flags);
	if (md_contended(g, MD_ACTION_REPOLL)) {
		for (i = 0; i < g->poll_count && g->polls[i].napi != napi; i++)
			;
		if (i == g->poll_count && md_room(g, i)) {
			g->polls[i].dev = napi->dev;
			g->polls[i].napi = napi;
			g->poll_count++;
		}
		again = i == g->poll_count;
	}
	spin_unlock_irqrestore(&g->lock, flags);
	/* The poll is no longer ours to run: also if the gate has opened, it comes by itself. */
	if (again)
		napi_schedule(napi);
	return true;
}
EXPORT_SYMBOL_GPL(md_gate_repoll);

/*
 * The timer looks again with every tick: nothing is kept of it, so del_timer_sync()
 * ends it as it would end any other. One that was armed again already will come.
 */
bool md_gate_rearm(struct md_gate *gate, struct timer_list *timer)
{
	struct md_gating *g = md_gating_of(gate);

	if (!READ_ONCE(gate->closed))
		return false;
	atomic64_inc(&g->contended[MD_ACTION_REARM]);
	if (!timer_pending(timer))
		mod_timer(timer, jiffies + 1);
	return true;
}
EXPORT_SYMBOL_GPL(md_gate_rearm);

/* Teardown may wait for entries that wait for the gate: rather than that neither ends, they get in. */
void md_gate_tear(struct md_gating *g)
{
	unsigned long flags;
	bool opens;

	flags = md_gate_lock(g);
	opens = g->tearing && g->stalled && !g->closes && atomic_read(&g->waiters);
	if (opens) {
		g->stalled = false;
		g->kept = false;
		md_gate_unwant(g, MD_GATE_LOCK);
	}
	md_gate_unlock(g, flags);
	if (!opens)
		return;
	wake_up_all(&g->wait);
	pr_warn("microdriver: %s: the stalled gate opens for an entry that teardown may wait for\n",
		g->name);
}

int md_gate_wait(struct md_gate *gate, unsigned int minds)
{
	struct md_gating *g = md_gating_of(gate);
	bool open;

	atomic64_inc(&g->contended[MD_ACTION_WAIT]);
	atomic_inc(&g->waiters);
	/* Pairs with md_gate_tearing(). */
	smp_mb__after_atomic();
	if (READ_ONCE(g->tearing))
		md_gate_tear(g);
	/* Whoever holds it is watched. What stalled stays so until somebody acts, who may need what the caller holds. */
	do {
		open = wait_event_timeout(g->wait, !(READ_ONCE(gate->closed) & minds), MD_STALL_WAIT);
	} while (!open && !READ_ONCE(g->stalled));
	atomic_dec(&g->waiters);
	return open ? 0 : -EIO;
}
EXPORT_SYMBOL_GPL(md_gate_wait);

/* For an entry by which something ends: its caller frees what it works on, whatever it returns. */
void md_gate_wait_end(struct md_gate *gate, unsigned int minds)
{
	struct md_driver *d = gate->runtime;

	md_gate_tearing(d, true);
	while (md_gate_wait(gate, minds))
		;
	md_gate_tearing(d, false);
}
EXPORT_SYMBOL_GPL(md_gate_wait_end);

/* ---- closing and opening ------------------------------------------------------------- */

static unsigned int md_gate_inside(struct md_gate *gate)
{
	unsigned int sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(gate->inside, cpu));
	/* What they did comes before what we do. */
	smp_mb();
	return sum;
}

/* Closes for @reason and waits until nobody is inside. -ETIMEDOUT if an entry does not end; it is open again then. */
static int md_gate_shut_within(struct md_gating *g, unsigned int reason, unsigned long limit)
{
	unsigned long end = jiffies + limit, flags;
	unsigned int mine;
	bool drained;
	int looks;

	flags = md_gate_lock(g);
	/* What another has closed for this reason stays closed. */
	mine = reason & ~g->want;
	g->want |= reason;
	g->draining++;
	md_gate_update(g);
	md_gate_unlock(g, flags);

	/* An entry in process context may have been preempted, by us perhaps. */
	for (looks = 0; (drained = READ_ONCE(md_gate_off) || !md_gate_inside(g->gate)) == false; looks++) {
		if (looks < MD_GATE_SPIN)
			cpu_relax();
		else
			usleep_range(20, 100);
		if (time_after(jiffies, end))
			break;
	}

	flags = md_gate_lock(g);
	if (!drained)
		g->want &= ~mine;
	g->draining--;
	md_gate_update(g);
	md_gate_unlock(g, flags);
	/* Those that mind the other reason only have been turned away too. */
	if (wq_has_sleeper(&g->wait))
		wake_up_all(&g->wait);
	atomic64_inc(&g->closes_total);
	return drained ? 0 : -ETIMEDOUT;
}

int md_gate_shut(struct md_gating *g, unsigned int reason)
{
	return md_gate_shut_within(g, reason, msecs_to_jiffies(md_timeout_ms));
}

int md_gate_exclude(struct md_driver *d)
{
	struct md_gating *g = &d->gating;

	if (!g->gate)
		return 0;
	/* A call that waits for entries would wait for those that we keep out. */
	wait_event_timeout(g->wait, !READ_ONCE(g->settles), HZ);
	return md_gate_shut(g, MD_GATE_EXCLUDE);
}

/* Under gating->lock, and when nobody who waits for entries does so any more: nothing is made good under a call that ends it. */
static unsigned long md_gate_lock_settled(struct md_gating *g)
{
	wait_event_timeout(g->wait, !READ_ONCE(g->settles), HZ);
	return md_gate_lock(g);
}

static void md_gate_unlock_wake(struct md_gating *g, unsigned long flags)
{
	md_gate_unlock(g, flags);
	wake_up_all(&g->wait);
}

void md_gate_include(struct md_driver *d)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;

	if (!g->gate)
		return;
	flags = md_gate_lock_settled(g);
	md_gate_unwant(g, MD_GATE_EXCLUDE);
	md_gate_unlock_wake(g, flags);
}

/*
 * For an upcall that writes what entries write too: the driver keeps them apart in its own way, which in
 * the kernel may leave a window that is short, and here is a long one. So it is a courtesy, not a
 * lock: none is paid if the gate does not drain, or if this chain holds it open, and it ends after a while,
 * for an upcall may take long, and a queue that stands still is reset.
 */
bool md_alone_begin(struct md_driver *d, const struct md_chain *chain)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;
	bool late;

	if (!g->gate || md_chain_holds(g, chain))
		return false;
	wait_event_timeout(g->wait, !READ_ONCE(g->settles), HZ);
	spin_lock_irqsave(&g->lock, flags);
	/* Those that overlap, one after the other, share the time. */
	if (!g->alone++)
		g->alone_until = jiffies + HZ * md_slowness;
	late = time_after(jiffies, g->alone_until);
	spin_unlock_irqrestore(&g->lock, flags);
	if (late)
		return true;
	/* Everybody is turned away meanwhile. */
	md_gate_shut_within(g, MD_GATE_ALONE, (HZ / 50 + 1) * md_slowness);
	/* One that is under way is not put off: else it never came. */
	queue_delayed_work(system_wq, &g->alone_tick, MD_ALONE_TICK);
	return true;
}

void md_alone_end(struct md_driver *d)
{
	struct md_gating *g = &d->gating;
	unsigned long flags = md_gate_lock_settled(g);

	if (!--g->alone)
		md_gate_unwant(g, MD_GATE_ALONE);
	md_gate_unlock_wake(g, flags);
}

/* Queues that stand still for it are not late; and it ends. */
static void md_alone_work(struct work_struct *work)
{
	struct md_gating *g = container_of(to_delayed_work(work), struct md_gating, alone_tick);
	unsigned long flags;
	bool over;
	u32 i;

	flags = md_gate_lock(g);
	for (i = 0; i < g->queue_count; i++)
		txq_trans_cond_update(g->queues[i].queue);
	over = !g->alone || time_after(jiffies, g->alone_until);
	md_gate_unlock(g, flags);
	if (!over) {
		queue_delayed_work(system_wq, &g->alone_tick, MD_ALONE_TICK);
		return;
	}
	flags = md_gate_lock_settled(g);
	if (g->gate && time_after(jiffies, g->alone_until))
		md_gate_unwant(g, MD_GATE_ALONE);
	md_gate_unlock_wake(g, flags);
}

/* ---- life, and what debugfs shows ------------------------------------------------------------ */

void md_gate_init(struct md_driver *d)
{
	struct md_gating *g = &d->gating;

	spin_lock_init(&g->lock);
	INIT_LIST_HEAD(&g->kept_results);
	init_waitqueue_head(&g->wait);
	INIT_DELAYED_WORK(&g->alone_tick, md_alone_work);
	g->name = d->name;
	g->gate = d->m->gate;
	if (g->gate)
		g->gate->runtime = d;
}

/* The driver's own exit is over: no entry comes any more. */
void md_gate_finish(struct md_driver *d)
{
	struct md_gating *g = &d->gating;
	unsigned long flags;

	if (!g->gate)
		return;
	cancel_delayed_work_sync(&g->alone_tick);
	flags = md_gate_lock(g);
	g->stalled = false;
	g->kept = false;
	g->want = 0;
	md_gate_update(g);
	md_keep_purge(g, NULL);
	md_gate_unlock(g, flags);
	g->gate->runtime = NULL;
	g->gate = NULL;
}

const char *md_gate_state_name(struct md_driver *d)
{
	struct md_gating *g = &d->gating;

	if (!g->gate)
		return "none";
	if (READ_ONCE(g->stalled))
		return "stalled";
	return READ_ONCE(g->gate->closed) ? "closed" : "open";
}

void md_gate_show(struct seq_file *f, struct md_driver *d)
{
	struct md_gating *g = &d->gating;
	int i;

	if (!g->gate)
		return;
	seq_printf(f, "gate_closes %lld\n", atomic64_read(&g->closes_total));
	seq_printf(f, "gate_holds_max_us %llu\n", READ_ONCE(g->hold_max_us));
	seq_printf(f, "gate_waits %lld\n", atomic64_read(&g->waits));
	for (i = 0; i < MD_ACTION_COUNT; i++)
		seq_printf(f, "contended.%s %lld\n", md_action_names[i],
			   atomic64_read(&g->contended[i]));
}
