// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a checking build of the user half asks: which bytes did the plan of this
 * activation bring, and which does it return?
 *
 * Nothing is kept for it. The answer is a function of what the last walk left
 * behind (act->live and the plan), worked out when it is asked for; so a user
 * half that never asks costs nothing. A byte that only another activation's
 * plan brought is in the mirror, and is not in the answer.
 *
 * A fetched answer holds until the activation's next crossing.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

#define MD_SHADOW_ANY	(MD_SHADOW_IN | MD_SHADOW_OUT | MD_SHADOW_FREE)
#define MD_REPORTS_MAX	64	/* lines of one driver */

/* The part of the shadow that is asked for: [k, k + size). */
struct md_shadow {
	u64 k, size;
	u8 *bytes;
};

/* Memory or registers mapped themselves: no plan is in between. */
static bool md_page_real(struct md_driver *d, u64 k)
{
	bool real;

	spin_lock(&d->lock);
	real = md_mmio_mapped(d, k) || md_mapped_page(d, k);
	spin_unlock(&d->lock);
	return real;
}

static void md_shade(struct md_shadow *w, u64 k, u64 size, u8 bits)
{
	u64 from = max(k, w->k), to = min(k + size, w->k + w->size);

	for (; from < to; from++)
		w->bytes[from - w->k] |= bits;
}

static u8 md_shadow_bits(const struct md_field *f)
{
	u8 bits = f->dir & (MD_IN | MD_OUT);

	/* Writing a bit-field reads its unit. */
	return f->kind == MD_BITS && bits ? bits | MD_SHADOW_IN : bits;
}

static void md_shade_fields(struct md_shadow *w, const struct md_object *o,
			    const struct md_field *fields, u32 count, u64 base)
{
	u64 ignored[16];
	u32 i, j;

	for (i = 0; i < count; i++) {
		const struct md_field *f = &fields[i];

		for (j = 0; j < f->count && f->kind != MD_EMBED; j++) {
			u64 k = base + f->offset + (u64)f->stride * j;

			/* As in a walk: what is not memory has brought nothing. */
			if (!o->direct && !md_read(o, ignored, k, min_t(u64, f->size, sizeof(ignored))))
				return;
			md_shade(w, k, f->size, md_shadow_bits(f));
		}
	}
}

static void md_shade_globals(struct md_shadow *w, struct md_activation *act)
{
	static const struct md_object ours = { .direct = true };
	u32 i;

	for (i = 0; i < act->plan->global_count; i++) {
		const struct md_global *g = &act->plan->globals[i];
		const struct md_symbol *sym = act->driver->symbols[g->symbol];
		u64 k = (u64)sym->address;

		if (k < w->k + w->size && w->k < k + sym->size)
			md_shade_fields(w, &ours, g->fields, g->field_count, k);
	}
}

/* Under session->sync. */
static void md_shadow_of(struct md_activation *act, struct md_shadow *w)
{
	u64 last = w->k + w->size - 1;
	struct md_object *o = NULL;

	memset(w->bytes, 0, w->size);
	while ((o = md_object_next(act, o, w->k, last))) {
		u64 k = o->range.start;

		/* Not reached by the last walk: the next sync out passes it by. */
		if (o->walk != act->walk)
			continue;
		if (o->bytes)
			md_shade(w, k, o->bytes_size, o->bytes);
		if (o->visit)
			md_shade_fields(w, o, o->visit->fields, o->visit->field_count, k);
	}
	md_shade_globals(w, act);
}

/* Kernel address behind an address of a window, or 0. */
static u64 md_shadow_window(struct md_session *s, u64 u)
{
	int w;

	for (w = 0; w < MD_WIN_COUNT; w++)
		if (u - s->window[w] < md_window_size(w))
			return u - s->window[w] + md_window_base(w);
	return 0;
}

/* A page of the user half's own data: its symbols follow plans, the rest is its own. */
static void md_shadow_symbols(struct md_activation *act, u64 u, u8 *bytes)
{
	struct md_session *s = act->session;
	u32 i;

	memset(bytes, MD_SHADOW_ANY, PAGE_SIZE);
	for (i = 0; i < s->symbol_count; i++) {
		const struct md_mapped *sym = &s->symbols[i];
		u64 from = max(u, sym->address), to = min(u + PAGE_SIZE, sym->address + sym->size);
		struct md_shadow w;

		if (act->driver->symbols[i]->kind != MD_SYM_DATA || from >= to)
			continue;
		w.k = (u64)act->driver->symbols[i]->address + (from - sym->address);
		w.size = to - from;
		w.bytes = bytes + (from - u);
		md_shadow_of(act, &w);
	}
}

static int md_shadow_page(struct md_activation *act, const struct md_check *c)
{
	u8 *bytes = kmalloc(PAGE_SIZE, GFP_KERNEL);
	struct md_shadow w = { .size = PAGE_SIZE, .bytes = bytes };
	int err = 0;

	if (!bytes)
		return -ENOMEM;
	mutex_lock(&act->session->sync);
	w.k = md_shadow_window(act->session, c->address);
	if (!w.k)
		md_shadow_symbols(act, c->address, bytes);
	else if (md_page_real(act->driver, w.k))
		memset(bytes, MD_SHADOW_ANY, PAGE_SIZE);
	else
		md_shadow_of(act, &w);
	mutex_unlock(&act->session->sync);
	if (copy_to_user(u64_to_user_ptr(c->value), bytes, PAGE_SIZE))
		err = -EFAULT;
	kfree(bytes);
	return err;
}

/* May the kernel take [u, u + size) at its word? True outside of the windows. */
bool md_shadow_brought(struct md_activation *act, u64 u, u64 size)
{
	u64 k = md_shadow_window(act->session, u), i;
	struct md_shadow w = { .k = k, .size = size };
	bool brought = true;

	if (!k || md_page_real(act->driver, k))
		return true;
	w.bytes = kmalloc(size, GFP_KERNEL);
	if (!w.bytes)
		return true;
	mutex_lock(&act->session->sync);
	md_shadow_of(act, &w);
	mutex_unlock(&act->session->sync);
	/* What it may write it may have written. */
	for (i = 0; i < size; i++)
		brought &= !!w.bytes[i];
	kfree(w.bytes);
	return brought;
}

/* ---- how much the plan brings ---------------------------------------------------- */

static u64 md_shadow_count(const struct md_shadow *w)
{
	u64 i, n = 0;

	for (i = 0; i < w->size; i++)
		n += !!w->bytes[i];
	return n;
}

static int md_shadow_symbol_bytes(struct md_activation *act, u64 *total)
{
	struct md_driver *d = act->driver;
	struct md_shadow w;
	u32 i;

	for (i = 0; i < d->m->symbol_count; i++) {
		if (d->symbols[i]->kind != MD_SYM_DATA)
			continue;
		w.k = (u64)d->symbols[i]->address;
		w.size = d->symbols[i]->size;
		w.bytes = kvmalloc(w.size, GFP_KERNEL);
		if (!w.bytes)
			return -ENOMEM;
		md_shadow_of(act, &w);
		*total += md_shadow_count(&w);
		kvfree(w.bytes);
	}
	return 0;
}

/* Distinct bytes that the last walk brought. */
static int md_shadow_covered(struct md_activation *act, u64 *total)
{
	struct md_shadow w = { .size = PAGE_SIZE, .bytes = kmalloc(PAGE_SIZE, GFP_KERNEL) };
	struct md_object *o = NULL;
	u64 k;
	int err;

	if (!w.bytes)
		return -ENOMEM;
	*total = 0;
	mutex_lock(&act->session->sync);
	err = md_shadow_symbol_bytes(act, total);
	while (!err && (o = md_object_next(act, o, 0, U64_MAX))) {
		if (md_symbol_at(act->driver, o->range.start) >= 0)
			continue;
		for (k = o->range.start & PAGE_MASK; k <= o->range.last; k += PAGE_SIZE) {
			/* A page counts with the first of its objects. */
			if (md_object_next(act, NULL, k, k + PAGE_SIZE - 1) != o)
				continue;
			w.k = k;
			md_shadow_of(act, &w);
			*total += md_shadow_count(&w);
		}
	}
	mutex_unlock(&act->session->sync);
	kfree(w.bytes);
	return err;
}

/* ---- violations -------------------------------------------------------------------- */

struct md_where_text {
	const char *kind, *name;
	u64 offset;
	bool reached;
};

static const char *md_type_name(struct md_driver *d, u16 type)
{
	return type < d->m->type_count ? d->m->types[type].name : "bytes";
}

/* The innermost thing known at kernel address @k. Under session->sync. */
static struct md_where_text md_whereabouts(struct md_activation *act, u64 k)
{
	struct md_where_text where = { "", "nothing known", 0, false };
	struct md_driver *d = act->driver;
	struct md_object *o = NULL;
	u64 smallest = U64_MAX;
	struct md_extent a;

	while ((o = md_object_next(act, o, k, k))) {
		if (o->range.last - o->range.start >= smallest)
			continue;
		smallest = o->range.last - o->range.start;
		where.name = md_type_name(d, o->type);
		where.offset = k - o->range.start;
		where.reached = o->walk == act->walk;
	}
	if (smallest == U64_MAX && md_alloc_covers(d, k, &a)) {
		where.name = md_type_name(d, a.type);
		where.offset = k - a.start;
	}
	return where;
}

static void md_shadow_report(struct md_activation *act, const struct md_check *c)
{
	struct md_session *s = act->session;
	struct md_driver *d = act->driver;
	struct md_where_text where;
	char places[20 * MD_CHECK_PLACES] = "";
	u64 k = md_shadow_window(s, c->address), offset;
	int i, n = 0, symbol;

	for (i = 0; i < MD_CHECK_PLACES && c->place[i]; i++)
		n += scnprintf(places + n, sizeof(places) - n, " 0x%llx", c->place[i]);
	if (atomic64_inc_return(&d->stat.poison_violations) > MD_REPORTS_MAX)
		return;
	mutex_lock(&s->sync);
	if (!k && md_user_symbol_at(s, c->address, &symbol, &offset)) {
		where.kind = "global ";
		where.name = d->symbols[symbol]->name;
		where.offset = offset;
		where.reached = true;
	} else {
		where = md_whereabouts(act, k);
	}
	mutex_unlock(&s->sync);
	pr_err("microdriver: %s: poison: %s of %s%s+0x%llx (%llu bytes%s) in %s at%s\n", d->name,
	       c->flags & MD_CHECK_WRITE ? "write" : "read", where.kind, where.name, where.offset,
	       c->size, where.reached ? "" : ", not reached", act->plan->name, places);
}

int md_shadow_check(struct md_activation *act, struct md_check *c)
{
	switch (c->op) {
	case MD_CHECK_PAGE:
		return c->address & ~PAGE_MASK ? -EINVAL : md_shadow_page(act, c);
	case MD_CHECK_COVERED:
		WRITE_ONCE(act->session->checking, true);
		return md_shadow_covered(act, &c->value);
	case MD_CHECK_NOTE:
		atomic64_inc(&act->driver->stat.poison_upcalls);
		atomic64_add(c->address, &act->driver->stat.poison_bytes_in);
		atomic64_add(c->size, &act->driver->stat.poison_bytes_touched);
		return 0;
	case MD_CHECK_REPORT:
		md_shadow_report(act, c);
		return 0;
	default:
		return -EINVAL;
	}
}
