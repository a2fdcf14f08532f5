// SPDX-License-Identifier: GPL-2.0-only
/*
 * What downcalls in progress work on, so that nothing ends under their hands.
 *
 * An argument is checked when a downcall begins; the object must be there until the call has
 * returned, whatever other threads of the process ask for meanwhile. A reference is
 * no answer for memory that has none, so who ends something waits: first it goes from the
 * tables, then those who found it there are awaited. A call that leads to the end of
 * its own argument (the last put, an unregistration) is part of the same chain, and not waited for.
 */
#include <linux/sched.h>
#include <linux/wait.h>
#include "md_runtime.h"

void md_busy_begin(struct md_call *c)
{
	struct md_driver *d = c->driver;

	spin_lock(&d->lock);
	list_add(&c->node, &d->calls);
	spin_unlock(&d->lock);
}

void md_busy_end(struct md_call *c)
{
	struct md_driver *d = c->driver;

	spin_lock(&d->lock);
	list_del(&c->node);
	spin_unlock(&d->lock);
	/* The full barrier of spin_unlock() followed by a read is not one; that of wq_has_sleeper() is. */
	if (wq_has_sleeper(&d->wait))
		wake_up_all(&d->wait);
}

static bool md_chain_in(const struct md_chain *chain, const struct md_chain *wanted)
{
	for (; chain; chain = chain->parent)
		if (chain == wanted)
			return true;
	return false;
}

static bool md_busy_with(struct md_driver *d, const struct md_chain *own, u64 k, u64 size)
{
	struct md_call *c;
	bool busy = false;
	u32 i;

	spin_lock(&d->lock);
	list_for_each_entry(c, &d->calls, node)
		for (i = 0; i < MD_ARGS_MAX && !md_chain_in(own, c->chain); i++)
			busy |= READ_ONCE(c->value[i]) - k < size;
	spin_unlock(&d->lock);
	return busy;
}

/* [k, k + size) is in no table any more: false if a downcall of somebody else still works on it after a long time. */
bool md_busy_wait(struct md_driver *d, u64 k, u64 size)
{
	const struct md_chain *own = md_current_chain();

	/* After what took it out of the tables, before the look at who found it there: md_arg_take(). */
	smp_mb();
	return wait_event_timeout(d->wait, !md_busy_with(d, own, k, max(size, 1ULL)),
				  msecs_to_jiffies(md_timeout_ms));
}
