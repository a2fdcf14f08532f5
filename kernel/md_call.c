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

/* Under session->lock, or by the thread that has the activation. The caller frees it. */
void md_activation_end(struct md_activation *act, int error, u64 result)
{
	act->error = error;
	act->result = result;
	complete(&act->done);
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
	case -E2BIG:
		md_session_fail(s, "reaches more than %u objects", MD_OBJECTS_MAX);
		break;
	default:
		md_session_fail(s, "cannot be served (%d)", err);
	}
}

static void md_wait(struct md_activation *act)
{
	struct md_session *own = md_current_session();

	if (own && wait_for_completion_killable(&act->done))
		md_session_fail(own, "was killed");
	else if (own)
		return;
	wait_for_completion(&act->done);
}

/* One attempt. 0, -EHOSTDOWN (died under way), -EAGAIN (before it began), or another error. */
static int md_call_once(struct md_driver *d, u32 plan, const u64 *args, u64 *result, u64 id)
{
	struct md_activation *act;
	struct md_session *s;
	int err;

	s = md_driver_session(d);
	if (IS_ERR(s))
		return PTR_ERR(s);
	act = kzalloc(sizeof(*act), GFP_NOIO);
	if (!act) {
		md_session_put(s);
		return -ENOMEM;
	}
	act->driver = d;
	act->session = s;
	act->plan_id = plan;
	act->plan = &d->m->plans[plan];
	act->id = id;
	act->bad_type = MD_TYPE_NONE;
	memcpy(act->args, args, act->plan->param_count * sizeof(u64));
	if (act->plan->param_count && act->plan->params[0].pass != MD_PASS_SCALAR)
		act->instance = args[0];
	act->objects = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&act->node);
	INIT_LIST_HEAD(&act->live);
	INIT_LIST_HEAD(&act->roots);
	init_completion(&act->done);
	act->started = jiffies;
	act->progress = jiffies;

	/* Here rather than in the u-thread: this CPU's cache knows the arguments. */
	err = md_sync_begin(act);
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
		atomic64_add(act->bytes_in, &d->stat.bytes_in);
		atomic64_add(act->bytes_out, &d->stat.bytes_out);
	}
retire:
	md_activation_retire(act);
	kfree(act);
	md_session_put(s);
	return err;
}

static bool md_may_sleep(void)
{
	return !in_atomic() && !irqs_disabled() && !rcu_preempt_depth();
}

int md_upcall(struct md_module *m, u32 plan, const u64 *args, u64 *result)
{
	struct md_driver *d = m->runtime;
	const struct md_plan *p;
	int err, attempt, again;
	u64 id, ignored;

	if (!d)
		return -ENODEV;
	if (plan >= m->plan_count)
		return -EINVAL;
	p = &m->plans[plan];
	if (!md_may_sleep()) {
		pr_err("microdriver: %s: %s called in atomic context\n", d->name, p->name);
		atomic64_inc(&d->counters[plan].failures);
		return -EWOULDBLOCK;
	}
	if (!result)
		result = &ignored;
	atomic64_inc(&d->stat.upcalls);
	atomic64_inc(&d->counters[plan].upcalls);
	id = atomic64_inc_return(&d->next_activation);

	for (attempt = 0; ; attempt++) {
		for (again = 0; again < MD_AGAIN; again++) {
			err = md_call_once(d, plan, args, result, id);
			if (err != -EAGAIN)
				break;
		}
		if (!err)
			return 0;
		atomic64_inc(&d->counters[plan].failures);
		if (err == -EHOSTDOWN || err == -ETIMEDOUT)
			md_undo_activation(d, id);
		if (attempt || err != -EHOSTDOWN || p->on_death != MD_RETRY)
			break;
	}
	if (p->on_death == MD_UNDO && err != -EINTR) {
		md_undo_instance(d, p->param_count ? args[0] : 0);
		*result = 0;
		return 0;
	}
	return -EIO;
}
EXPORT_SYMBOL_GPL(md_upcall);
