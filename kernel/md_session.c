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
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

/* ---- life ------------------------------------------------------------------ */

void md_session_release(struct kref *kref)
{
	struct md_session *s = container_of(kref, struct md_session, kref);
	struct md_thread *t, *next;

	list_for_each_entry_safe(t, next, &s->threads, node)
		md_thread_remove(s, t);
	md_pages_free(s);
	md_symbols_free(s);
	put_pid(s->pid);
	if (s->driver)
		md_driver_put(s->driver);
	kfree(s);
}

/* Opened so far. */
static atomic64_t md_sessions;

static int md_open(struct inode *inode, struct file *file)
{
	struct md_session *s;

	/* Who may open the node decides who may attach: one that others may open is a mistake. */
	if (!uid_eq(inode->i_uid, GLOBAL_ROOT_UID) || inode->i_mode & 0077) {
		pr_warn_ratelimited("microdriver: the device node must be root's, with mode 0600: nobody may attach\n");
		return -EPERM;
	}
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	kref_init(&s->kref);
	s->number = atomic64_inc_return(&md_sessions);
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

/* ---- the device file ------------------------------------------------------------- */

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
