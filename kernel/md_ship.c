// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for whom: the chain of upcalls that the current task is part of, and
 * downcalls that run in the task that made the upcall (shipped), because they
 * look at current, or because what they take must be taken by a task that does not
 * return to user mode with it.
 *
 * A task is in a chain as a u-thread in a downcall, or while it runs a shipped one;
 * the latter is the inner of the two.
 */
#include <linux/hashtable.h>
#include "md_runtime.h"

struct md_shipment {
	struct hlist_node node;		/* while it runs */
	struct task_struct *task;
	struct md_activation *act;
	enum md_context context;
	void (*fn)(u64 *v);
	u64 *v;
	struct completion done;
};

static DEFINE_HASHTABLE(md_shipments, 6);
static DEFINE_SPINLOCK(md_shipments_lock);
static atomic_t md_shipments_running = ATOMIC_INIT(0);

/* The innermost upcall that the current task works for, or NULL. */
__md_hot_call
struct md_chain *md_current_chain(void)
{
	struct md_activation *act = NULL;
	struct md_shipment *p;

	if (atomic_read(&md_shipments_running)) {
		spin_lock(&md_shipments_lock);
		/* The latest is at the head. */
		hash_for_each_possible(md_shipments, p, node, (unsigned long)current) {
			if (p->task == current) {
				act = p->act;
				break;
			}
		}
		spin_unlock(&md_shipments_lock);
	}
	if (!act)
		act = md_current_activation();
	return act ? act->chain : NULL;
}

/* In the u-thread. A process that dies meanwhile waits all the same: the call works on its stack. */
void md_ship(struct md_activation *act, enum md_context context, void (*fn)(u64 *v), u64 *v)
{
	struct md_shipment p = {
		.act = act,
		.context = context,
		.fn = fn,
		.v = v,
		.done = COMPLETION_INITIALIZER_ONSTACK(p.done),
	};

	smp_store_release(&act->shipment, &p);
	md_ring(act);
	wait_for_completion(&p.done);
}

/* In the caller, when md_ring() woke it: runs what was shipped. False if there was nothing: it is over. */
bool md_ship_serve(struct md_activation *act)
{
	struct md_shipment *p = smp_load_acquire(&act->shipment);

	if (!p)
		return false;
	act->shipment = NULL;
	p->task = current;
	spin_lock(&md_shipments_lock);
	hash_add(md_shipments, &p->node, (unsigned long)current);
	spin_unlock(&md_shipments_lock);
	atomic_inc(&md_shipments_running);

	md_context_enter(act->chain, p->context);
	p->fn(p->v);
	md_context_leave(act->chain);

	atomic_dec(&md_shipments_running);
	spin_lock(&md_shipments_lock);
	hash_del(&p->node);
	spin_unlock(&md_shipments_lock);
	complete(&p->done);
	return true;
}
