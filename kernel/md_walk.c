// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plan interpreter: which objects an entry point reaches, and which of
 * their fields travel.
 *
 * A walk starts from the roots (arguments, globals, allocations and results seen
 * in this activation) and follows the pointers that the plan's visits name.
 * Every object it reaches is put on the list act->live, which is both the work
 * list of this walk and the list that the next sync out goes through.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

static const struct md_visit *md_visit_of(const struct md_plan *plan, u16 type)
{
	u32 low = 0, high = plan->visit_count;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (plan->visits[mid].type == type)
			return &plan->visits[mid];
		if (plan->visits[mid].type < type)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void md_make_live(struct md_activation *act, struct md_object *o)
{
	if (o->walk == act->walk)
		return;
	o->walk = act->walk;
	o->next_live = NULL;
	if (act->last_live)
		act->last_live->next_live = o;
	else
		act->live = o;
	act->last_live = o;
}

static void md_make_root(struct md_activation *act, struct md_object *o)
{
	if (o->rooted)
		return;
	o->rooted = true;
	o->next_root = act->roots;
	act->roots = o;
}

/*
 * What the session's own activation knew of the same thing last time, at the same
 * place: where no allocation has come or gone since, it need not be asked again.
 * @last counts for things without a type.
 */
static __always_inline struct md_object *md_object_again(struct md_activation *act, u64 k, u64 last,
							 u16 type, bool direct)
{
	struct md_object *o = &act->first[act->first_used];

	if (act->first_used == MD_OBJECTS_FIRST || o->range.start != k || o->type != type ||
	    (type == MD_TYPE_NONE && o->range.last != last) ||
	    o->generation != READ_ONCE(act->driver->generation) ||
	    act != &act->session->own || act->held || act->session->checking)
		return NULL;
	act->first_used++;
	act->object_count++;
	o->visit = NULL;
	o->walk = 0;
	o->bytes = 0;
	o->sized = false;
	o->rooted = false;
	o->gone = false;
	o->writable = o->own;
	o->direct = direct || !o->scrub;
	if (o->own)
		md_make_root(act, o);
	return o;
}

/* Among those that are not in the tree. */
static __always_inline struct md_object *md_object_seen(struct md_activation *act, u64 k, u16 type)
{
	struct md_object *o;

	for (o = act->first; o < act->first + act->first_used; o++)
		if (o->range.start == k && o->type == type && !o->gone)
			return o;
	return NULL;
}

/* NULL: no memory (act->truncated), or memory that is mapped, of which nothing travels. */
static struct md_object *md_new_object(struct md_activation *act, u64 k, u64 size, u16 type,
				       bool direct)
{
	struct md_object *o = md_object_again(act, k, k + max(size, 1ULL) - 1, type, direct);
	u64 low = 0, high = U64_MAX, generation;
	struct md_extent a;
	bool ours;
	int symbol;

	if (o)
		return o;
	/* Before the question: what changes meanwhile makes the answer old. */
	generation = READ_ONCE(act->driver->generation);
	symbol = md_symbol_at(act->driver, k);
	ours = symbol >= 0;
	if (!ours && md_alloc_covers_in(act, k, &a)) {
		/* The allocation itself vouches for pointers into it. */
		if (a.mapped)
			return NULL;
		/* Ours to its last byte: what only begins in an allocation is somebody else's. */
		ours = k + size - 1 <= a.last;
		low = a.start;
		high = a.last;
	}
	if (act->held) {
		act->again = true;
		return NULL;
	}
	o = md_object_add(act, k, size, type);
	if (!o) {
		act->truncated = true;
		return NULL;
	}
	o->low = low;
	o->high = high;
	o->generation = generation;
	o->scrub = !ours;
	o->own = symbol < 0 && ours;
	o->writable = o->own;
	/* Registers' pages, constants, struct pages: known, but nothing travels. */
	o->opaque = !md_address_is_kernel(k) ||
		    (symbol >= 0 && act->driver->symbols[symbol]->kind != MD_SYM_DATA);
	o->direct = direct || ours;
	/* Our own memory stays known however the driver links it. */
	if (o->own)
		md_make_root(act, o);
	return o;
}

static noinline struct md_object *md_visit_new(struct md_activation *act, u64 k, u16 type, bool direct)
{
	struct md_driver *d = act->driver;
	struct md_object *o = md_object_at(act, k, type);
	int symbol;

	if (o)
		return o;
	if (!md_address_is_kernel(k))
		return NULL;
	symbol = md_symbol_at(d, k);
	if (symbol >= 0 && d->symbols[symbol]->kind != MD_SYM_DATA)
		return NULL;
	return md_new_object(act, k, type < d->m->type_count ? d->m->types[type].size : 1, type,
			     direct);
}

static noinline void md_set_visit(struct md_activation *act, struct md_object *o)
{
	if (o->plan != act->plan) {
		o->plan = act->plan;
		o->of_plan = md_visit_of(act->plan, o->type);
	}
	o->visit = o->of_plan;
}

/* NULL if nothing travels from @k, or no memory (act->truncated). */
__md_hot_call
struct md_object *md_visit(struct md_activation *act, u64 k, u16 type, bool root, bool direct)
{
	struct md_object *o;

	lockdep_assert_held(&act->session->sync);
	o = md_object_seen(act, k, type);
	if (!o)
		o = md_object_again(act, k, k, type, direct);
	if (!o)
		o = md_visit_new(act, k, type, direct);
	if (!o || o->opaque)
		return NULL;
	if (!o->visit) {
		if (likely(o->plan == act->plan))
			o->visit = o->of_plan;
		else
			md_set_visit(act, o);
	}
	if (root)
		md_make_root(act, o);
	md_make_live(act, o);
	return o;
}

/* A length that came with an argument: no string or buffer that starts there as well shortens it. */
static void md_keep_size(struct md_activation *act, struct md_object *o)
{
	o->sized = true;
	md_make_root(act, o);
}

/* The range of plain bytes [k, k + size). */
static struct md_object *md_visit_bytes(struct md_activation *act, u64 k, u64 size, u8 dir)
{
	struct md_object *o = md_object_at(act, k, MD_TYPE_NONE);
	bool sized = false;

	if (o && o->range.last - o->range.start + 1 < size && act->held) {
		act->again = true;
		return NULL;
	}
	if (o && o->range.last - o->range.start + 1 < size) {
		sized = o->sized;
		dir |= o->bytes;
		md_object_free(act, o);
		o = NULL;
	}
	if (!o)
		o = md_new_object(act, k, size, MD_TYPE_NONE, false);
	if (!o)
		return NULL;
	o->bytes |= dir;
	if (!o->sized || size > o->bytes_size)
		o->bytes_size = size;
	if (sized)
		md_keep_size(act, o);
	md_make_live(act, o);
	return o;
}

/* Length of the string at @k with its NUL, at most MD_STRING_MAX; 0: not there. */
static u64 md_string_size(u64 k)
{
	char buffer[64];
	u64 done, n;

	for (done = 0; done < MD_STRING_MAX; done += n) {
		n = min3((u64)sizeof(buffer), PAGE_SIZE - ((k + done) & ~PAGE_MASK),
			 MD_STRING_MAX - done);
		if (copy_from_kernel_nofault(buffer, (void *)(k + done), n))
			return done;
		if (memchr(buffer, 0, n))
			return done + strnlen(buffer, n) + 1;
	}
	return done;
}

noinline void md_visit_string(struct md_activation *act, u64 k, bool root)
{
	struct md_object *o;
	u64 size;

	if (!md_address_is_kernel(k))
		return;
	size = md_string_size(k);
	if (!size)
		return;
	o = md_visit_bytes(act, k, size, MD_IN);
	if (o && root)
		md_make_root(act, o);
}

/* The allocation or global of the driver that covers @k. */
static bool md_extent(struct md_activation *act, u64 k, u64 *start, u64 *end, u16 *type)
{
	struct md_driver *d = act->driver;
	int symbol = md_symbol_at(d, k);
	struct md_extent a;

	if (symbol >= 0) {
		*start = (u64)d->symbols[symbol]->address;
		*end = *start + d->symbols[symbol]->size;
		*type = d->symbols[symbol]->type;
		return true;
	}
	if (!md_alloc_covers_in(act, k, &a))
		return false;
	*start = a.start;
	*end = a.last + 1;
	*type = a.type;
	return true;
}

/* Visits by run-time type; an unknown object becomes known as a handle. */
noinline void md_visit_any(struct md_activation *act, u64 k, bool root)
{
	u64 start, end;
	u16 type;

	if (!md_address_is_kernel(k))
		return;
	if (md_extent(act, k, &start, &end, &type) && type != MD_TYPE_NONE)
		md_visit(act, start, type, root, true);
	else
		md_visit(act, k, MD_TYPE_NONE, false, false);
}

static noinline void md_visit_array(struct md_activation *act, u64 k, u16 type)
{
	u64 start, end, i, n = 1, size = 0;
	u16 ignored;

	if (type < act->driver->m->type_count)
		size = act->driver->m->types[type].size;
	if (size && md_extent(act, k, &start, &end, &ignored))
		n = clamp_t(u64, (end - k) / size, 1, MD_ELEMENTS_MAX);
	for (i = 0; i < n && !act->truncated; i++)
		md_visit(act, k + i * size, type, false, false);
}

/* Bytes that this activation allocated and to which only its variables lead. 0, or -EMSGSIZE. */
int md_visit_owned(struct md_activation *act, u64 k, u64 size)
{
	struct md_object *o;

	if (size > MD_BUFFER_MAX)
		return -EMSGSIZE;
	o = size ? md_visit_bytes(act, k, size, MD_IN | MD_OUT) : NULL;
	if (o)
		md_keep_size(act, o);
	return 0;
}

/*
 * Can [k, k + size) be one allocation? The length may come from another upcall: what it says now may be more
 * than what it said when the core allocated. Of memory that is neither of these nothing is known.
 */
static bool md_has_room(u64 k, u64 size)
{
	struct folio *folio;
	u64 page;

	if (is_vmalloc_addr((void *)k)) {
		for (page = k & PAGE_MASK; page < k + size; page += PAGE_SIZE)
			if (!vmalloc_to_page((void *)page))
				return false;
		return true;
	}
	if (!virt_addr_valid((void *)k))
		return true;
	folio = virt_to_folio((void *)k);
	if (folio_test_slab(folio))
		return size <= ksize((void *)k);
	return !folio_test_large(folio) ||
	       k + size <= (u64)folio_address(folio) + folio_size(folio);
}

/* An array that the caller hands over with its length in bytes. 0, or -EMSGSIZE if that cannot be. */
static noinline int md_visit_sized(struct md_activation *act, const struct md_param *p, u64 k, u64 size)
{
	const struct md_module *m = act->driver->m;
	struct md_object *o;
	u64 i, unit;

	if (!md_address_is_kernel(k) || !size)
		return 0;
	if (size > MD_BUFFER_MAX || !md_has_room(k, size))
		return -EMSGSIZE;
	if (p->type == MD_TYPE_NONE) {
		o = md_visit_bytes(act, k, size, p->dir);
		if (o)
			md_keep_size(act, o);
		return 0;
	}
	unit = m->types[p->type].size;
	if (!unit || size % unit)
		return -EMSGSIZE;
	for (i = 0; i < size && !act->truncated; i += unit)
		md_visit(act, k + i, p->type, true, true);
	return 0;
}

__md_hot_call
static void md_follow(struct md_activation *act, const struct md_field *f, u64 k)
{
	u64 start, end;
	u16 type;

	switch (f->kind) {
	case MD_PTR:
		md_visit(act, k, f->type, false, false);
		break;
	case MD_PTR_ARRAY:
		md_visit_array(act, k, f->type);
		break;
	case MD_PTR_ANY:
		md_visit_any(act, k, false);
		break;
	case MD_PTR_OPAQUE:
		/* A handle, of its type if the plan knows it; nothing of it travels. */
		if (md_address_is_kernel(k))
			md_handle(act, k, f->type);
		break;
	case MD_PTR_BYTES:
		if (md_address_is_kernel(k) && md_extent(act, k, &start, &end, &type))
			md_visit_bytes(act, k, end - k, f->dir);
		else
			md_handle(act, k, MD_TYPE_NONE);
		break;
	case MD_PTR_STRING:
		md_visit_string(act, k, false);
		break;
	}
}

static noinline void md_handle_new(struct md_activation *act, u64 k, u16 type)
{
	struct md_driver *d = act->driver;
	u64 size = type < d->m->type_count ? d->m->types[type].size : 1;

	if ((s64)k >= 0 || IS_ERR_VALUE((unsigned long)k) || md_window_of(k) < 0)
		return;
	if (!md_object_at(act, k, type))
		md_new_object(act, k, size, type, false);
}

/* Makes @k known as a pointer that may come back, without bringing anything. */
__md_hot_call
void md_handle(struct md_activation *act, u64 k, u16 type)
{
	if (!md_object_seen(act, k, type) && !md_object_again(act, k, k, type, false))
		md_handle_new(act, k, type);
}

/* ---- in ---------------------------------------------------------------------- */

__md_hot_call
static int md_field_in(struct md_activation *act, const struct md_object *o,
		       const struct md_field *f, u64 k)
{
	u64 value;
	int err;

	switch (f->kind) {
	case MD_BYTES:
	case MD_BITS:
		return md_bytes_in(act, o, k, f->size);
	case MD_EMBED:
		md_visit(act, k, f->type, false, o->direct);
		return 0;
	default:
		if (o->direct && !(k & 7))
			value = READ_ONCE(*(u64 *)k);
		else if (!md_read(o, &value, k, sizeof(value)))
			return -EFAULT;
		err = md_pointer_in(act, k, md_to_user(act->session, value));
		if (!err && (f->dir & MD_IN))
			md_follow(act, f, value);
		return err;
	}
}

__md_hot_call
static int md_fields_in(struct md_activation *act, const struct md_object *o,
			const struct md_field *fields, u32 count, u64 base)
{
	u32 i, j;
	int err;

	for (i = 0; i < count; i++) {
		const struct md_field *f = &fields[i];

		for (j = 0; j < f->count; j++) {
			err = md_field_in(act, o, f, base + f->offset + (u64)f->stride * j);
			if (err == -EFAULT)
				return 0;	/* not memory: the mirror stays empty */
			if (err)
				return err;
		}
	}
	return 0;
}

__md_hot_call
static int md_object_in(struct md_activation *act, struct md_object *o)
{
	const struct md_visit *v = o->visit;
	int err = 0;
	u32 i;

	if (o->bytes)
		err = md_bytes_in(act, o, o->range.start, o->bytes_size);
	if (err == -EFAULT)
		err = 0;
	if (!v || err)
		return err;
	err = md_fields_in(act, o, v->fields, v->field_count, o->range.start);
	for (i = 0; i < v->derived_count && !err; i++) {
		u64 k = o->range.start + v->derived[i].offset;

		/* Within an allocation a neighbour cannot lie outside of it. */
		if (k < o->low || k > o->high)
			continue;
		md_visit(act, k, v->derived[i].type, false, false);
	}
	return err;
}

static noinline int md_globals(struct md_activation *act, bool in)
{
	const struct md_plan *plan = act->plan;
	u32 i;
	int err;

	for (i = 0; i < plan->global_count; i++) {
		const struct md_global *g = &plan->globals[i];
		const struct md_symbol *sym = act->driver->symbols[g->symbol];
		u64 k = (u64)sym->address;
		struct md_object o = {
			.range = { .start = k, .last = k + sym->size - 1 },
			.type = sym->type,
			.direct = true,
		};

		err = in ? md_fields_in(act, &o, g->fields, g->field_count, k) :
			   md_fields_out(act, &o, g->fields, g->field_count, k);
		if (err)
			return err;
	}
	return 0;
}

/* Walks once. Under session->sync. */
__md_hot_call
static int md_walk(struct md_activation *act)
{
	struct md_object *o, **link;
	int err;

	act->walk++;
	act->live = NULL;
	act->last_live = NULL;
	for (link = &act->roots; (o = *link);) {
		if (o->gone) {
			*link = o->next_root;
			continue;
		}
		md_make_live(act, o);
		link = &o->next_root;
	}
	if (act->gone)
		md_objects_sweep(act);
	if (act->plan->global_count) {
		err = md_globals(act, true);
		if (err)
			return err;
	}
	/* The list grows behind the cursor. */
	for (o = act->live; o; o = o->next_live) {
		if (o->gone)
			continue;
		err = md_object_in(act, o);
		if (err)
			return err;
		if (act->truncated)
			return -E2BIG;
	}
	return 0;
}

/*
 * For a deferred entry under the lock that stands for its caller's, which may be a
 * spinlock: a walk without it makes mirrors and objects, one under it brings the values.
 */
static __always_inline int md_walk_in(struct md_activation *act)
{
	const struct md_request *r = act->chain->request;
	int err, i;

	if (!r || !r->deferral->hold)
		return md_walk(act);
	for (i = 0; i < MD_HOLD_TRIES; i++) {
		err = md_walk(act);
		if (err)
			return err;
		r->deferral->hold(r->args);
		act->held = true;
		act->again = false;
		err = md_walk(act);
		act->held = false;
		r->deferral->unhold(r->args);
		if (!act->again)
			return err;
	}
	return -EBUSY;
}

int md_sync_in(struct md_activation *act)
{
	int err;

	mutex_lock(&act->session->sync);
	err = md_walk_in(act);
	mutex_unlock(&act->session->sync);
	return err;
}

/* ---- out ----------------------------------------------------------------------- */

/* A string that the user half made: the kernel keeps a copy. */
static int md_string_to_kernel(struct md_activation *act, u64 u, u64 *k)
{
	if (!md_to_kernel(act, u, MD_TYPE_NONE, k))
		return 0;
	*k = (u64)md_intern_user(act->driver, u);
	return *k ? 0 : -EFAULT;
}

static noinline int md_pointer_value(struct md_activation *act, const struct md_field *f, u64 u, u64 *k)
{
	switch (f->kind) {
	case MD_PTR:
	case MD_PTR_ARRAY:
		return md_to_kernel(act, u, f->type, k);
	case MD_PTR_FUNC:
		return md_function_to_kernel(act->session, u, k);
	case MD_PTR_STRING:
		return md_string_to_kernel(act, u, k);
	default:
		/* A handle whose type the plan knows must be of that type. */
		if (f->type != MD_TYPE_NONE && u)
			return md_to_kernel(act, u, f->type, k);
		return md_opaque_to_kernel(act, u, k);
	}
}

__md_hot_serve
static int md_field_out(struct md_activation *act, struct md_object *o,
			const struct md_field *f, u64 k)
{
	u64 u, value;

	switch (f->kind) {
	case MD_BYTES:
		return md_bytes_out(act, o, k, f->size);
	case MD_BITS:
		return md_bits_out(act, o, k, f->size);
	case MD_EMBED:
		return 0;
	default:
		if (!md_pointer_dirty(act, k, &u))
			return 0;
		if (md_pointer_value(act, f, u, &value))
			return -EFAULT;
		return md_pointer_out(act, o, k, u, value);
	}
}

__md_hot_serve
int md_fields_out(struct md_activation *act, struct md_object *o,
		  const struct md_field *fields, u32 count, u64 base)
{
	u32 i, j;
	int err;

	for (i = 0; i < count; i++) {
		const struct md_field *f = &fields[i];

		if (!(f->dir & MD_OUT))
			continue;
		for (j = 0; j < f->count; j++) {
			u64 offset = f->offset + (u64)f->stride * j;

			err = md_field_out(act, o, f, base + offset);
			if (err) {
				act->bad_type = o->type;
				act->bad_offset = offset;
				return err;
			}
		}
	}
	return 0;
}

__md_hot_serve
static int md_object_out(struct md_activation *act, struct md_object *o)
{
	int err = 0;

	if (o->bytes & MD_OUT)
		err = md_bytes_out(act, o, o->range.start, o->bytes_size);
	if (!err && o->visit)
		err = md_fields_out(act, o, o->visit->fields, o->visit->field_count,
				    o->range.start);
	return err;
}

__md_hot_serve
static int md_flush(struct md_activation *act)
{
	struct md_object *o;
	int err = act->plan->global_count ? md_globals(act, false) : 0;

	for (o = act->live; o && !err; o = o->next_live)
		if (!o->gone)
			err = md_object_out(act, o);
	return err;
}

int md_sync_out(struct md_activation *act)
{
	int err;

	u64 before = act->bytes_out;

	mutex_lock(&act->session->sync);
	err = md_flush(act);
	mutex_unlock(&act->session->sync);
	if (act->bytes_out != before)
		md_gate_publish(act->driver, act->chain);
	return err;
}

/* ---- an activation's beginning and end --------------------------------------------- */

__md_hot_call
static int md_argument(struct md_activation *act, const struct md_param *p, u64 k, u64 *u)
{
	int err = 0;

	switch (p->pass) {
	case MD_PASS_SCALAR:
	case MD_PASS_VOID:
		*u = k;
		return 0;
	case MD_PASS_OBJECT:
		md_visit(act, k, p->type, true, true);
		break;
	case MD_PASS_ARRAY:
		err = md_visit_sized(act, p, k, act->args[p->length]);
		break;
	case MD_PASS_STRING:
		md_visit_string(act, k, true);
		break;
	case MD_PASS_ANY:
		md_visit_any(act, k, true);
		break;
	case MD_PASS_OPAQUE:
		md_handle(act, k, p->type);
		break;
	}
	*u = md_to_user(act->session, k);
	return err;
}

/* Before the user half runs: arguments and all that they lead to. */
__md_hot_call
int md_sync_begin(struct md_activation *act)
{
	struct md_session *s = act->session;
	int err = 0;
	u32 i;

	md_lock_sync(s);
	act->alone = list_empty(&s->activations);
	list_add(&act->node, &s->activations);
	for (i = 0; i < act->plan->param_count && !err; i++)
		err = md_argument(act, &act->plan->params[i], act->args[i], &act->user_args[i]);
	if (!err)
		err = act->truncated ? -E2BIG : md_walk_in(act);
	act->alone = false;
	mutex_unlock(&s->sync);
	return err;
}

/* In the u-thread, when the user half has returned. */
__md_hot_serve
int md_sync_end(struct md_activation *act, u64 u, u64 *result)
{
	const struct md_param *p = &act->plan->result;
	int err;

	md_lock_sync(act->session);
	err = md_flush(act);
	*result = u;
	if (!err)
		switch (p->pass) {
		case MD_PASS_OBJECT:
			err = md_to_kernel(act, u, p->type, result);
			break;
		case MD_PASS_STRING:
			err = md_string_to_kernel(act, u, result);
			break;
		case MD_PASS_OPAQUE:
		case MD_PASS_ANY:
			err = md_opaque_to_kernel(act, u, result);
			break;
		case MD_PASS_FUNC:
			err = md_function_to_kernel(act->session, u, result);
			break;
		}
	mutex_unlock(&act->session->sync);
	return err;
}

static noinline bool md_seen_elsewhere(struct md_activation *act, const struct md_range *r)
{
	struct md_activation *other;

	list_for_each_entry(other, &act->session->activations, node)
		if (other != act && md_object_next(other, NULL, r->start, r->last))
			return true;
	return false;
}

/* Memory of the kernel's own: another object may live there next time. */
static bool md_to_scrub(const struct md_object *o)
{
	return o->scrub && !o->gone && (o->visit || o->bytes);
}

static noinline void md_scrub_object(struct md_activation *act, const struct md_object *o)
{
	if (!READ_ONCE(act->session->dead) && !md_seen_elsewhere(act, &o->range))
		md_scrub(act->session, o->range.start, o->range.last - o->range.start + 1);
}

/* In the caller, when no u-thread has the activation any more. */
__md_hot_call
void md_activation_retire(struct md_activation *act)
{
	struct md_session *s = act->session;
	struct md_object *o;

	md_lock_sync(s);
	if (!list_empty(&act->node))
		list_del_init(&act->node);
	for (o = act->first; o < act->first + act->first_used; o++)
		if (md_to_scrub(o))
			md_scrub_object(act, o);
	/* The last of those goes before the tree. */
	if (act->objects.rb_leftmost)
		for (o--; (o = md_object_next(act, o, 0, U64_MAX));)
			if (md_to_scrub(o))
				md_scrub_object(act, o);
	md_objects_free(act);
	if (s->page_count > MD_PAGES_KEEP && list_empty(&s->activations))
		md_pages_trim(s);
	mutex_unlock(&s->sync);
}
