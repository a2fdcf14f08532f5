// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the process was given: allocations of the driver, objects visited by an
 * activation, and the rule which pointer may name which record.
 *
 * Both sorts are address ranges in interval trees. A pointer is accepted for a
 * record type if it lies in a range whose type is that record, or holds it by
 * value at exactly that offset (arrays: modulo the element).
 */
#include <linux/device.h>
#include <linux/interval_tree_generic.h>
#include <linux/slab.h>
#include "md_runtime.h"

#define MD_RANGE_START(r)	((r)->start)
#define MD_RANGE_LAST(r)	((r)->last)

INTERVAL_TREE_DEFINE(struct md_range, rb, u64, subtree_last,
		     MD_RANGE_START, MD_RANGE_LAST, static, md_tree)

void md_range_insert(struct md_range *r, struct rb_root_cached *root)
{
	md_tree_insert(r, root);
}

void md_range_remove(struct md_range *r, struct rb_root_cached *root)
{
	md_tree_remove(r, root);
}

struct md_range *md_range_first(struct rb_root_cached *root, u64 start, u64 last)
{
	return md_tree_iter_first(root, start, last);
}

struct md_range *md_range_next(struct md_range *r, u64 start, u64 last)
{
	return md_tree_iter_next(r, start, last);
}

/* ---- types -------------------------------------------------------------- */

#define MD_NESTING_MAX 8

static bool md_type_holds(const struct md_module *m, u16 type, u64 offset, u16 want, int depth)
{
	const struct md_type *t;
	u32 i;

	if (type >= m->type_count)
		return false;
	if (type == want && !offset)
		return true;
	if (depth == MD_NESTING_MAX)
		return false;
	t = &m->types[type];
	for (i = 0; i < t->embed_count; i++) {
		const struct md_embed *e = &t->embeds[i];

		if (e->type < m->type_count && offset >= e->offset &&
		    offset - e->offset < max(m->types[e->type].size, 1u) &&
		    md_type_holds(m, e->type, offset - e->offset, want, depth + 1))
			return true;
	}
	return false;
}

/* Is there a record @want at @offset of a range of @size bytes that holds record(s) @type? */
bool md_type_at(struct md_driver *d, u16 type, u64 size, u64 offset, u16 want)
{
	const struct md_module *m = d->m;
	u64 unit;

	if (want == MD_TYPE_NONE)
		return offset < size;
	if (type >= m->type_count || want >= m->type_count)
		return false;
	if (offset >= size || m->types[want].size > size - offset)
		return false;
	if (md_type_holds(m, type, offset, want, 0))
		return true;
	unit = m->types[type].size;
	return unit && offset >= unit && size >= 2 * unit &&
	       md_type_holds(m, type, offset % unit, want, 0);
}

/* ---- allocations ----------------------------------------------------------- */

static struct md_alloc *md_alloc_find(struct md_driver *d, u64 k)
{
	struct md_range *r = md_range_first(&d->allocs, k, k);

	return r ? container_of(r, struct md_alloc, range) : NULL;
}

/* Under d->lock. */
static __always_inline bool md_alloc_extent(struct md_driver *d, u64 k, struct md_extent *e)
{
	struct rb_node *n = d->allocs.rb_root.rb_node;
	struct md_alloc *a;

	/* They do not overlap: here the tree is a plain one. */
	for (; n; n = k < a->range.start ? n->rb_left : n->rb_right) {
		a = rb_entry(n, struct md_alloc, range.rb);
		if (k - a->range.start > a->range.last - a->range.start)
			continue;
		e->start = a->range.start;
		e->last = a->range.last;
		e->activation = a->activation;
		e->type = a->type;
		e->mapped = a->mapped;
		return true;
	}
	return false;
}

__md_hot_call
bool md_alloc_covers(struct md_driver *d, u64 k, struct md_extent *e)
{
	bool covers;

	spin_lock(&d->lock);
	covers = md_alloc_extent(d, k, e);
	spin_unlock(&d->lock);
	return covers;
}

/*
 * For who holds a lock that may be taken in interrupts, which driver->lock does not keep
 * off: whoever has it may be waiting for ours. Else it is free in a moment.
 */
static bool md_trylock_for_a_moment(struct md_driver *d)
{
	int i;

	for (i = 0; i < MD_LOCK_SPINS; i++) {
		if (spin_trylock(&d->lock))
			return true;
		cpu_relax();
	}
	return false;
}

__md_hot_call
bool md_alloc_covers_in(struct md_activation *act, u64 k, struct md_extent *e)
{
	struct md_driver *d = act->driver;
	bool covers;

	if (likely(!act->held))
		return md_alloc_covers(d, k, e);
	if (!md_trylock_for_a_moment(d)) {
		act->again = true;
		return false;
	}
	covers = md_alloc_extent(d, k, e);
	spin_unlock(&d->lock);
	return covers;
}

static void md_driver_put_alloc(struct md_driver *d, struct md_alloc *a)
{
	u64 size = a->range.last - a->range.start + 1;
	struct md_session *s;

	md_forget(d, a->range.start, size);
	/* A session that serves from now on does not find it any more. */
	s = a->mapped ? md_driver_current(d) : NULL;
	if (s) {
		md_revoke_settled(s, a->range.start, size);
		md_session_put(s);
	}
	/* A device frees what it manages whoever is at work on it. */
	if (a->dev && !md_busy_wait(d, a->range.start, size))
		pr_err("microdriver: %s: memory is freed that a downcall works on\n", d->name);
	if (a->dev)
		put_device(a->dev);
	kfree(a);
	atomic64_dec(&d->stat.objects);
}

static struct md_alloc *md_alloc_take(struct md_driver *d, u64 k)
{
	struct md_alloc *a;

	spin_lock(&d->lock);
	a = md_alloc_find(d, k);
	d->generation++;
	if (a && a->range.start == k)
		md_range_remove(&a->range, &d->allocs);
	else
		a = NULL;
	spin_unlock(&d->lock);
	return a;
}

/* The device frees what it manages right after this. */
static void md_alloc_unbound(struct md_driver *d, u64 start)
{
	struct md_alloc *a = md_alloc_take(d, start);

	if (a)
		md_driver_put_alloc(d, a);
}

int md_alloc_add(struct md_activation *act, u64 k, u64 size, u16 type, struct device *dev, bool mapped)
{
	struct md_driver *d = act->driver;
	struct md_alloc *a, *old;
	struct md_devm *r = NULL;
	struct md_session *s;

	a = kzalloc(sizeof(*a), GFP_NOIO);
	if (!a)
		return -ENOMEM;
	if (dev) {
		r = md_devm_new(d, k, md_alloc_unbound);
		if (!r) {
			kfree(a);
			return -ENOMEM;
		}
		a->dev = get_device(dev);
	}
	a->range.start = k;
	/* What is mapped is whole pages, to the last byte. */
	if (mapped)
		size = PAGE_ALIGN(size);
	a->range.last = k + max(size, 1ULL) - 1;
	a->driver = d;
	a->type = type;
	a->instance = act->instance;
	a->instance_size = md_instance_size(d, act->plan);
	a->activation = act->id;
	a->mapped = mapped;

	/* The kernel reused memory whose end nobody told us: the old entries are stale. */
	for (;;) {
		struct md_range *stale;

		spin_lock(&d->lock);
		stale = md_range_first(&d->allocs, a->range.start, a->range.last);
		if (!stale)
			break;
		old = container_of(stale, struct md_alloc, range);
		md_range_remove(stale, &d->allocs);
		spin_unlock(&d->lock);
		if (old->dev)
			md_devm_leave(old->dev, d, old->range.start, md_alloc_unbound);
		md_driver_put_alloc(d, old);
	}
	d->generation++;
	md_range_insert(&a->range, &d->allocs);
	spin_unlock(&d->lock);
	atomic64_inc(&d->stat.objects);
	if (r)
		md_devm_ride(dev, r);
	md_forget(d, k, size);
	s = mapped ? md_driver_current(d) : NULL;
	if (s) {
		/* Nobody makes a mirror page here from now on: what is left of one goes. */
		mutex_lock(&s->sync);
		md_pages_drop(s, k, size);
		mutex_unlock(&s->sync);
		md_session_put(s);
	}
	return 0;
}

/* The allocation that starts at @k ends; false if there is none. */
bool md_alloc_end(struct md_driver *d, u64 k)
{
	struct md_alloc *a = md_alloc_take(d, k);

	if (!a)
		return false;
	if (a->dev)
		md_devm_leave(a->dev, d, k, md_alloc_unbound);
	md_driver_put_alloc(d, a);
	return true;
}

void md_alloc_free_all(struct md_driver *d)
{
	struct md_range *r;

	for (;;) {
		spin_lock(&d->lock);
		r = md_range_first(&d->allocs, 0, U64_MAX);
		spin_unlock(&d->lock);
		if (!r)
			return;
		md_alloc_end(d, r->start);
	}
}

/* ---- visited objects (under session->sync) ---------------------------------- */

static bool md_is_first(const struct md_activation *act, const struct md_object *o)
{
	return o >= act->first && o < act->first + MD_OBJECTS_FIRST;
}

/* A few objects are found faster one by one than in a tree. */
__md_hot_call
struct md_object *md_object_next(struct md_activation *act, struct md_object *o, u64 start, u64 last)
{
	struct md_range *r;

	if (!o || md_is_first(act, o)) {
		for (o = o ? o + 1 : act->first; o < act->first + act->first_used; o++)
			if (o->range.start <= last && o->range.last >= start && !o->gone)
				return o;
		if (!act->objects.rb_leftmost)
			return NULL;
		r = md_range_first(&act->objects, start, last);
	} else {
		r = md_range_next(&o->range, start, last);
	}
	return r ? container_of(r, struct md_object, range) : NULL;
}

__md_hot_call
struct md_object *md_object_at(struct md_activation *act, u64 k, u16 type)
{
	struct md_object *o, *end = act->first + act->first_used;

	for (o = act->first; o < end; o++)
		if (o->range.start == k && o->type == type && !o->gone)
			return o;
	if (!act->objects.rb_leftmost)
		return NULL;
	/* The last of those goes before the tree. */
	for (o = end - 1; (o = md_object_next(act, o, k, k));)
		if (o->range.start == k && o->type == type)
			return o;
	return NULL;
}

__md_hot_call
struct md_object *md_object_add(struct md_activation *act, u64 k, u64 size, u16 type)
{
	struct md_object *o;

	if (act->object_count >= MD_OBJECTS_MAX) {
		act->truncated = true;
		return NULL;
	}
	if (act->first_used < MD_OBJECTS_FIRST) {
		o = &act->first[act->first_used++];
		md_clear(o, sizeof(*o));
	} else {
		o = kzalloc(sizeof(*o), GFP_NOIO);
	}
	if (!o)
		return NULL;
	o->range.start = k;
	o->range.last = k + max(size, 1ULL) - 1;
	o->high = U64_MAX;
	o->type = type;
	if (!md_is_first(act, o))
		md_range_insert(&o->range, &act->objects);
	act->object_count++;
	return o;
}

/* Nobody finds it any more. Lists may still have it: they skip it. */
void md_object_free(struct md_activation *act, struct md_object *o)
{
	if (!md_is_first(act, o))
		md_range_remove(&o->range, &act->objects);
	act->object_count--;
	o->gone = true;
	o->next_gone = act->gone;
	act->gone = o;
}

static void md_object_destroy(struct md_object *o)
{
	kfree(o->seen);
	kfree(o);
}

/* When no list has what is gone. */
void md_objects_sweep(struct md_activation *act)
{
	struct md_object *o;

	while ((o = act->gone)) {
		act->gone = o->next_gone;
		if (!md_is_first(act, o))
			md_object_destroy(o);
	}
}

/* The activation ends. */
__md_hot_call
void md_objects_free(struct md_activation *act)
{
	struct md_range *r, *next;
	struct md_object *o;

	md_objects_sweep(act);
	for (o = act->first; o < act->first + act->first_used; o++) {
		kfree(o->seen);
		o->seen = NULL;
		o->seen_visit = NULL;
	}
	if (!act->objects.rb_leftmost)
		return;
	rbtree_postorder_for_each_entry_safe(r, next, &act->objects.rb_root, rb)
		md_object_destroy(container_of(r, struct md_object, range));
}

static void md_forget_in(struct md_activation *act, u64 k, u64 size)
{
	struct md_object *o, *next;

	for (o = md_object_next(act, NULL, k, k + size - 1); o; o = next) {
		next = md_object_next(act, o, k, k + size - 1);
		if (o->range.start >= k)
			md_object_free(act, o);
	}
}

/* Ends mirrors and visits in [k, k + size). */
void md_forget(struct md_driver *d, u64 k, u64 size)
{
	struct md_session *s = md_driver_current(d);
	struct md_activation *act;

	size = max(size, 1ULL);
	md_late_forget(d, k, size);
	if (!s)
		return;
	mutex_lock(&s->sync);
	list_for_each_entry(act, &s->activations, node)
		md_forget_in(act, k, size);
	md_scrub(s, k, size);
	mutex_unlock(&s->sync);
	md_session_put(s);
}

/* The object that starts at @k and is not an allocation ends (last put, unregister). */
void md_forget_object(struct md_driver *d, u64 k)
{
	struct md_session *s = md_driver_current(d);
	struct md_activation *act;
	struct md_object *o = NULL;
	u64 size = 0;

	if (!s)
		return;
	mutex_lock(&s->sync);
	list_for_each_entry(act, &s->activations, node)
		while ((o = md_object_next(act, o, k, k)))
			if (o->range.start == k)
				size = max(size, o->range.last - k + 1);
	mutex_unlock(&s->sync);
	md_session_put(s);
	if (size)
		md_forget(d, k, size);
}
