// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upcalls: from a stub in the kernel half to a u-thread and back, and what
 * becomes of the call when the process dies under it.
 *
 * The caller waits uninterruptibly but bounded: a user half that shows no sign
 * of life for timeout_ms is killed (md_watch). A caller that serves another upcall itself
 * (a u-thread in a downcall) waits killably; killed, it ends its own session,
 * which ends what it waits for.
 */
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "md_runtime.h"

#define MD_AGAIN 8		/* processes found dead before they ran the call */
#define MD_SALVAGES 3		/* processes that try to end what another left half done */

/*
 * What a completion does, without its lock and its list: there is one waiter. By the
 * thread that has the activation, or where preemption is off: the caller
 * may free the activation once it has seen the ring, and even exit, but its task_struct stays
 * for a grace period.
 */
__md_hot_serve
void md_ring(struct md_activation *act)
{
	struct task_struct *caller = act->caller;

	rcu_read_lock();
	/* A full barrier, like the one in set_current_state(): who is seen running sees the ring. */
	atomic_inc_return(&act->rings);
	if (!task_is_running(caller))
		wake_up_process(caller);
	rcu_read_unlock();
}

/* Nonzero: killed before it rang. */
static __always_inline int md_await_ring(struct md_activation *act, bool killable)
{
	int err = 0;

	/*
	 * If the u-thread is to have the CPU, best before this task has gone to sleep:
	 * then it is not woken later, it just goes on.
	 */
	cond_resched();
	for (;;) {
		set_current_state(killable ? TASK_KILLABLE : TASK_UNINTERRUPTIBLE);
		if (atomic_read(&act->rings))
			break;
		if (killable && fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	if (!err)
		atomic_dec_return(&act->rings);
	return err;
}

/* Under session->lock, or by the thread that has the activation. The caller frees it. */
__md_hot_serve
void md_activation_end(struct md_activation *act, int error, u64 result)
{
	act->error = error;
	act->result = result;
	md_ring(act);
}

void md_fail_sync(struct md_session *s, struct md_activation *act, int err)
{
	const struct md_module *m = act->driver->m;
	const char *name = act->bad_type < m->type_count ? m->types[act->bad_type].name : "global";

	switch (err) {
	case -EFAULT:
		md_session_fail(s, "made a bad pointer (%s+0x%x)", name, act->bad_offset);
		break;
	case -EACCES:
		md_session_fail(s, "wrote to constant memory (%s+0x%x)", name, act->bad_offset);
		break;
	case -EBUSY:
		/* Not its fault; but what it has seen is half old by now. */
		md_session_fail(s, "works on what does not keep still");
		break;
	case -E2BIG:
		md_session_fail(s, "reaches more than %u objects", MD_OBJECTS_MAX);
		break;
	default:
		md_session_fail(s, "cannot be served (%d)", err);
	}
}

__md_hot_call
static void md_wait(struct md_activation *act)
{
	struct md_session *own = md_current_session();

	do {
		if (md_await_ring(act, own)) {
			md_session_fail(own, "was killed");
			own = NULL;
			md_await_ring(act, false);
		}
	} while (unlikely(READ_ONCE(act->shipment)) && md_ship_serve(act));
}

static struct md_activation *md_activation_new(struct md_session *s)
{
	struct md_activation *act = &s->own;

	if (READ_ONCE(s->used) || xchg(&s->used, 1))
		act = kmalloc(sizeof(*act), GFP_NOIO);
	if (act)
		md_clear(act, offsetof(struct md_activation, args));
	return act;
}

static void md_activation_free(struct md_session *s, struct md_activation *act)
{
	if (act == &s->own)
		smp_store_release(&s->used, 0);
	else
		kfree(act);
}

/* What it did cannot be done again, or may be seen by others: did it end well? */
static noinline void md_call_over(struct md_activation *act)
{
	struct md_chain *chain = act->chain;
	bool half = chain->closes && md_gate_lost(act);

	if (act->error) {
		chain->released |= act->releases;
		chain->wrote |= !!act->bytes_out;
		chain->half |= act->releases || half || md_locks_published(act);
		md_journal_keep(act);
		/* Before it is covered: others see either. */
		if (chain->half)
			md_taint(act->driver, act->instance, act->plan->name, chain);
	} else {
		md_journal_drop(act);
	}
	/* Once it is tainted: who waits for one of them is to meet the quarantine. */
	md_locks_end(act);
	md_cover(act);
}

/* One attempt. 0, -EHOSTDOWN (died under way), -EAGAIN (before it began), or another error. */
__md_hot_call
static int md_call_once(struct md_driver *d, u32 plan, const u64 *args, u64 *result, u64 id,
			struct md_chain *chain)
{
	struct md_activation *act;
	struct md_session *s;
	int err;

	s = md_driver_session(d, d->m->plans[plan].on_death == MD_UNDO);
	if (IS_ERR(s))
		return PTR_ERR(s);
	act = md_activation_new(s);
	if (!act) {
		md_session_put(s);
		return -ENOMEM;
	}
	act->driver = d;
	act->session = s;
	act->chain = chain;
	act->plan_id = plan;
	act->plan = &d->m->plans[plan];
	act->id = id;
	act->bad_type = MD_TYPE_NONE;
	memcpy(act->args, args, (act->plan->param_count + act->plan->hidden_count) * sizeof(u64));
	act->instance = md_instance_of(act->plan, args);
	INIT_LIST_HEAD(&act->exposed);
	act->objects = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&act->node);
	act->caller = current;
	act->started = jiffies;
	act->progress = jiffies;
	if (unlikely(chain->request))
		md_defer_serve(d, s);

	/* Here rather than in the u-thread: this CPU's cache knows the arguments. */
	err = md_sync_begin(act);
	if (err == -EMSGSIZE) {
		/* Not the process's fault. */
		pr_err("microdriver: %s: %s: an array argument is too long, or not of whole elements\n",
		       d->name, act->plan->name);
		goto retire;
	}
	if (err == -EBUSY) {
		pr_err("microdriver: %s: %s: what it works on does not keep still\n", d->name,
		       act->plan->name);
		goto retire;
	}
	if (err) {
		md_fail_sync(s, act, err);
		goto retire;
	}
	err = md_session_hand_over(s, act);
	if (err == -ETIMEDOUT)
		md_session_fail(s, "has no thread left for %s", act->plan->name);
	else if (err == -EHOSTDOWN)
		err = -EAGAIN;
	if (!err) {
		md_wait(act);
		err = act->error;
		*result = act->result;
		if (unlikely(!list_empty(&act->exposed) || act->owed || act->done || act->locks ||
			     err))
			md_call_over(act);
		atomic64_add(act->bytes_in, &d->stat.bytes_in);
		if (act->bytes_out)
			atomic64_add(act->bytes_out, &d->stat.bytes_out);
	}
retire:
	if (unlikely(chain->request))
		md_defer_serve(d, NULL);
	md_activation_retire(act);
	md_activation_free(s, act);
	md_session_put(s);
	return err;
}

static bool md_may_sleep(void)
{
	return !in_atomic() && !irqs_disabled() && !rcu_preempt_depth();
}

/* May this call be run again in a fresh process? */
static bool md_may_repeat(struct md_driver *d, const struct md_plan *p, const struct md_chain *chain)
{
	if (chain->request)
		return !READ_ONCE(d->deferring.abandon);
	return p->on_death == MD_RETRY;
}

/* What it acquired, and the driver's structures know of, the driver's own stop releases. */
static void md_call_leave(struct md_driver *d, const struct md_plan *p, u64 instance, u64 id,
			  struct md_chain *chain)
{
	if (chain->half)
		return;
	if (md_undo_owes(d, id)) {
		md_taint(d, instance, p->name, chain);
		md_undo_unseen(d, id, chain);
	}
	chain->half = md_undo_owes(d, id) || (chain->wrote && md_recover_opening(d, p, instance));
	if (chain->half)
		md_taint(d, instance, p->name, chain);
}

/* An attempt died. What it acquired goes; false: it is not repeated. */
static bool md_call_again(struct md_driver *d, const struct md_plan *p, u64 instance, u64 id, bool may,
			  struct md_chain *chain)
{
	may = may && !chain->released && md_may_repeat(d, p, chain);
	/* What undoing leads to may need the gate, stalled or not, and is not part of this chain. */
	if (!may)
		md_gate_end(d, chain, false);
	if (!may && md_recover_part(d, p, instance)) {
		md_call_leave(d, p, instance, id, chain);
	} else if (md_undo_owes(d, id)) {
		md_taint(d, instance, p->name, chain);
		/* No field points to these. */
		md_undo_unseen(d, id, chain);
		if (md_undo_activation(d, id, chain)) {
			chain->half = true;
			may = false;
		}
	}
	return may;
}

/*
 * A teardown died. The next process runs it once more, and passes over what was released (md_journal.c); false: in
 * vain, because it does not get further, or because there is none.
 */
static bool md_salvage_again(struct md_driver *d, const struct md_plan *p, u64 instance, struct md_chain *chain)
{
	if (chain->salvages >= MD_SALVAGES || (chain->salvages > 1 && !chain->worked))
		return false;
	/* It waits for entries, stalled or not, and none of what it leads to is part of a hold. */
	md_gate_end(d, chain, false);
	md_taint(d, instance, p->name, chain);
	chain->half = true;
	chain->salvage = true;
	return true;
}

/* Is it part of a repetition, which may see what it repeats half done? */
static bool md_chain_repeats(const struct md_chain *chain)
{
	for (; chain; chain = chain->parent)
		if (chain->tainted)
			return true;
	return false;
}

/* May it be run for what is tainted? A teardown ends the taint; others may find that it can be ended now. */
static noinline bool md_call_admit(struct md_driver *d, const struct md_plan *p, u64 instance,
				   struct md_chain *chain)
{
	if (md_chain_repeats(chain) || md_chain_salvages(chain))
		return true;
	if (p->on_death == MD_UNDO) {
		chain->salvage = true;
		return true;
	}
	if (md_recover_here(d, p, instance, chain))
		return true;
	atomic64_inc(&d->stat.refused);
	return false;
}

/* A teardown is over, in whichever way. */
static noinline void md_call_torn(struct md_driver *d, const struct md_plan *p, u64 instance, int *err, u64 *result,
				  struct md_chain *chain)
{
	md_gate_end(d, chain, false);
	md_taint(d, instance, p->name, chain);
	if (*err) {
		/* A part of an instance: the rest of it does not know. */
		chain->half |= md_tear_down(d, p, instance, chain);
		*result = 0;
		*err = 0;
	} else {
		chain->half = false;
		md_taint_salvaged(d, p, instance, chain);
	}
}

/* It refused its device; if it has kept what it acquired for it, nobody else would ever give that back. */
static noinline void md_call_refused(struct md_driver *d, const struct md_plan *p, u64 id, struct md_chain *chain)
{
	int count = md_undo_failed(d, id, chain);

	if (count)
		pr_warn("microdriver: %s: %s failed and kept %d things that it had acquired: they are given back\n",
			d->name, p->name, count);
}

__md_hot_call
static int md_call_through(struct md_driver *d, u32 plan, const u64 *args, u64 *result, struct md_chain *chain)
{
	const struct md_plan *p = &d->m->plans[plan];
	u64 id, instance = md_instance_of(p, args);
	int err, attempt, again;

	id = atomic64_inc_return(&d->next_activation);

	for (attempt = 0; ; attempt++) {
		chain->worked = false;
		chain->salvages += chain->salvage;
		for (again = 0; again < MD_AGAIN; again++) {
			err = md_call_once(d, plan, args, result, id, chain);
			if (err != -EAGAIN)
				break;
		}
		if (likely(!err))
			break;
		atomic64_inc(&d->counters[plan].failures);
		if (err != -EHOSTDOWN && err != -ETIMEDOUT)
			break;
		if (p->on_death == MD_UNDO ? !md_salvage_again(d, p, instance, chain) :
		    !md_call_again(d, p, instance, id, !attempt && err == -EHOSTDOWN, chain))
			break;
	}
	if (unlikely((err || chain->salvage) && p->on_death == MD_UNDO && err != -EINTR))
		md_call_torn(d, p, instance, &err, result, chain);
	else if (!err)
		chain->half = false;
	if (unlikely(READ_ONCE(d->gating.owner) == chain))
		md_gate_end(d, chain, !chain->half);
	if (unlikely(!err && p->binds && p->result.size == sizeof(int) && (s32)*result < 0))
		md_call_refused(d, p, id, chain);
	if (unlikely(chain->tainted)) {
		md_taint_decide(d, id, chain);
		chain->tainted = false;
	}
	return err ? -EIO : 0;
}

/* It died, and its instance is in quarantine: if that can be ended here and now, one that was to begin to work may be run again. */
static noinline bool md_call_recovered(struct md_driver *d, const struct md_plan *p, u64 instance,
				       struct md_chain *chain)
{
	bool opening = md_recover_opening(d, p, instance);

	if (!md_quarantined(d, p, instance) || !md_recover_here(d, p, instance, chain) || !opening)
		return false;
	chain->half = false;
	chain->released = false;
	chain->wrote = false;
	return true;
}

__md_hot_call
static int md_call(struct md_driver *d, u32 plan, const u64 *args, u64 *result, struct md_chain *chain)
{
	const struct md_plan *p = &d->m->plans[plan];
	u64 instance = md_instance_of(p, args);
	int err;

	atomic64_inc(&d->counters[plan].upcalls);
	if (unlikely(md_quarantined(d, p, instance)) && !md_call_admit(d, p, instance, chain))
		return -EIO;
	err = md_call_through(d, plan, args, result, chain);
	if (unlikely(err) && md_call_recovered(d, p, instance, chain)) {
		err = md_call_through(d, plan, args, result, chain);
		if (err)
			md_call_recovered(d, p, instance, chain);
	}
	return err;
}

/* As part of @chain, which is the caller's; its parent is set here. */
__md_hot_call
int md_upcall_chain(struct md_module *m, u32 plan, const u64 *args, u64 *result, struct md_chain *chain)
{
	enum md_context context = MD_CONTEXT_FREE;
	struct md_driver *d = m->runtime;
	const struct md_plan *p;
	bool alone;
	u64 ignored;
	int err;

	if (!d)
		return -ENODEV;
	if (plan >= m->plan_count)
		return -EINVAL;
	p = &m->plans[plan];
	if (unlikely(!in_task())) {
		pr_err_ratelimited("microdriver: %s: %s called in an interrupt\n", d->name, p->name);
		atomic64_inc(&d->counters[plan].failures);
		return -EWOULDBLOCK;
	}
	chain->parent = md_current_chain();
	chain->salvage = unlikely(READ_ONCE(d->salvager) == current);
	/* What the runtime made atomic for a lock of the user half it makes sleepable again. */
	if (chain->parent)
		context = md_context_leave(chain->parent);
	if (!md_may_sleep()) {
		pr_err("microdriver: %s: %s called in atomic context\n", d->name, p->name);
		err = -EWOULDBLOCK;
	} else if (chain->parent && chain->parent->inside) {
		pr_err("microdriver: %s: %s called from inside the gate\n", d->name, p->name);
		err = -EDEADLK;
	} else {
		if (!chain->request && unlikely(md_deferring(d)))
			md_defer_flush(d, chain);
		alone = unlikely(p->alone) && !(chain->request && chain->request->deferral->closes) && md_alone_begin(d, chain);
		err = md_call(d, plan, args, result ?: &ignored, chain);
		if (alone)
			md_alone_end(d);
		md_late_sweep(d, chain);
	}
	if (err == -EWOULDBLOCK || err == -EDEADLK)
		atomic64_inc(&d->counters[plan].failures);
	if (chain->parent) {
		chain->parent->cut |= !!err;
		md_context_enter(chain->parent, context);
	}
	return err;
}

__md_hot_call
int md_upcall(struct md_module *m, u32 plan, const u64 *args, u64 *result)
{
	struct md_chain chain = {};

	return md_upcall_chain(m, plan, args, result, &chain);
}
EXPORT_SYMBOL_GPL(md_upcall);
