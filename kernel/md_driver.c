// SPDX-License-Identifier: GPL-2.0-only
/*
 * One attached kernel half: which session serves it, and starting new ones.
 *
 *   DOWN -> STARTING -> SERVING -> DOWN ... -> GIVEN_UP, and DETACHING from any.
 *
 * A second process, attached and idle, stands by: a death is answered without
 * exec, disk or usermode helper, so also while the system suspends.
 */
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/umh.h>
#include "md_runtime.h"

/* Here, as this is linked first: each of the two begins a page. */
asm(".pushsection .text.hot.serve, \"ax\"; .balign 4096; .popsection\n"
    ".pushsection .text.hot.call, \"ax\"; .balign 4096; .popsection");

static LIST_HEAD(md_drivers);
static DEFINE_SPINLOCK(md_drivers_lock);

static void md_driver_release(struct kref *kref)
{
	kfree(container_of(kref, struct md_driver, kref));
}

void md_driver_put(struct md_driver *d)
{
	kref_put(&d->kref, md_driver_release);
}

struct md_driver *md_driver_find(const char *name)
{
	struct md_driver *d, *found = NULL;

	spin_lock(&md_drivers_lock);
	list_for_each_entry(d, &md_drivers, node) {
		if (!strcmp(d->name, name)) {
			kref_get(&d->kref);
			atomic_inc(&d->in_flight);
			found = d;
			break;
		}
	}
	spin_unlock(&md_drivers_lock);
	return found;
}

void md_drivers_forget(const void *p)
{
	struct md_driver *d;

	spin_lock(&md_drivers_lock);
	list_for_each_entry(d, &md_drivers, node)
		md_gate_forget(d, p);
	spin_unlock(&md_drivers_lock);
}

__md_hot_serve
void md_driver_leave(struct md_driver *d)
{
	/* The decrement is a full barrier, as waitqueue_active() needs. */
	if (atomic_dec_and_test(&d->in_flight) && waitqueue_active(&d->wait))
		wake_up_all(&d->wait);
}

struct md_session *md_driver_current(struct md_driver *d)
{
	struct md_session *s;

	spin_lock(&d->lock);
	s = d->session;
	if (s)
		md_session_get(s);
	spin_unlock(&d->lock);
	return s;
}

bool md_driver_serves(struct md_driver *d, struct md_session *s)
{
	bool serves;

	spin_lock(&d->lock);
	serves = d->session == s || d->spare == s;
	spin_unlock(&d->lock);
	return serves;
}

/* ---- restarts -------------------------------------------------------------- */

/* A second at least: the failure itself is not quiet. */
static bool md_was_quiet(const struct md_driver *d)
{
	return d->failed_once && time_after(jiffies, d->last_failure + HZ * (unsigned long)max(md_quiet_s, 1U));
}

int md_restarts_left(struct md_driver *d)
{
	if (md_restarts < 0)
		return INT_MAX;
	if (md_was_quiet(d))
		return md_restarts;
	return max(md_restarts - d->restarts_used, 0);
}

const char *md_restarts_text(struct md_driver *d, char *text, size_t size)
{
	if (md_restarts < 0)
		return "unlimited";
	snprintf(text, size, "%d", md_restarts_left(d));
	return text;
}

/* Takes one restart; false if there is none left. Under d->lock. */
static bool md_take_restart(struct md_driver *d)
{
	int left = md_restarts_left(d);

	if (!d->failed_once)
		return true;
	if (!left)
		return false;
	if (left == md_restarts)
		d->restarts_used = 0;
	d->restarts_used++;
	atomic64_inc(&d->stat.restarts);
	return true;
}

/* ---- starting ---------------------------------------------------------------- */

static int md_note_pid(struct subprocess_info *info, struct cred *cred)
{
	*(struct pid **)info->data = get_pid(task_pid(current));
	return 0;
}

static int md_host_exec(struct md_driver *d, struct pid **pid)
{
	char half[256];
	char *argv[] = {
		"@microdriver-host", "--driver", d->name, "--half", half,
		md_confine ? NULL : "--unconfined", NULL
	};
	char *envp[] = { "HOME=/", "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL };
	struct subprocess_info *info;

	snprintf(half, sizeof(half), "%s/%s.so", md_half_dir, d->name);
	info = call_usermodehelper_setup(md_host_path, argv, envp, GFP_NOIO, md_note_pid, NULL, pid);
	if (!info)
		return -ENOMEM;
	return call_usermodehelper_exec(info, UMH_WAIT_EXEC);
}

static bool md_pid_alive(struct pid *pid)
{
	bool alive;

	rcu_read_lock();
	alive = pid_task(pid, PIDTYPE_TGID);
	rcu_read_unlock();
	return alive;
}

static bool md_attached(struct md_driver *d, struct pid *pid)
{
	bool attached;

	spin_lock(&d->lock);
	attached = (d->session && d->session->pid == pid) || (d->spare && d->spare->pid == pid);
	spin_unlock(&d->lock);
	return attached;
}

static bool md_started(struct md_driver *d)
{
	return READ_ONCE(d->state) != MD_STARTING;
}

static bool md_has_spare(struct md_driver *d)
{
	return READ_ONCE(d->spare) || READ_ONCE(d->state) != MD_SERVING;
}

/* Starts a host and waits until it has attached, @enough holds, it exits, or the time is over. */
static int md_host_start(struct md_driver *d, bool (*enough)(struct md_driver *))
{
	unsigned long end = jiffies + msecs_to_jiffies(md_attach_ms);
	struct pid *pid = NULL;
	int err = 0;

	if (*md_host_path)
		err = md_host_exec(d, &pid);
	while (!err && !enough(d) && !(pid && md_attached(d, pid))) {
		long ret = wait_event_killable_timeout(d->wait, enough(d) || md_attached(d, pid),
						       HZ / 20);

		if (ret < 0)
			err = -EINTR;
		else if (time_after(jiffies, end))
			err = -ETIMEDOUT;
		else if (pid && !md_pid_alive(pid) && !enough(d))
			err = -ECHILD;
	}
	if (err)
		pr_err("microdriver: %s: no host from %s: %d\n", d->name, md_host_path, err);
	put_pid(pid);
	return err;
}

static void md_spare_work(struct work_struct *work)
{
	struct md_driver *d = container_of(work, struct md_driver, spare_work);

	if (*md_host_path && !md_has_spare(d))
		md_host_start(d, md_has_spare);
}

/* Called with d->lock held and state DOWN or GIVEN_UP; returns without it. */
static int md_driver_start(struct md_driver *d, bool teardown)
{
	int err;

	d->teardown_only = !md_take_restart(d);
	/* What the driver has only its own teardown can give back. */
	if (d->teardown_only && !teardown) {
		d->state = MD_GIVEN_UP;
		spin_unlock(&d->lock);
		return -EIO;
	}
	d->state = MD_STARTING;
	spin_unlock(&d->lock);

	err = md_host_start(d, md_started);

	spin_lock(&d->lock);
	if (err && d->state == MD_STARTING) {
		d->state = MD_DOWN;
		d->failed_once = true;
		d->last_failure = jiffies;
	} else {
		err = 0;
	}
	spin_unlock(&d->lock);
	if (err)
		wake_up_all(&d->wait);
	return err;
}

static noinline struct md_session *md_driver_await(struct md_driver *d, bool teardown)
{
	unsigned long end = jiffies + msecs_to_jiffies(md_attach_ms);
	struct md_session *s;
	int err, tries = 0;

	for (;;) {
		spin_lock(&d->lock);
		s = d->session;
		switch (d->state) {
		case MD_SERVING:
			if (d->teardown_only && md_restarts_left(d))
				d->teardown_only = !md_take_restart(d);
			if (d->teardown_only && !teardown) {
				spin_unlock(&d->lock);
				return ERR_PTR(-EIO);
			}
			if (!READ_ONCE(s->dead)) {
				md_session_get(s);
				spin_unlock(&d->lock);
				return s;
			}
			break;	/* md_driver_lost() is on its way */
		case MD_GIVEN_UP:
			if (!md_restarts_left(d) && !teardown) {
				spin_unlock(&d->lock);
				return ERR_PTR(-EIO);
			}
			fallthrough;
		case MD_DOWN:
			err = md_driver_start(d, teardown);
			/* One that was killed as it started earns a second try. */
			if (err && (err != -ECHILD || tries++))
				return ERR_PTR(err);
			continue;
		case MD_STARTING:
			break;
		case MD_DETACHING:
			spin_unlock(&d->lock);
			return ERR_PTR(-ESHUTDOWN);
		}
		spin_unlock(&d->lock);
		if (time_after(jiffies, end))
			return ERR_PTR(-ETIMEDOUT);
		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);
		wait_event_killable_timeout(d->wait, READ_ONCE(d->state) != MD_STARTING &&
					    READ_ONCE(d->session) != s, HZ / 20);
	}
}

__md_hot_call
struct md_session *md_driver_session(struct md_driver *d, bool teardown)
{
	struct md_session *s;

	spin_lock(&d->lock);
	s = d->session;
	if (d->state == MD_SERVING && !READ_ONCE(s->dead) && likely(!d->teardown_only)) {
		md_session_get(s);
		spin_unlock(&d->lock);
		return s;
	}
	spin_unlock(&d->lock);
	return md_driver_await(d, teardown);
}

/* A host has attached: it serves, or stands by. */
int md_driver_adopt(struct md_driver *d, struct md_session *s)
{
	bool serves = false;
	int err = 0;

	md_session_get(s);
	spin_lock(&d->lock);
	if (READ_ONCE(s->dead)) {
		err = -EHOSTDOWN;
	} else if (d->state == MD_STARTING || (d->state == MD_DOWN && md_take_restart(d))) {
		/* A spare that attaches when the other has just died is a restart, too. */
		d->session = s;
		d->state = MD_SERVING;
		serves = md_spare && !d->teardown_only;
	} else if (d->state == MD_SERVING && !d->spare && md_spare) {
		d->spare = s;
	} else {
		err = -EBUSY;
	}
	spin_unlock(&d->lock);
	if (err)
		md_session_put(s);
	else
		wake_up_all(&d->wait);
	if (serves)
		queue_work(system_unbound_wq, &d->spare_work);
	return err;
}

/* A session has died: the spare takes over, or the next upcall starts another. */
void md_driver_lost(struct md_driver *d, struct md_session *s, bool expected)
{
	bool mine = false;

	spin_lock(&d->lock);
	if (d->session == s || d->spare == s) {
		mine = true;
		if (!expected) {
			if (md_was_quiet(d))
				d->restarts_used = 0;
			d->failed_once = true;
			d->last_failure = jiffies;
			atomic64_inc(&d->stat.failures);
		}
		if (d->spare == s) {
			d->spare = NULL;
		} else {
			d->session = NULL;
			if (d->state == MD_SERVING)
				d->state = MD_DOWN;
			if (d->state == MD_DOWN && d->spare && md_take_restart(d)) {
				d->session = d->spare;
				d->spare = NULL;
				d->state = MD_SERVING;
			}
		}
	}
	spin_unlock(&d->lock);
	if (!mine)
		return;
	wake_up_all(&d->wait);
	if (md_spare && READ_ONCE(d->state) == MD_SERVING && md_restarts_left(d))
		queue_work(system_unbound_wq, &d->spare_work);
	md_session_put(s);
}

/* ---- attach and detach -------------------------------------------------------- */

static int md_driver_add(struct md_driver *d)
{
	struct md_driver *other;
	int err = 0;

	spin_lock(&md_drivers_lock);
	list_for_each_entry(other, &md_drivers, node)
		if (!strcmp(other->name, d->name))
			err = -EEXIST;
	if (!err)
		list_add(&d->node, &md_drivers);
	spin_unlock(&md_drivers_lock);
	return err;
}

static void md_driver_remove(struct md_driver *d)
{
	struct md_session *s, *spare;

	spin_lock(&md_drivers_lock);
	list_del(&d->node);
	spin_unlock(&md_drivers_lock);

	spin_lock(&d->lock);
	d->state = MD_DETACHING;
	d->leaving = true;
	s = d->session;
	spare = d->spare;
	if (s)
		md_session_get(s);
	if (spare)
		md_session_get(spare);
	spin_unlock(&d->lock);
	wake_up_all(&d->wait);
	/* What runs ends: the session that it runs in is about to. */
	md_defer_stop(d);
	cancel_work_sync(&d->recover);
	cancel_work_sync(&d->spare_work);
	cancel_delayed_work_sync(&d->watch);

	/* First ask, then insist; an exit that hangs holds up nothing but itself. */
	if (s)
		md_session_leave(s);
	if (spare)
		md_session_leave(spare);
	wait_event_timeout(d->wait, (!s || READ_ONCE(s->released)) &&
			   (!spare || READ_ONCE(spare->released)), HZ);
	if (s)
		md_session_kill(s);
	if (spare)
		md_session_kill(spare);
	wait_event_timeout(d->wait, (!s || READ_ONCE(s->released)) &&
			   (!spare || READ_ONCE(spare->released)), 2 * HZ);
	wait_event(d->wait, !atomic_read(&d->in_flight));
	if (s)
		md_session_put(s);
	if (spare)
		md_session_put(spare);

	md_late_all(d);
	md_debugfs_remove(d);
	md_gate_finish(d);
	md_undo_forget(d);
	md_taint_forget(d);
	md_alloc_free_all(d);
	md_mmio_free_all(d);
	d->m->runtime = NULL;
	d->m = NULL;
	md_tables_free(d);
	md_driver_put(d);
}

int md_attach(struct md_module *m)
{
	struct md_session *s;
	struct md_driver *d;
	int err;

	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	kref_init(&d->kref);
	strscpy(d->name, m->name, sizeof(d->name));
	d->m = m;
	spin_lock_init(&d->lock);
	init_waitqueue_head(&d->wait);
	INIT_WORK(&d->spare_work, md_spare_work);
	INIT_WORK(&d->recover, md_recover_work);
	INIT_DELAYED_WORK(&d->watch, md_watch);
	d->allocs = RB_ROOT_CACHED;
	d->generation = 1;
	INIT_LIST_HEAD(&d->mmio);
	INIT_LIST_HEAD(&d->undo);
	INIT_LIST_HEAD(&d->pending);
	INIT_LIST_HEAD(&d->interned);
	INIT_LIST_HEAD(&d->taints);
	INIT_LIST_HEAD(&d->exposed);
	INIT_LIST_HEAD(&d->calls);
	md_gate_init(d);
	md_defer_init(d);
	err = md_tables_build(d);
	if (err) {
		pr_err("microdriver: %s: the kernel half's tables are broken: %d\n", d->name, err);
		md_driver_put(d);
		return err;
	}
	err = md_driver_add(d);
	if (err) {
		md_tables_free(d);
		md_driver_put(d);
		return err;
	}
	md_debugfs_add(d);
	m->runtime = d;
	s = md_driver_session(d, false);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
		md_driver_remove(d);
		/* The log has the reason; insmod would misread some (ENOENT: unknown symbol). */
		return err == -EINTR || err == -ENOMEM ? err : -EHOSTDOWN;
	}
	md_session_put(s);
	return 0;
}
EXPORT_SYMBOL_GPL(md_attach);

void md_leave(struct md_module *m)
{
	struct md_driver *d = m->runtime;

	if (!d)
		return;
	spin_lock(&d->lock);
	d->leaving = true;
	spin_unlock(&d->lock);
	/* What it has begun ends: its driver is there as long. */
	cancel_work_sync(&d->recover);
}
EXPORT_SYMBOL_GPL(md_leave);

void md_detach(struct md_module *m)
{
	if (m->runtime)
		md_driver_remove(m->runtime);
}
EXPORT_SYMBOL_GPL(md_detach);
