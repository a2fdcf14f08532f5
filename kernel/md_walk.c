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
		return o->same ? 0 : md_bytes_in(act, o, k, f->size);
	case MD_EMBED:
		md_visit(act, k, f->type, false, o->direct);
		return 0;
	default:
		if (o->direct && !o->from && !(k & 7))
			value = READ_ONCE(*(u64 *)k);
		else if (!md_read(o, &value, k, sizeof(value)))
			return -EFAULT;
		err = o->same ? 0 : md_pointer_in(act, k, md_to_user(act->session, value));
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

/*
 * What a distance leads to from @o, at @k, must be what a record around @o says is there: the head of a list lies in
 * a record of another type than its elements.
 */
static bool md_derived_fits(struct md_activation *act, const struct md_object *o, u64 k, u16 type)
{
	struct md_object *h = NULL;

	while ((h = md_object_next(act, h, o->range.start, o->range.last))) {
		if (h == o || h->type == MD_TYPE_NONE || h->range.start > o->range.start ||
		    h->range.last < o->range.last || k < h->range.start || k > h->range.last)
			continue;
		if (!md_type_at(act->driver, h->type, h->range.last - h->range.start + 1,
				k - h->range.start, type) &&
		    !(h->range.start == o->range.start && h->range.last == o->range.last))
			return false;
	}
	return true;
}

/*
 * Rings of hundreds of small records are brought with every downcall, and most of them are as they were. After a walk that brought all
 * of a record, each field's twin is what the kernel's bytes say. As long as both are the same as then, that still
 * holds, whoever did what meanwhile, and merging would do nothing.
 */
static bool md_keeps_seen(const struct md_activation *act, const struct md_object *o)
{
	return act->walk >= MD_SEEN_FROM && o->direct && !o->scrub && o->visit && !o->bytes && !act->held &&
	       !act->session->checking && !(o->range.start & 7) &&
	       o->range.last - o->range.start < MD_SEEN_MAX && (o->range.last & 7) == 7;
}

static u32 md_words(const struct md_object *o)
{
	return (o->range.last - o->range.start + 1) / 8;
}

static bool md_unchanged(struct md_activation *act, const struct md_object *o)
{
	const u64 *k = (const u64 *)o->range.start, *t;
	u32 i, count = md_words(o);

	t = o->seen_visit == o->visit ? md_twin_of(act, o) : NULL;
	if (!t)
		return false;
	for (i = 0; i < count; i++)
		if (READ_ONCE(k[i]) != o->seen[i] || t[i] != o->seen[count + i])
			return false;
	return true;
}

/* Its bytes, before they are merged. If there is nothing to merge, fields are only followed. */
static void md_see(struct md_activation *act, struct md_object *o)
{
	const u64 *k = (const u64 *)o->range.start;
	u32 i, count = md_words(o);

	act->refused = false;
	o->same = md_unchanged(act, o);
	if (o->same) {
		o->from = o->seen;
		return;
	}
	o->seen_visit = NULL;
	if (!o->seen)
		o->seen = kmalloc(2 * count * sizeof(u64), GFP_NOIO);
	if (!o->seen)
		return;
	for (i = 0; i < count; i++)
		o->seen[i] = READ_ONCE(k[i]);
	o->from = o->seen;
}

/* Its twin, when they have been. */
static void md_seen(struct md_activation *act, struct md_object *o, int err)
{
	u32 count = md_words(o);
	const u64 *t;

	o->from = NULL;
	if (o->same) {
		o->same = false;
		return;
	}
	t = md_twin_of(act, o);
	if (err || act->refused || !t)
		return;
	memcpy(o->seen + count, t, count * sizeof(u64));
	o->seen_visit = o->visit;
}

__md_hot_call
static int md_object_in(struct md_activation *act, struct md_object *o)
{
	const struct md_visit *v = o->visit;
	int err = 0;
	u32 i;

	if (unlikely(act->walk >= MD_SEEN_FROM) && md_keeps_seen(act, o))
		md_see(act, o);
	if (o->bytes)
		err = md_bytes_in(act, o, o->range.start, o->bytes_size);
	if (err == -EFAULT)
		err = 0;
	if (!v || err)
		return err;
	err = md_fields_in(act, o, v->fields, v->field_count, o->range.start);
	if (o->from)
		md_seen(act, o, err);
	for (i = 0; i < v->derived_count && !err; i++) {
		u64 k = o->range.start + v->derived[i].offset;

		/* Within an allocation a neighbour cannot lie outside of it. */
		if (k < o->low || k > o->high || !md_derived_fits(act, o, k, v->derived[i].type))
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

/* Something else lives where @o was: neither holds the other. */
static bool md_replaced(struct md_activation *act, const struct md_object *o)
{
	u64 size = o->range.last - o->range.start + 1;
	struct md_object *h = NULL;

	while ((h = md_object_next(act, h, o->range.start, o->range.last)))
		if (h->walk == act->walk && h->type != MD_TYPE_NONE && o->type != MD_TYPE_NONE &&
		    !md_type_at(act->driver, h->type, h->range.last - h->range.start + 1,
				o->range.start - h->range.start, o->type) &&
		    !md_type_at(act->driver, o->type, size, h->range.start - o->range.start, h->type))
			return true;
	return false;
}

/* An earlier walk reached @o, and this one did not. */
static bool md_unlinked(struct md_activation *act, const struct md_object *o)
{
	return o->walk && o->walk != act->walk && !o->gone && (o->visit || o->bytes) &&
	       !md_replaced(act, o);
}

/*
 * What the driver took out of its lists and fields meanwhile is still in its variables, and may come back into a list:
 * it stays known until the activation ends. It may have ended too, so it is read with care.
 */
static noinline void md_keep_unlinked(struct md_activation *act)
{
	struct md_object *o = NULL;

	while ((o = md_object_next(act, o, 0, U64_MAX))) {
		if (!md_unlinked(act, o))
			continue;
		o->direct = o->direct && o->own;
		md_make_live(act, o);
	}
}

/* The list grows behind the cursor: behind @from, or all. */
__md_hot_call
static int md_walk_live(struct md_activation *act, struct md_object *from)
{
	struct md_object *o;
	int err;

	for (o = from ? from->next_live : act->live; o; o = o->next_live) {
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
	err = md_walk_live(act, NULL);
	if (err || act->walk == 1)
		return err;
	o = act->last_live;
	md_keep_unlinked(act);
	return md_walk_live(act, o);
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
		return md_function_to_kernel(act->session, u, f->type, k);
	case MD_PTR_STRING:
		return md_string_to_kernel(act, u, k);
	default:
		/* A handle whose type the plan knows must be of that type. */
		if (f->type != MD_TYPE_NONE && u)
			return md_to_kernel(act, u, f->type, k);
		return md_opaque_to_kernel(act, u, f->dir & MD_COOKIE, k);
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

	if (o->visit && !o->bytes && md_clean(act, o))
		return 0;
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
		md_visit_any(act, k, p->type, true);
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
			/* The caller looks behind it: what only fields may hold is no result. */
			if (!err && u && !md_address_is_kernel(*result) && !IS_ERR_VALUE((unsigned long)u))
				err = -EFAULT;
			break;
		case MD_PASS_STRING:
			err = md_string_to_kernel(act, u, result);
			break;
		case MD_PASS_OPAQUE:
		case MD_PASS_ANY:
			err = md_opaque_to_kernel(act, u, true, result);
			break;
		case MD_PASS_FUNC:
			err = md_function_to_kernel(act->session, u, MD_TYPE_NONE, result);
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
