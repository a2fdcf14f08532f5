// SPDX-License-Identifier: GPL-2.0-only
/*
 * Downcalls: the user half's requests, and what generated handlers use to check
 * their arguments. An argument that fails its check kills the process: it lies,
 * or the slicer is wrong; both must be loud.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

/* What lives until the downcall ends: copied strings, bounce buffers. */
struct md_temp {
	struct list_head node;
	void __user *back;	/* copied back afterwards */
	size_t size;
	u8 data[];
};

static void md_bad(struct md_call *c, u32 i, const char *why)
{
	if (c->bad_arg >= 0)
		return;
	c->bad_arg = i;
	c->bad_why = why;
}

void md_refuse(struct md_call *c, const char *why)
{
	md_bad(c, MD_ARGS_MAX, why);
}
EXPORT_SYMBOL_GPL(md_refuse);

bool md_call_bad(struct md_call *c)
{
	return c->bad_arg >= 0 || (md_is_noted(c) && !md_once(c));
}
EXPORT_SYMBOL_GPL(md_call_bad);

u32 md_call_site(struct md_call *c)
{
	return c->site;
}
EXPORT_SYMBOL_GPL(md_call_site);

/* ---- arguments ---------------------------------------------------------------- */

u64 md_arg(struct md_call *c, u32 i)
{
	c->value[i] = c->arg[i];
	return c->arg[i];
}
EXPORT_SYMBOL_GPL(md_arg);

void md_arg_needed(struct md_call *c, u32 i)
{
	if (!c->arg[i])
		md_bad(c, i, "pointer but NULL");
}
EXPORT_SYMBOL_GPL(md_arg_needed);

/*
 * Checked and marked in one: who ends an object takes it out of the tables, passes through
 * session->sync and then looks who works on it. Once the session is dead nobody passes there.
 */
static bool md_arg_take(struct md_call *c, u32 i, u64 k)
{
	lockdep_assert_held(&c->session->sync);
	WRITE_ONCE(c->value[i], k);
	smp_mb();
	return !READ_ONCE(c->session->dead);
}

void *md_arg_error(struct md_call *c, u32 i)
{
	if (!IS_ERR_VALUE((unsigned long)c->arg[i]))
		return NULL;
	c->value[i] = c->arg[i];
	return (void *)c->arg[i];
}
EXPORT_SYMBOL_GPL(md_arg_error);

void *md_arg_object(struct md_call *c, u32 i, u16 type)
{
	bool good;
	u64 k;

	if (!c->arg[i])
		return NULL;

	mutex_lock(&c->session->sync);
	/* Small integers, list poison and error codes pass as values, not as things to work on. */
	good = !md_to_kernel(c->act, c->arg[i], type, &k) && md_address_names_kernel(k) &&
	       md_arg_take(c, i, k);
	mutex_unlock(&c->session->sync);
	if (good)
		return (void *)k;
	md_bad(c, i, type < c->driver->m->type_count ? c->driver->m->types[type].name : "object");
	return NULL;
}
EXPORT_SYMBOL_GPL(md_arg_object);

static bool md_in_windows(struct md_session *s, u64 u)
{
	int w;

	for (w = 0; w < MD_WIN_COUNT; w++)
		if (u - s->window[w] < md_window_size(w))
			return true;
	return false;
}

/* Of the task that made the upcall, in which it runs: an address of the application's. The callee asks access_ok(). */
static bool md_is_callers(struct md_call *c, u64 u)
{
	return (c->fn->flags & MD_DOWN_SHIPPED) && u < TASK_SIZE_MAX && !md_in_windows(c->session, u);
}

/* As a cookie it may be an error code that the driver passes on; else there must be something. */
static bool md_opaque_good(u64 k, bool cookie)
{
	return cookie || k <= U32_MAX || md_address_names_kernel(k);
}

void *md_arg_opaque(struct md_call *c, u32 i, bool cookie)
{
	u64 k = c->arg[i];
	bool good;

	if (md_is_callers(c, k))
		return (void *)k;
	mutex_lock(&c->session->sync);
	good = !md_opaque_to_kernel(c->act, c->arg[i], cookie, &k) && md_opaque_good(k, cookie) &&
	       md_arg_take(c, i, k);
	mutex_unlock(&c->session->sync);
	if (good)
		return (void *)k;
	md_bad(c, i, "known object");
	return NULL;
}
EXPORT_SYMBOL_GPL(md_arg_opaque);

void *md_arg_among(struct md_call *c, u32 i, const u16 *types, u32 count, bool cookie)
{
	void *p = md_arg_opaque(c, i, cookie);
	bool good = (u64)p <= U32_MAX || IS_ERR(p) || md_is_callers(c, c->arg[i]);
	u32 t;

	mutex_lock(&c->session->sync);
	for (t = 0; t < count && !good; t++)
		good = !md_to_kernel(c->act, c->arg[i], types[t], &(u64){0});
	mutex_unlock(&c->session->sync);
	if (good)
		return p;
	md_bad(c, i, "record that the driver passes here");
	return NULL;
}
EXPORT_SYMBOL_GPL(md_arg_among);

void *md_arg_function(struct md_call *c, u32 i, u16 set)
{
	u64 k;

	if (!md_function_to_kernel(c->session, c->arg[i], set, &k)) {
		md_once_of(c, &k, sizeof(k));
		return (void *)k;
	}
	md_bad(c, i, "function that the driver passes here");
	return NULL;
}
EXPORT_SYMBOL_GPL(md_arg_function);

static struct md_temp *md_temp(struct md_call *c, size_t size)
{
	struct md_temp *t = kvmalloc(sizeof(*t) + size, GFP_KERNEL);

	if (!t)
		return NULL;
	t->back = NULL;
	t->size = size;
	list_add(&t->node, &c->temps);
	return t;
}

const char *md_arg_string(struct md_call *c, u32 i)
{
	const char __user *u = u64_to_user_ptr(c->arg[i]);
	struct md_temp *t;
	long n;

	if (!u)
		return NULL;
	n = strnlen_user(u, MD_STRING_MAX);
	t = n > 0 && n <= MD_STRING_MAX ? md_temp(c, n) : NULL;
	if (!t || copy_from_user(t->data, u, n)) {
		md_bad(c, i, "string");
		return NULL;
	}
	t->data[n - 1] = 0;
	md_once_of(c, t->data, n);
	if (unlikely(c->session->checking) && !md_shadow_brought(c->act, c->arg[i], n))
		md_bad(c, i, "string that a plan brought");
	return t->data;
}
EXPORT_SYMBOL_GPL(md_arg_string);

const char *md_arg_string_keep(struct md_call *c, u32 i)
{
	const char *text = md_arg_string(c, i);

	if (!text)
		return NULL;
	text = md_intern(c->driver, text);
	if (!text)
		md_bad(c, i, "string: no memory");
	return text;
}
EXPORT_SYMBOL_GPL(md_arg_string_keep);

/* Does the plan let plain bytes at [k, k + size) of @o travel? */
static bool md_bytes_of(const struct md_object *o, u64 k, u64 size)
{
	u64 offset = k - o->range.start, end;
	u32 i;

	if (o->bytes)
		return size <= o->bytes_size && offset <= o->bytes_size - size;
	for (i = 0; o->visit && i < o->visit->field_count; i++) {
		const struct md_field *f = &o->visit->fields[i];

		if (f->kind != MD_BYTES || !f->count || offset < f->offset)
			continue;
		/* Elements without gaps are one run of bytes. */
		end = f->offset + f->size;
		if (f->stride == f->size)
			end += (u64)f->size * (f->count - 1);
		else
			end = f->offset + rounddown(offset - f->offset, max(f->stride, 1u)) +
			      f->size;
		if (offset + size <= end)
			return true;
	}
	return false;
}

/* Under session->sync: kernel address of a buffer inside a known object, or 0. */
static u64 md_buffer_in_object(struct md_call *c, u64 u, size_t size, u8 dir)
{
	const struct md_symbol *sym;
	struct md_object *o = NULL;
	struct md_extent a;
	u64 k, offset;
	int i;

	if (md_user_symbol_at(c->session, u, &i, &offset)) {
		sym = c->driver->symbols[i];
		if (size > sym->size || offset > sym->size - size ||
		    (sym->kind != MD_SYM_DATA && (sym->kind != MD_SYM_CONST || (dir & MD_OUT))))
			return 0;
		return (u64)sym->address + offset;
	}
	if (md_to_kernel(c->act, u, MD_TYPE_NONE, &k) || k < PAGE_SIZE)
		return 0;
	if (md_alloc_covers(c->driver, k, &a) && (a.mapped || a.type == MD_TYPE_NONE) &&
	    size <= a.last - k + 1)
		return k;
	while ((o = md_object_next(c->act, o, k, k)))
		if (size <= o->range.last - k + 1 && (!(dir & MD_OUT) || md_bytes_of(o, k, size)))
			return k;
	return 0;
}

void *md_arg_buffer(struct md_call *c, u32 i, size_t size, u8 dir)
{
	u64 u = c->arg[i], k, offset;
	struct md_temp *t;
	int symbol;

	if (!size)
		return NULL;
	if (!u) {
		md_bad(c, i, "buffer but NULL");
		return NULL;
	}
	if (size > MD_BUFFER_MAX) {
		md_bad(c, i, "buffer of this size");
		return NULL;
	}
	if (md_in_windows(c->session, u) ||
	    md_user_symbol_at(c->session, u, &symbol, &offset)) {
		mutex_lock(&c->session->sync);
		k = md_buffer_in_object(c, u, size, dir);
		if (k && !md_arg_take(c, i, k))
			k = 0;
		mutex_unlock(&c->session->sync);
		if (!k)
			md_bad(c, i, "buffer within the plan's fields");
		/* However pure the callee: it writes where the kernel half reads. */
		else if (dir & MD_OUT)
			md_gate_publish(c->driver, c->chain);
		return (void *)k;
	}
	/* Always filled: what the callee leaves alone must come back as it was. */
	t = md_temp(c, size);
	if (!t || copy_from_user(t->data, u64_to_user_ptr(u), size)) {
		md_bad(c, i, "buffer");
		return NULL;
	}
	if (dir & MD_OUT)
		t->back = u64_to_user_ptr(u);
	return t->data;
}
EXPORT_SYMBOL_GPL(md_arg_buffer);

/* ---- results ---------------------------------------------------------------------- */

static bool md_is_error(const void *p)
{
	return (u64)p < PAGE_SIZE || IS_ERR(p);
}

static u64 md_result(struct md_call *c, const void *p)
{
	if (c->act->truncated)
		md_bad(c, MD_ARGS_MAX, "result: too many objects");
	return md_to_user(c->session, (u64)p);
}

u64 md_result_object(struct md_call *c, const void *p, u16 type)
{
	if (!md_is_error(p)) {
		mutex_lock(&c->session->sync);
		/* Not the driver's allocation: the kernel half may end it while the call goes on. */
		md_visit(c->act, (u64)p, type, true, false);
		mutex_unlock(&c->session->sync);
	}
	return md_result(c, p);
}
EXPORT_SYMBOL_GPL(md_result_object);

u64 md_result_opaque(struct md_call *c, const void *p)
{
	if (!md_is_error(p)) {
		mutex_lock(&c->session->sync);
		md_handle(c->act, (u64)p, MD_TYPE_NONE);
		mutex_unlock(&c->session->sync);
	}
	return md_result(c, p);
}
EXPORT_SYMBOL_GPL(md_result_opaque);

u64 md_result_string(struct md_call *c, const char *text)
{
	if (!md_is_error(text)) {
		mutex_lock(&c->session->sync);
		md_visit_string(c->act, (u64)text, true);
		mutex_unlock(&c->session->sync);
	}
	return md_result(c, text);
}
EXPORT_SYMBOL_GPL(md_result_string);

u64 md_result_mmio(struct md_call *c, void __iomem *p, u64 size, struct device *dev)
{
	if (!p || IS_ERR((const void __force *)p))
		return (u64)p;
	if (md_mmio_add(c->driver, (u64)p, size, dev))
		md_bad(c, MD_ARGS_MAX, "result: registers");
	return md_to_user(c->session, (u64)p);
}
EXPORT_SYMBOL_GPL(md_result_mmio);

u64 md_result_alloc_typed(struct md_call *c, void *p, size_t size, u16 type, u32 flags,
			  struct device *dev)
{
	bool mapped = flags & MD_ALLOC_COHERENT;

	if (md_is_error(p))
		return (u64)p;
	if (mapped && !md_mappable((u64)p, size)) {
		md_bad(c, MD_ARGS_MAX, "result: memory that can be mapped");
		return 0;
	}
	if (!(flags & MD_ALLOC_ZEROED))
		memset(p, 0, mapped ? PAGE_ALIGN(size) : size);
	md_journal_fresh(c, (u64)p, size);
	if (md_alloc_add(c->act, (u64)p, size, type, dev, mapped)) {
		md_bad(c, MD_ARGS_MAX, "result: no memory");
		return 0;
	}
	return md_result_object(c, p, type);
}
EXPORT_SYMBOL_GPL(md_result_alloc_typed);

static u16 md_site_type(struct md_call *c)
{
	const struct md_module *m = c->driver->m;
	u32 i;

	for (i = 0; c->site && i < m->site_count; i++)
		if (m->sites[i].site == c->site && m->sites[i].downcall == c->id)
			return m->sites[i].type;
	return MD_TYPE_NONE;
}

u64 md_result_alloc(struct md_call *c, void *p, size_t size, u32 flags, struct device *dev)
{
	u16 type = md_site_type(c);
	bool bytes = type == MD_TYPE_BYTES;
	u64 u = md_result_alloc_typed(c, p, size, bytes ? MD_TYPE_NONE : type, flags, dev);

	if (bytes && !md_is_error(p)) {
		mutex_lock(&c->session->sync);
		if (md_visit_owned(c->act, (u64)p, size))
			md_bad(c, MD_ARGS_MAX, "result: allocation of this size");
		mutex_unlock(&c->session->sync);
	}
	return u;
}
EXPORT_SYMBOL_GPL(md_result_alloc);

void md_release(struct md_call *c, const void *p)
{
	struct md_extent a;
	bool ours = false;
	u64 size = 1;

	if (md_is_error(p))
		return;
	/* Only as a whole. */
	if (md_symbol_at(c->driver, (u64)p) >= 0 ||
	    (md_alloc_covers(c->driver, (u64)p, &a) && a.start != (u64)p)) {
		md_bad(c, MD_ARGS_MAX, "start of what can end");
		return;
	}
	if (md_alloc_covers(c->driver, (u64)p, &a)) {
		size = a.last - a.start + 1;
		ours = c->act && a.activation == c->act->id;
	}
	md_defer_release(c->driver, c->chain, (u64)p, size);
	/* What this call allocated itself it allocates anew when it is repeated, if no field can still name the old one. */
	if (ours && !c->act->pointers_out) {
		c->act->own_release = true;
	} else {
		md_gate_publish(c->driver, c->chain);
		md_releases(c->act);
	}
	if (!md_mmio_end(c->driver, (u64)p) && !md_alloc_end(c->driver, (u64)p))
		md_forget_object(c->driver, (u64)p);
	/* It is lost then, rather than freed under somebody's hands. */
	if (!md_busy_wait(c->driver, (u64)p, size))
		md_bad(c, MD_ARGS_MAX, "end of what another call works on");
}
EXPORT_SYMBOL_GPL(md_release);

/* ---- strings that are kept ------------------------------------------------------------ */

static const char *md_interned_find(struct md_driver *d, const char *text)
{
	struct md_interned *e;

	list_for_each_entry(e, &d->interned, node)
		if (!strcmp(e->text, text))
			return e->text;
	return NULL;
}

const char *md_intern(struct md_driver *d, const char *text)
{
	size_t size = strlen(text) + 1;
	struct md_interned *e;
	const char *found;

	spin_lock(&d->lock);
	found = md_interned_find(d, text);
	spin_unlock(&d->lock);
	if (found)
		return found;
	e = kmalloc(sizeof(*e) + size, GFP_NOIO);
	if (!e)
		return NULL;
	memcpy(e->text, text, size);
	spin_lock(&d->lock);
	found = d->interned_count < MD_INTERNED_MAX ? md_interned_find(d, text) : "";
	if (!found) {
		list_add(&e->node, &d->interned);
		d->interned_count++;
	}
	spin_unlock(&d->lock);
	if (!found)
		return e->text;
	kfree(e);
	return *found ? found : NULL;
}

const char *md_intern_user(struct md_driver *d, u64 u)
{
	char *text = strndup_user(u64_to_user_ptr(u), MD_STRING_MAX);
	const char *kept;

	if (IS_ERR(text))
		return NULL;
	kept = md_intern(d, text);
	kfree(text);
	return kept;
}

/* ---- dispatch --------------------------------------------------------------------------- */

static int md_temps_end(struct md_call *c, bool back)
{
	struct md_temp *t, *next;
	int err = 0;

	list_for_each_entry_safe(t, next, &c->temps, node) {
		if (back && t->back && copy_to_user(t->back, t->data, t->size))
			err = -EFAULT;
		kvfree(t);
	}
	return err;
}

static int md_downcall_mmio(struct md_session *s, struct md_frame *f)
{
	bool write = f->id == MD_CALL_MMIO_WRITE;
	u64 u = f->arg[0], k = u, value = f->arg[2];

	if (u > U32_MAX) {
		u64 start = s->window[MD_WIN_VMALLOC];

		k = u - start + md_window_base(MD_WIN_VMALLOC);
		if (u < start || u - start >= md_window_size(MD_WIN_VMALLOC))
			k = u - s->window[MD_WIN_DIRECT] + md_window_base(MD_WIN_DIRECT);
	}
	if (md_mmio_access(s->driver, write, k, f->arg[1], &value)) {
		md_session_fail(s, "accessed registers that it does not have");
		return -EHOSTDOWN;
	}
	if (write)
		WRITE_ONCE(s->device_written, true);
	f->value = write ? 0 : value;
	return 0;
}

/* Downcalls of the runtime itself: a sync point, and what else @id says. */
static int md_downcall_sync(struct md_session *s, struct md_activation *act, const struct md_frame *f)
{
	int err = md_sync_out(act);

	if (!err && f->id == MD_CALL_GATE_CLOSE)
		err = md_gate_close(act, f->arg[0]);
	else if (!err && f->id == MD_CALL_GATE_OPEN)
		return md_gate_open(act, f->arg[0]);
	if (err == -EHOSTDOWN || err == -EPROTO)
		return err;
	if (!err && READ_ONCE(s->dead))
		return -EHOSTDOWN;
	err = err ?: md_sync_in(act);
	if (!err)
		return 0;
	md_fail_sync(s, act, err);
	return -EHOSTDOWN;
}

/* The number that stands for a pointer in the log: a hash whose key is the kernel's. */
static u64 md_printed(struct md_session *s, struct md_activation *act, u64 u)
{
	char text[24];
	u64 k, number;
	int err;

	mutex_lock(&s->sync);
	err = md_opaque_to_kernel(act, u, true, &k);
	mutex_unlock(&s->sync);
	if (err)
		return ~0ull;
	snprintf(text, sizeof(text), "%p", (void *)k);
	return kstrtoull(text, 16, &number) ? ~0ull : number;
}

int md_downcall(struct md_session *s, struct md_activation *act, struct md_frame *f)
{
	struct md_driver *d = act->driver;
	struct md_call c = {
		.driver = d,
		.session = s,
		.act = act,
		.chain = act->chain,
		.id = f->id,
		.site = f->site,
		.arg = f->arg,
		.bad_arg = -1,
		.temps = LIST_HEAD_INIT(c.temps),
		.pending = LIST_HEAD_INIT(c.pending),
	};
	bool released;
	u64 value;
	int err;

	atomic64_inc(&d->stat.downcalls);
	act->downcalls++;
	if (f->id == MD_CALL_MMIO_READ || f->id == MD_CALL_MMIO_WRITE)
		return md_downcall_mmio(s, f);
	if (f->id == MD_CALL_ALIVE || f->id == MD_CALL_GATE_CLOSE || f->id == MD_CALL_GATE_OPEN)
		return md_downcall_sync(s, act, f);
	if (f->id == MD_CALL_POINTER) {
		f->value = md_printed(s, act, f->arg[0]);
		return 0;
	}
	if (f->id >= d->m->downcall_count || (d->downcalls[f->id]->flags & MD_DOWN_UNDO))
		return -EPROTO;
	c.fn = d->downcalls[f->id];
	if (!(act->plan->calls[f->id / 64] >> f->id % 64 & 1)) {
		md_session_fail(s, "called %s, which %s does not", c.fn->name, act->plan->name);
		return -EHOSTDOWN;
	}
	if (!(c.fn->flags & MD_DOWN_ATOMIC) && md_chain_atomic(act->chain)) {
		md_session_fail(s, "called %s with a lock held that the driver does not hold there", c.fn->name);
		return -EHOSTDOWN;
	}
	err = md_sync_out(act);
	if (err) {
		md_fail_sync(s, act, err);
		return -EHOSTDOWN;
	}
	released = act->releases;
	act->own_release = false;
	if (c.fn->flags & MD_DOWN_RELEASES)
		md_releases(act);
	else if (!(c.fn->flags & MD_DOWN_PURE))
		act->pointers_out = true;	/* kept by the callee, perhaps */
	md_busy_begin(&c);
	act->chain->cut = false;
	value = md_answer(&c, c.fn->handler(&c));
	if (c.note && act->chain->cut)
		md_journal_cut(&c);
	md_pending_end(&c);
	md_busy_end(&c);
	if (act->own_release)
		WRITE_ONCE(act->releases, released);
	/*
	 * A process that died meanwhile takes no part any more: its callers have
	 * gone on, and what they freed must not be read, let alone written.
	 */
	if (READ_ONCE(s->dead)) {
		md_temps_end(&c, false);
		return -EHOSTDOWN;
	}
	if (md_temps_end(&c, c.bad_arg < 0))
		md_bad(&c, MD_ARGS_MAX, "buffer");
	if (c.bad_arg >= 0) {
		if (c.bad_arg < MD_ARGS_MAX)
			md_session_fail(s, "called %s: argument %d is no %s", c.fn->name,
					c.bad_arg, c.bad_why);
		else
			md_session_fail(s, "called %s: no %s", c.fn->name, c.bad_why);
		return -EHOSTDOWN;
	}
	err = md_sync_in(act);
	if (err) {
		md_fail_sync(s, act, err);
		return -EHOSTDOWN;
	}
	f->value = value;
	return 0;
}
