// SPDX-License-Identifier: GPL-2.0-only
/*
 * Releases that are put off: of what a field of the driver still names.
 *
 * A field makes what it names known to the process. If what was given back ended at once, the
 * field would go on doing so, and the process could give it back again, or the allocator's next
 * user of the same address in its place. So it ends when no field of those that named it
 * does any more: mostly when the upcall returns, whose code clears the field after the call.
 * Until then it is known to nobody; as it still has its address, nothing else can.
 *
 * Only functions that the specs call late: they may run in any process context, at any time,
 * and what others wait for goes at once.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

#define MD_LATE_MAX	4096	/* of a driver; beyond, nothing is put off */
#define MD_PLACES_MAX	255	/* of one of them: they are all looked at under a lock */

struct md_late {
	struct md_late *next;
	u32 id;
	u32 count;
	u64 k;
	u64 key[MD_KEYS_MAX];
	u64 place[];		/* of fields that named it; 0: gone */
};

bool md_late_is(struct md_driver *d, u64 k)
{
	struct md_late *l;
	bool is = false;

	if (!READ_ONCE(d->late))
		return false;
	spin_lock(&d->lock);
	for (l = d->late; l; l = l->next)
		is |= l->k == k;
	spin_unlock(&d->lock);
	return is;
}

/* ---- which fields name it ---------------------------------------------------------- */

struct md_places {
	u64 k;
	struct md_late *late;	/* NULL: they are counted only */
	u32 count;
};

static bool md_still_names(u64 place, u64 k)
{
	u64 value;

	return place && !copy_from_kernel_nofault(&value, (void *)place, sizeof(value)) && value == k;
}

static void md_place(struct md_places *p, u64 place)
{
	if (!md_still_names(place, p->k))
		return;
	/* The kernel half writes meanwhile: there may be one more than were counted. */
	if (p->late && p->count < p->late->count)
		p->late->place[p->count] = place;
	p->count++;
}

static void md_places_in_fields(struct md_places *p, const struct md_field *fields, u32 count, u64 base)
{
	u32 i, j;

	for (i = 0; i < count; i++) {
		const struct md_field *f = &fields[i];

		if (f->kind == MD_BYTES || f->kind == MD_BITS || f->kind == MD_EMBED)
			continue;
		for (j = 0; j < f->count; j++)
			md_place(p, base + f->offset + (u64)f->stride * j);
	}
}

/* Under session->sync. */
static void md_places_find(struct md_session *s, struct md_places *p)
{
	struct md_activation *act;
	struct md_object *o = NULL;
	u32 i;

	p->count = 0;
	list_for_each_entry(act, &s->activations, node) {
		for (i = 0; i < act->plan->global_count; i++) {
			const struct md_global *g = &act->plan->globals[i];

			md_places_in_fields(p, g->fields, g->field_count,
					    (u64)act->driver->symbols[g->symbol]->address);
		}
		while ((o = md_object_next(act, o, 0, U64_MAX)))
			if (o->visit)
				md_places_in_fields(p, o->visit->fields, o->visit->field_count,
						    o->range.start);
	}
}

/* ---- putting off ------------------------------------------------------------------------ */

/* NULL: no field names it. An error: too many do. */
static struct md_late *md_late_new(struct md_call *c, u64 k)
{
	struct md_places p = { .k = k };
	struct md_late *l = NULL;
	u32 count;

	mutex_lock(&c->session->sync);
	md_places_find(c->session, &p);
	count = p.count;
	if (count > MD_PLACES_MAX) {
		l = ERR_PTR(-E2BIG);
	} else if (count) {
		l = kzalloc(struct_size(l, place, count), GFP_NOIO | __GFP_NOFAIL);
		l->id = c->id;
		l->k = k;
		l->count = count;
		memcpy(l->key, c->value, sizeof(l->key));
		p.late = l;
		md_places_find(c->session, &p);
	}
	mutex_unlock(&c->session->sync);
	return l;
}

/* Of the last reference: is the release in @c one to be put off, and was it? A second one of the same thing is refused. */
bool md_late_put(struct md_call *c)
{
	u64 k = c->value[MD_DOWN_ENDED(c->fn->flags)];
	struct md_late *l = md_late_new(c, k), *other;
	struct md_driver *d = c->driver;
	bool twice = false, put = false;
	u32 n = 0;

	if (IS_ERR(l)) {
		md_refuse(c, "end of what so many fields name");
		return true;
	}
	spin_lock(&d->lock);
	for (other = d->late; other; other = other->next, n++)
		twice |= other->k == k;
	if (l && !twice && n < MD_LATE_MAX) {
		l->next = d->late;
		WRITE_ONCE(d->late, l);
		/* What is remembered of it is old. */
		d->generation++;
		put = true;
	}
	spin_unlock(&d->lock);
	if (!put)
		kfree(l);
	if (twice)
		md_refuse(c, "first release of this");
	if (put) {
		md_release(c, (void *)k);
		c->fn->late(c->value, true);
	}
	return put || twice;
}

/* ---- ending ----------------------------------------------------------------------------------- */

static bool md_late_due(const struct md_late *l)
{
	u32 i;

	for (i = 0; i < l->count; i++)
		if (md_still_names(l->place[i], l->k))
			return false;
	return true;
}

/* [k, k + size) ends: no field in it names anything any more. */
void md_late_forget(struct md_driver *d, u64 k, u64 size)
{
	struct md_late *l;
	u32 i;

	if (!READ_ONCE(d->late))
		return;
	spin_lock(&d->lock);
	for (l = d->late; l; l = l->next)
		for (i = 0; i < l->count; i++)
			if (l->place[i] - k < size)
				l->place[i] = 0;
	spin_unlock(&d->lock);
}

static void md_late_end(struct md_driver *d, struct md_late *due, struct md_chain *chain)
{
	struct md_late *next;

	for (; due; due = next) {
		next = due->next;
		md_undo_call(d, due->id, due->key, chain);
		kfree(due);
	}
}

/* Where the caller may sleep: releases what no field names any more; with @k, only that, named or not; or @all. */
static void md_late_release(struct md_driver *d, u64 k, bool all, struct md_chain *chain)
{
	struct md_late *l, **link, *due = NULL;

	if (likely(!READ_ONCE(d->late)))
		return;
	spin_lock(&d->lock);
	for (link = &d->late; (l = *link);) {
		if (!(all || (k ? l->k == k : md_late_due(l)))) {
			link = &l->next;
			continue;
		}
		WRITE_ONCE(*link, l->next);
		l->next = due;
		due = l;
	}
	/* Before its address is anybody else's, what knew it as nobody's is old. */
	if (due)
		d->generation++;
	spin_unlock(&d->lock);
	md_late_end(d, due, chain);
}

void md_late_sweep(struct md_driver *d, struct md_chain *chain)
{
	md_late_release(d, 0, false, chain);
}

/* The driver was given a reference to @k anew. */
void md_late_again(struct md_driver *d, u64 k, struct md_chain *chain)
{
	if (k)
		md_late_release(d, k, false, chain);
}

/* The driver goes. */
void md_late_all(struct md_driver *d)
{
	md_late_release(d, 0, true, NULL);
}
