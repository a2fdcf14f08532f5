// SPDX-License-Identifier: GPL-2.0-only
/*
 * U-threads: who is idle, who works for whom, and the baton between user code and the
 * kernel (MD_IOC_BATON).
 */
#include <linux/hashtable.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

/* Every u-thread of every session, by task: "am I one?" */
static DEFINE_HASHTABLE(md_threads, 8);
static DEFINE_SPINLOCK(md_threads_lock);

/* ---- threads ---------------------------------------------------------------------- */

static noinline struct md_thread *md_thread_find(struct task_struct *task)
{
	struct md_thread *t, *found = NULL;

	spin_lock(&md_threads_lock);
	hash_for_each_possible(md_threads, t, hash, (unsigned long)task)
		if (t->task == task)
			found = t;
	spin_unlock(&md_threads_lock);
	return found;
}

/* The session that the current task serves, or NULL. It stays while the task runs in it. */
__md_hot_call
struct md_session *md_current_session(void)
{
	struct md_thread *t;

	/* md_thread_add() marks u-threads; few other tasks are. */
	if ((current->flags & PF_KTHREAD) || !(current->flags & PF_NOFREEZE))
		return NULL;
	t = md_thread_find(current);
	return t ? t->session : NULL;
}

/* The thread of this session that runs. */
static struct md_thread *md_thread_recent(struct md_session *s)
{
	struct md_thread **recent = &s->by_task[hash_ptr(current, ilog2(MD_RECENT))];
	struct md_thread *t = READ_ONCE(*recent);

	if (t && t->task == current)
		return t;
	t = md_thread_find(current);
	if (t && t->session == s)
		WRITE_ONCE(*recent, t);
	return t;
}

/* The upcall in whose downcall the current task is as a u-thread, or NULL. */
__md_hot_call
struct md_activation *md_current_activation(void)
{
	struct md_thread *t;

	if ((current->flags & PF_KTHREAD) || !(current->flags & PF_NOFREEZE))
		return NULL;
	t = md_thread_find(current);
	return t ? t->act : NULL;
}

static struct md_thread *md_thread_add(struct md_session *s)
{
	struct md_thread *t = NULL;
	bool counted = true;
	int err = 0;

	/* The first ones stand beside the session, where a crossing looks anyway. */
	spin_lock(&s->lock);
	if (s->thread_count < MD_THREADS_FIRST)
		t = &s->first[s->thread_count++];
	spin_unlock(&s->lock);
	if (!t) {
		t = kzalloc(sizeof(*t), GFP_KERNEL);
		counted = false;
	}
	if (!t)
		return ERR_PTR(-ENOMEM);
	t->session = s;
	t->task = get_task_struct(current);
	t->where = MD_USER;
	t->cpu = -1;
	INIT_LIST_HEAD(&t->idle);
	spin_lock(&s->lock);
	if (!counted && s->thread_count >= MD_THREADS_MAX) {
		err = -EAGAIN;
	} else {
		s->thread_count += !counted;
		list_add(&t->node, &s->threads);
	}
	spin_unlock(&s->lock);
	if (err) {
		put_task_struct(t->task);
		kfree(t);
		return ERR_PTR(err);
	}
	spin_lock(&md_threads_lock);
	hash_add(md_threads, &t->hash, (unsigned long)current);
	spin_unlock(&md_threads_lock);
	/* Drivers suspend after user tasks are frozen. */
	current->flags |= PF_NOFREEZE;
	return t;
}

/* With the session: no crossing is under way. */
void md_thread_remove(struct md_session *s, struct md_thread *t)
{
	spin_lock(&md_threads_lock);
	hash_del(&t->hash);
	spin_unlock(&md_threads_lock);
	put_task_struct(t->task);
	/* The first ones are part of the session. */
	if (t < s->first || t >= s->first + MD_THREADS_FIRST)
		kfree(t);
}

__md_hot_call
static struct md_thread *md_pick_idle(struct md_session *s)
{
	struct md_thread *t;
	int cpu = raw_smp_processor_id();

	list_for_each_entry(t, &s->idle, idle)
		if (task_cpu(t->task) == cpu)
			return t;
	return list_first_entry_or_null(&s->idle, struct md_thread, idle);
}

static noinline long md_wait_for_idle(struct md_session *s, long left)
{
	return wait_event_killable_timeout(s->idle_wait, READ_ONCE(s->idle_count) ||
					   READ_ONCE(s->dead) || READ_ONCE(s->leave), left);
}

/* A debugger holds threads that would be idle: it takes the time it takes. */
static bool md_session_traced(struct md_session *s)
{
	bool traced = false;
	struct md_thread *t;

	spin_lock(&s->lock);
	list_for_each_entry(t, &s->threads, node)
		traced |= !!t->task->ptrace;
	spin_unlock(&s->lock);
	return traced;
}

/* Hands @act to an idle u-thread; 0, -EHOSTDOWN, -EINTR or -ETIMEDOUT. */
__md_hot_call
int md_session_hand_over(struct md_session *s, struct md_activation *act)
{
	struct md_thread *t;
	bool waits = false;
	long left = 0;
	int cpu;

	for (;;) {
		spin_lock(&s->lock);
		if (s->dead || s->leave) {
			spin_unlock(&s->lock);
			return -EHOSTDOWN;
		}
		t = md_pick_idle(s);
		if (likely(t))
			break;
		spin_unlock(&s->lock);
		if (!waits) {
			waits = true;
			left = msecs_to_jiffies(md_timeout_ms);
		}
		if (!left && md_session_traced(s))
			left = msecs_to_jiffies(md_timeout_ms);
		if (left <= 0)
			return left ? -EINTR : -ETIMEDOUT;
		left = md_wait_for_idle(s, left);
	}
	list_del_init(&t->idle);
	s->idle_count--;
	t->where = MD_KERNEL;
	t->spawn = !s->idle_count && s->thread_count < MD_THREADS_MAX;
	act->thread = t;
	atomic_inc(&act->driver->in_flight);
	/* Last: the thread looks at it without the lock. */
	smp_store_release(&t->act, act);
	spin_unlock(&s->lock);

	/* The caller goes to sleep now: its CPU is the free one, and its cache is warm. */
	cpu = raw_smp_processor_id();
	if (t->cpu != cpu || task_cpu(t->task) != cpu) {
		set_cpus_allowed_ptr(t->task, cpumask_of(cpu));
		t->cpu = cpu;
	}
	wake_up_process(t->task);
	if (!delayed_work_pending(&act->driver->watch))
		queue_delayed_work(system_wq, &act->driver->watch, MD_LOOK);
	return 0;
}

/* What is wrong with the user code of this thread, if anything. Under session->lock. */
static const char *md_thread_trouble(struct md_thread *t)
{
	unsigned long limit = msecs_to_jiffies(md_timeout_ms);
	const struct md_activation *act = t->act;
	unsigned long age;

	if (!act || t->where != MD_USER)
		return NULL;
	if (t->task->flags & PF_EXITING || fatal_signal_pending(t->task))
		return "died";
	if (t->task->ptrace)
		return NULL;
	if (time_after(jiffies, act->progress + limit))
		return "gave no sign of life";
	if (md_gate_overdue(t))
		return "held a lock for too long";
	/* However often it says that it lives: somebody waits for it to end. */
	if (md_call_ms && !act->plan->endless &&
	    act->in_user + (jiffies - act->progress) > msecs_to_jiffies(md_call_ms))
		return "took too long";
	/* Nothing but signs of life for twelve times the limit. */
	age = jiffies - act->started;
	if (age > 12 * limit && act->downcalls > (u64)age * MD_FLOOD / HZ)
		return "floods the kernel";
	return NULL;
}

/* Looks after the process while upcalls are in progress; callers wait without a clock. */
void md_watch(struct work_struct *work)
{
	struct md_driver *d = container_of(work, struct md_driver, watch.work);
	struct md_session *s = md_driver_current(d);
	const char *why = NULL;
	struct md_thread *t;
	bool busy = false;

	if (!s)
		return;
	spin_lock(&s->lock);
	list_for_each_entry(t, &s->threads, node) {
		busy |= !!t->act;
		/* It waits for code that is alive, as natively it would run it: to who looks for hung tasks it says so. */
		if (t->act && t->where == MD_USER && time_after(jiffies, t->act->started + MD_LONG))
			wake_up_process(t->act->caller);
		if (!why) {
			why = md_thread_trouble(t);
			s->culprit = t;
		}
	}
	spin_unlock(&s->lock);
	if (why)
		md_session_fail(s, "%s", why);
	else if (busy)
		queue_delayed_work(system_wq, &d->watch, MD_LOOK);
	md_session_put(s);
}

/* ---- baton -------------------------------------------------------------------------- */

/*
 * Back to user code with the activation; an error if there is nothing to go
 * back to: then the activation ends here, with @error.
 */
static __always_inline int md_to_user_mode(struct md_thread *t, int error)
{
	struct md_session *s = t->session;
	struct md_activation *act = t->act;
	struct md_driver *d = s->driver;
	int err = 0;

	spin_lock(&s->lock);
	act->progress = jiffies;
	t->where = MD_USER;
	if (s->dead || error) {
		t->act = NULL;
		err = error ?: -EHOSTDOWN;
		md_activation_end(act, err, 0);
	}
	spin_unlock(&s->lock);
	md_driver_leave(d);
	return err;
}

/* From user code into the kernel with the activation. */
static __always_inline int md_to_kernel_mode(struct md_thread *t)
{
	struct md_session *s = t->session;
	int err = 0;

	spin_lock(&s->lock);
	if (s->dead || !t->act) {
		err = s->dead ? -EHOSTDOWN : -EPROTO;
	} else {
		t->where = MD_KERNEL;
		t->act->in_user += jiffies - t->act->progress;
		atomic_inc(&s->driver->in_flight);
	}
	spin_unlock(&s->lock);
	return err;
}

/* Under session->lock: @t may be given an activation from now on. */
static void md_make_idle(struct md_thread *t)
{
	t->where = MD_IDLE;
	list_add(&t->idle, &t->session->idle);
	t->session->idle_count++;
}

/* There is no activation: why not wait for one? */
static int md_wait_ends(const struct md_session *s)
{
	if (READ_ONCE(s->dead))
		return -EHOSTDOWN;
	if (READ_ONCE(s->leave))
		return -ESHUTDOWN;
	return signal_pending(current) ? -EINTR : 0;
}

/* Idle; waits until there is an activation. 0, -ESHUTDOWN (leave), -EHOSTDOWN or -EINTR. */
__md_hot_serve
static int md_wait_for_work(struct md_thread *t)
{
	struct md_session *s = t->session;
	int err = 0;

	if (wq_has_sleeper(&s->idle_wait))
		wake_up(&s->idle_wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		/* Set by md_session_hand_over(), which has made this thread busy then. */
		if (smp_load_acquire(&t->act))
			break;
		err = md_wait_ends(s);
		if (err)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	if (!err)
		return 0;
	spin_lock(&s->lock);
	if (t->act) {
		err = 0;
	} else {
		list_del_init(&t->idle);
		s->idle_count--;
		t->where = MD_USER;
	}
	spin_unlock(&s->lock);
	return err;
}

__md_hot_serve
static int md_baton_return(struct md_thread *t, struct md_frame *f)
{
	struct md_session *s = t->session;
	struct md_activation *act;
	struct md_driver *d = s->driver;
	int err = md_to_kernel_mode(t);
	u64 result = 0;

	if (err)
		return err;
	act = t->act;
	err = md_sync_end(act, f->value, &result);
	if (err)
		md_fail_sync(s, act, err);
	else if (act->chain->closes) {
		md_session_fail(s, "returned with a lock held");
		err = -EHOSTDOWN;
	}
	spin_lock(&s->lock);
	t->act = NULL;
	if (err)
		t->where = MD_USER;
	else
		md_make_idle(t);
	md_activation_end(act, err ? -EHOSTDOWN : 0, result);
	spin_unlock(&s->lock);
	md_driver_leave(d);
	return err ? -EHOSTDOWN : 0;
}

static noinline int md_baton_downcall(struct md_thread *t, struct md_frame *f)
{
	int err = md_to_kernel_mode(t), err2;

	if (err)
		return err;
	err = md_downcall(t->session, t->act, f);
	f->kind = MD_RESULT;
	err2 = md_to_user_mode(t, 0);
	return err ?: err2;
}

__md_hot_serve
static int md_baton_work(struct md_thread *t, struct md_frame *f, u32 *args)
{
	struct md_activation *act;
	u32 i;
	int err;

	f->id = 0;
	f->flags = 0;
	f->site = 0;
	f->value = 0;
	err = md_wait_for_work(t);
	if (err == -ESHUTDOWN) {
		f->kind = MD_EXIT;
		return 0;
	}
	if (err)
		return err;
	act = t->act;
	/* Killed while idle: no instruction of the user half has run yet. */
	if (fatal_signal_pending(current))
		return md_to_user_mode(t, -EAGAIN);
	f->kind = MD_UPCALL;
	f->id = act->plan_id;
	if (t->spawn)
		f->flags |= MD_FLAG_SPAWN;
	*args = act->plan->param_count;
	for (i = 0; i < *args; i++)
		f->arg[i] = act->user_args[i];
	f->value = jiffies;
	return md_to_user_mode(t, 0);
}

/* Nothing to say: as it is before the first upcall, and after a signal. */
static int md_baton_ready(struct md_thread *t)
{
	int err = 0;

	spin_lock(&t->session->lock);
	if (t->act)
		err = -EPROTO;
	else
		md_make_idle(t);
	spin_unlock(&t->session->lock);
	return err;
}

/* Only what its kind has a use for. */
static __always_inline int md_frame_from_user(struct md_frame *f, const struct md_frame __user *user)
{
	int i;

	if (!user_read_access_begin(user, sizeof(*user)))
		return -EFAULT;
	unsafe_get_user(f->kind, &user->kind, fault);
	unsafe_get_user(f->id, &user->id, fault);
	unsafe_get_user(f->site, &user->site, fault);
	unsafe_get_user(f->value, &user->value, fault);
	if (f->kind == MD_DOWNCALL)
		for (i = 0; i < MD_ARGS_MAX; i++)
			unsafe_get_user(f->arg[i], &user->arg[i], fault);
	user_read_access_end();
	f->flags = 0;
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

static __always_inline int md_frame_to_user(const struct md_frame *f, u32 args,
					     struct md_frame __user *user)
{
	u32 i;

	if (!user_write_access_begin(user, sizeof(*user)))
		return -EFAULT;
	unsafe_put_user(f->kind, &user->kind, fault);
	unsafe_put_user(f->id, &user->id, fault);
	unsafe_put_user(f->flags, &user->flags, fault);
	unsafe_put_user(f->site, &user->site, fault);
	unsafe_put_user(f->value, &user->value, fault);
	for (i = 0; i < args; i++)
		unsafe_put_user(f->arg[i], &user->arg[i], fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

__md_hot_serve
int md_baton(struct md_session *s, struct md_frame __user *user)
{
	struct md_thread *t;
	struct md_frame f;
	u32 args = 0;
	int err;

	if (!READ_ONCE(s->driver))
		return -ENOTCONN;
	if (md_frame_from_user(&f, user))
		return -EFAULT;
	t = md_thread_recent(s);
	if (!t && f.kind == MD_READY)
		t = md_thread_add(s);
	if (IS_ERR(t))
		return PTR_ERR(t);
	if (!t || t->session != s || current->mm != s->mm)
		return -EPROTO;

	switch (f.kind) {
	case MD_DOWNCALL:
		err = md_baton_downcall(t, &f);
		break;
	case MD_RETURN:
		err = md_baton_return(t, &f);
		if (!err)
			err = md_baton_work(t, &f, &args);
		break;
	case MD_READY:
		err = md_baton_ready(t) ?: md_baton_work(t, &f, &args);
		break;
	default:
		err = -EPROTO;
	}
	if (err == -EPROTO)
		md_session_fail(s, "broke the protocol");
	if (err)
		return err;
	if (READ_ONCE(s->driver->trap_mmio))
		f.flags |= MD_FLAG_TRAP_MMIO;
	return md_frame_to_user(&f, args, user);
}

/* A question of a checking build, in between: no crossing. */
int md_baton_check(struct md_session *s, struct md_check __user *user)
{
	struct md_check check;
	struct md_thread *t;
	int err, err2;

	if (!READ_ONCE(s->driver))
		return -ENOTCONN;
	if (copy_from_user(&check, user, sizeof(check)))
		return -EFAULT;
	t = md_thread_find(current);
	if (!t || t->session != s || current->mm != s->mm)
		return -EPROTO;
	err = md_to_kernel_mode(t);
	if (err)
		return err;
	err = md_shadow_check(t->act, &check);
	err2 = md_to_user_mode(t, 0);
	if (err || err2)
		return err ?: err2;
	return put_user(check.value, &user->value);
}
