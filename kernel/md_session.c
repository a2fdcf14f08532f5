// SPDX-License-Identifier: GPL-2.0-only
/*
 * One open of /dev/microdriver: the process's side of a driver.
 *
 * A u-thread is idle (waits in BATON), in user code, or in the kernel with an
 * activation. Only the last may touch the activation, and a session that dies
 * takes activations only from threads in user code: one that is in a downcall
 * ends its activation itself on the way out.
 */
#include <linux/capability.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

/* Every u-thread of every session, by task: "am I one?" */
static DEFINE_HASHTABLE(md_threads, 8);
static DEFINE_SPINLOCK(md_threads_lock);

/* ---- life ------------------------------------------------------------------ */

static void md_thread_free(struct md_session *s, struct md_thread *t)
{
	if (t < s->first || t >= s->first + MD_THREADS_FIRST)
		kfree(t);
}

void md_session_release(struct kref *kref)
{
	struct md_session *s = container_of(kref, struct md_session, kref);
	struct md_thread *t, *next;

	list_for_each_entry_safe(t, next, &s->threads, node) {
		spin_lock(&md_threads_lock);
		hash_del(&t->hash);
		spin_unlock(&md_threads_lock);
		put_task_struct(t->task);
		md_thread_free(s, t);
	}
	md_pages_free(s);
	md_symbols_free(s);
	put_pid(s->pid);
	if (s->driver)
		md_driver_put(s->driver);
	kfree(s);
}

static int md_open(struct inode *inode, struct file *file)
{
	struct md_session *s;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	kref_init(&s->kref);
	s->pid = get_pid(task_tgid(current));
	s->mm = current->mm;
	s->files = current->files;
	mutex_init(&s->sync);
	init_rwsem(&s->map);
	xa_init(&s->pages);
	spin_lock_init(&s->lock);
	init_waitqueue_head(&s->idle_wait);
	INIT_LIST_HEAD(&s->activations);
	INIT_LIST_HEAD(&s->threads);
	INIT_LIST_HEAD(&s->idle);
	address_space_init_once(&s->mapping);
	s->mapping.host = inode;
	s->mapping.a_ops = inode->i_mapping->a_ops;
	file->f_mapping = &s->mapping;
	file->private_data = s;
	return 0;
}

/* The process is gone, or closed its descriptor: whatever forks may hold on to it. */
static int md_flush_file(struct file *file, fl_owner_t id)
{
	struct md_session *s = file->private_data;

	if (id == s->files && READ_ONCE(s->driver))
		md_session_fail(s, "died");
	return 0;
}

static int md_release_file(struct inode *inode, struct file *file)
{
	struct md_session *s = file->private_data;

	if (s->driver)
		md_session_fail(s, "died");
	/* The mapping is part of the session, which may outlive the file. */
	file->f_mapping = inode->i_mapping;
	WRITE_ONCE(s->released, true);
	if (s->driver)
		wake_up_all(&s->driver->wait);
	md_session_put(s);
	return 0;
}

/* ---- death -------------------------------------------------------------------- */

void md_session_kill(struct md_session *s)
{
	struct md_thread *t;

	spin_lock(&s->lock);
	if (s->dead) {
		spin_unlock(&s->lock);
		return;
	}
	WRITE_ONCE(s->dead, true);
	spin_unlock(&s->lock);

	/* In this order: nobody can write, nobody can speak, then the waiters may go on. */
	md_revoke_all(s);
	if (current->mm != s->mm) {
		/* A sync that had begun ends; those to come see that the session is dead. */
		mutex_lock(&s->sync);
		mutex_unlock(&s->sync);
	}
	if (!s->leave || current->mm != s->mm)
		kill_pid(s->pid, SIGKILL, 1);
	if (s->driver)
		md_driver_lost(s->driver, s, READ_ONCE(s->leave));

	spin_lock(&s->lock);
	list_for_each_entry(t, &s->threads, node) {
		struct md_activation *act = t->act;

		if (act && t->where == MD_USER) {
			t->act = NULL;
			md_activation_end(act, -EHOSTDOWN, 0);
		}
	}
	list_for_each_entry(t, &s->idle, idle)
		wake_up_process(t->task);
	spin_unlock(&s->lock);
	wake_up_all(&s->idle_wait);
}

void md_session_fail(struct md_session *s, const char *why, ...)
{
	struct md_driver *d = s->driver;
	const char *entry = NULL;
	struct va_format text;
	struct md_thread *t;
	char left[16];
	bool first;
	va_list args;

	spin_lock(&s->lock);
	first = !s->dead && !s->failed && !s->leave;
	s->failed = true;
	list_for_each_entry(t, &s->threads, node)
		if (t->act && (!entry || t == s->culprit))
			entry = t->act->plan->name;
	spin_unlock(&s->lock);
	if (first && d && md_driver_serves(d, s)) {
		va_start(args, why);
		text.fmt = why;
		text.va = &args;
		pr_err("microdriver: %s: user half %pV in %s (pid %d), %s restarts left\n",
		       d->name, &text, entry ?: "idle", pid_nr(s->pid),
		       md_restarts_text(d, left, sizeof(left)));
		va_end(args);
	}
	md_session_kill(s);
}

/* Asks the threads to go; they do if they are idle. */
void md_session_leave(struct md_session *s)
{
	struct md_thread *t;

	spin_lock(&s->lock);
	WRITE_ONCE(s->leave, true);
	list_for_each_entry(t, &s->idle, idle)
		wake_up_process(t->task);
	spin_unlock(&s->lock);
}

/* ---- attach --------------------------------------------------------------------- */

static noinline int md_hello(struct md_session *s, struct md_hello __user *user)
{
	struct md_hello hello;
	int w;

	if (copy_from_user(&hello, user, sizeof(hello)))
		return -EFAULT;
	if (hello.version != MD_WIRE_VERSION)
		return -EPROTO;
	hello.reserved = 0;
	for (w = 0; w < MD_WIN_COUNT; w++)
		hello.window[w].size = md_window_size(w);
	hello.window[MD_WIN_DIRECT].suggested = 0x010000000000ULL;
	hello.window[MD_WIN_VMALLOC].suggested = 0x290000000000ULL;
	hello.window[MD_WIN_VMEMMAP].suggested = 0x4a0000000000ULL;
	hello.window[MD_WIN_IMAGE].suggested = 0x4c0000000000ULL;
	return copy_to_user(user, &hello, sizeof(hello)) ? -EFAULT : 0;
}

static int md_attach_driver(struct md_session *s, struct md_driver *d, const struct md_attach *attach)
{
	u32 count = attach->symbol_count;
	struct md_user_symbol *table;
	int err;

	if (memcmp(attach->slice_id, d->m->slice_id, MD_SLICE_ID_SIZE) ||
	    count != d->m->symbol_count)
		return -ESTALE;
	table = kvmalloc_array(count + 1, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	if (copy_from_user(table, u64_to_user_ptr(attach->symbols), count * sizeof(*table)))
		err = -EFAULT;
	else
		err = md_symbols_check(s, d, table);
	kvfree(table);
	return err;
}

static noinline int md_attach_ioctl(struct md_session *s, const struct md_attach __user *user)
{
	struct md_attach attach;
	struct md_driver *d;
	int w, err;

	if (copy_from_user(&attach, user, sizeof(attach)))
		return -EFAULT;
	attach.name[MD_NAME_MAX - 1] = 0;
	if (attach.version != MD_WIRE_VERSION)
		return -EPROTO;
	if (current->mm != s->mm || !capable(CAP_SYS_ADMIN))
		return -EPERM;
	for (w = 0; w < MD_WIN_COUNT; w++)
		if (!READ_ONCE(s->window[w]))
			return -EINVAL;
	/* One ATTACH per session: the slot is taken before the slow part. */
	spin_lock(&s->lock);
	err = s->attaching ? -EBUSY : 0;
	s->attaching = true;
	spin_unlock(&s->lock);
	if (err)
		return err;

	d = md_driver_find(attach.name);
	if (!d)
		return -ENODEV;
	err = md_attach_driver(s, d, &attach);
	md_driver_leave(d);
	if (!err) {
		WRITE_ONCE(s->driver, d);	/* keeps the reference */
		err = md_driver_adopt(d, s);
		if (err)
			md_session_kill(s);
	} else {
		md_driver_put(d);
	}
	return err;
}

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
static int md_baton(struct md_session *s, struct md_frame __user *user)
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
static int md_baton_check(struct md_session *s, struct md_check __user *user)
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

static long md_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct md_session *s = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case MD_IOC_HELLO:
		return md_hello(s, user);
	case MD_IOC_ATTACH:
		return md_attach_ioctl(s, user);
	case MD_IOC_BATON:
		return md_baton(s, user);
	case MD_IOC_CHECK:
		return md_baton_check(s, user);
	default:
		return -ENOTTY;
	}
}

/*
 * MD_IOC_BATON by another door: lseek(fd, frame). An ioctl passes the security
 * modules' path checks each time, which cost as much as all of md_baton().
 */
__md_hot_serve
static loff_t md_seek(struct file *file, loff_t frame, int whence)
{
	if (whence != SEEK_SET)
		return -EINVAL;
	return md_baton(file->private_data, u64_to_user_ptr((u64)frame));
}

const struct file_operations md_fops = {
	.owner = THIS_MODULE,
	.open = md_open,
	.flush = md_flush_file,
	.release = md_release_file,
	.mmap = md_mmap,
	.unlocked_ioctl = md_ioctl,
	.llseek = md_seek,
};
