// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving bytes between the kernel's objects (k), their mirror (m) and the twin
 * (t: what was last brought). The only place where the halves' memories meet.
 *
 *   in:  where m == t, m = t = k; where the user half has written, nothing.
 *        The process may write at any moment, hence compare-and-exchange.
 *        An activation that starts alone overwrites: what is dirty then was
 *        written outside of every plan.
 *   out: where m != t, k = t = m.
 *
 * An element of 1, 2, 4 or 8 bytes in natural alignment is a scalar and moves as
 * a whole, as the compiler's loads and stores do; anything else moves by byte.
 */
#include <linux/io.h>
#include <linux/uaccess.h>
#include "md_runtime.h"

struct md_place {
	void *m, *t;
	u64 size;	/* contiguous bytes from here */
};

/* Where the process sees kernel address @k. 0, -ENOENT (nowhere) or -ENOMEM. */
__md_hot_call
static int md_place(struct md_activation *act, u64 k, u64 size, bool create, struct md_place *p)
{
	struct md_session *s = act->session;
	int i = md_symbol_at(act->driver, k);
	struct md_page *page;
	u64 offset;

	if (i >= 0) {
		offset = k - (u64)act->driver->symbols[i]->address;
		if (!s->symbols[i].mirror)
			return -ENOENT;
		p->m = s->symbols[i].mirror + offset;
		p->t = s->symbols[i].twin + offset;
		p->size = min(size, s->symbols[i].size - offset);
		return 0;
	}
	page = md_page_get(s, k, create && !act->held);
	if (!page && act->held) {
		struct md_extent a;

		if (create && !(md_alloc_covers_in(act, k, &a) && a.mapped))
			act->again = true;
		return -ENOENT;
	}
	if (!page)
		return create && !md_is_mapped(act->driver, k) ? -ENOMEM : -ENOENT;
	offset = k - page->address;
	p->m = page->mirror + offset;
	p->t = page->twin + offset;
	p->size = min(size, PAGE_SIZE - offset);
	return 0;
}

static bool md_scalar(const void *p, u64 size)
{
	return (size == 1 || size == 2 || size == 4 || size == 8) &&
	       !((unsigned long)p & (size - 1));
}

static u64 md_load(const void *p, u64 size)
{
	switch (size) {
	case 1:
		return READ_ONCE(*(const u8 *)p);
	case 2:
		return READ_ONCE(*(const u16 *)p);
	case 4:
		return READ_ONCE(*(const u32 *)p);
	default:
		return READ_ONCE(*(const u64 *)p);
	}
}

static void md_store(void *p, u64 size, u64 value)
{
	switch (size) {
	case 1:
		WRITE_ONCE(*(u8 *)p, value);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)p, value);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)p, value);
		break;
	default:
		WRITE_ONCE(*(u64 *)p, value);
	}
}

static bool md_exchange(void *p, u64 size, u64 old, u64 value)
{
	switch (size) {
	case 1:
		return cmpxchg((u8 *)p, (u8)old, (u8)value) == (u8)old;
	case 2:
		return cmpxchg((u16 *)p, (u16)old, (u16)value) == (u16)old;
	case 4:
		return cmpxchg((u32 *)p, (u32)old, (u32)value) == (u32)old;
	default:
		return cmpxchg((u64 *)p, old, value) == old;
	}
}

/* Brings one scalar; false if the user half has written it. */
__md_hot_call
static bool md_merge_scalar(struct md_activation *act, void *m, void *t, u64 size, u64 value)
{
	u64 old = md_load(t, size);

	if (act->alone && md_load(m, size) != old) {
		atomic64_inc(&act->driver->stat.stray_writes);
		md_store(m, size, value);
		md_store(t, size, value);
		return true;
	}
	if (old == value)
		return md_load(m, size) == old;
	if (!md_exchange(m, size, old, value)) {
		act->refused = true;
		return false;
	}
	md_store(t, size, value);
	return true;
}

static void md_merge_bytes(struct md_activation *act, u8 *m, u8 *t, const u8 *v, u64 size)
{
	u64 i, n;

	for (i = 0; i < size; i += n) {
		n = (size - i >= 8 && md_scalar(m + i, 8) && md_scalar(t + i, 8)) ? 8 : 1;
		if (n == 8) {
			u64 value;

			memcpy(&value, v + i, 8);
			if (md_merge_scalar(act, m + i, t + i, 8, value))
				continue;
			n = 1;
		}
		md_merge_scalar(act, m + i, t + i, 1, v[i]);
	}
}

/* Reads kernel memory; false if it is not there. */
__md_hot_call
bool md_read(const struct md_object *o, void *to, u64 k, u64 size)
{
	if (o->from && k >= o->range.start && k + size - 1 <= o->range.last)
		k = (u64)o->from + (k - o->range.start);
	else if (!o->direct)
		return !copy_from_kernel_nofault(to, (void *)k, size);
	if (md_scalar((void *)k, size)) {
		u64 value = md_load((void *)k, size);

		memcpy(to, &value, size);
	} else {
		memcpy(to, (void *)k, size);
	}
	return true;
}

/* May the kernel itself write there? Asked once per object, when it is dirty. */
static bool md_writable(struct md_object *o)
{
	unsigned int level;
	u64 k, end = o->range.last;
	pte_t *pte;

	if (o->writable)
		return true;
	for (k = o->range.start; k <= end; k = round_down(k, PAGE_SIZE) + PAGE_SIZE) {
		pte = lookup_address(k, &level);
		if (!pte || !pte_present(*pte) || !pte_write(*pte))
			return false;
	}
	o->writable = true;
	return true;
}

/* 0, -ENOMEM, or -EFAULT if the kernel's memory is not there. */
int md_bytes_in(struct md_activation *act, const struct md_object *o, u64 k, u64 size)
{
	struct md_place p;
	u8 buffer[128];
	int err;

	while (size) {
		err = md_place(act, k, size, true, &p);
		if (err)
			return err == -ENOENT ? 0 : err;
		if (p.size > sizeof(buffer))
			p.size = sizeof(buffer);
		if (!md_read(o, buffer, k, p.size))
			return -EFAULT;
		if (p.size == size && md_scalar(p.m, size) && md_scalar((void *)k, size)) {
			u64 value = 0;

			memcpy(&value, buffer, size);
			md_merge_scalar(act, p.m, p.t, size, value);
		} else if (memcmp(p.t, buffer, p.size) ||
			   (act->alone && memcmp(p.m, p.t, p.size))) {
			md_merge_bytes(act, p.m, p.t, buffer, p.size);
		}
		act->bytes_in += p.size;
		k += p.size;
		size -= p.size;
	}
	return 0;
}

/* Where a whole record lies in one piece. */
__md_hot_serve
static bool md_whole(struct md_activation *act, const struct md_object *o, struct md_place *p)
{
	u64 size = o->range.last - o->range.start + 1;

	return !md_place(act, o->range.start, size, false, p) && p->size == size;
}

__md_hot_serve
bool md_clean(struct md_activation *act, const struct md_object *o)
{
	struct md_place p;

	return md_whole(act, o, &p) && !memcmp(p.m, p.t, p.size);
}

const u64 *md_twin_of(struct md_activation *act, const struct md_object *o)
{
	struct md_place p;

	return md_whole(act, o, &p) && !((u64)p.t & 7) ? p.t : NULL;
}

/* 0 or -EACCES. */
int md_bytes_out(struct md_activation *act, struct md_object *o, u64 k, u64 size)
{
	struct md_place p;
	u64 i, value;

	for (; size; k += p.size, size -= p.size) {
		if (md_place(act, k, size, false, &p)) {
			/* No mirror, nothing written. */
			p.size = min(size, PAGE_SIZE - (k & ~PAGE_MASK));
			continue;
		}
		if (!memcmp(p.m, p.t, p.size))
			continue;
		if (!md_writable(o))
			return -EACCES;
		if (p.size == size && md_scalar(p.m, size) && md_scalar((void *)k, size)) {
			value = md_load(p.m, size);
			md_store((void *)k, size, value);
			md_store(p.t, size, value);
			act->bytes_out += size;
			continue;
		}
		for (i = 0; i < p.size; i++) {
			value = md_load(p.m + i, 1);
			if (value == md_load(p.t + i, 1))
				continue;
			md_store((void *)k + i, 1, value);
			md_store(p.t + i, 1, value);
			act->bytes_out++;
		}
	}
	return 0;
}

/* Storage unit of bit-fields: only the changed bits, on the kernel's current value. */
int md_bits_out(struct md_activation *act, struct md_object *o, u64 k, u64 size)
{
	u64 value, twin, old, changed;
	struct md_place p;

	if (!md_scalar((void *)k, size))
		return md_bytes_out(act, o, k, size);
	if (md_place(act, k, size, false, &p))
		return 0;
	value = md_load(p.m, size);
	twin = md_load(p.t, size);
	changed = value ^ twin;
	if (!changed)
		return 0;
	if (!md_writable(o))
		return -EACCES;
	do {
		old = md_load((void *)k, size);
	} while (!md_exchange((void *)k, size, old, (old & ~changed) | (value & changed)));
	md_store(p.t, size, value);
	act->bytes_out += size;
	return 0;
}

/*
 * The eight bytes of a pointer in mirror and twin. In a packed record they may lie anywhere, over the edge of a page too.
 * 0, or md_place()'s error; -ENOENT too if they are no pointer of one symbol.
 */
static int md_pointer_places(struct md_activation *act, u64 k, bool create, struct md_place p[2])
{
	int err = md_place(act, k, 8, create, &p[0]);

	p[1].size = 0;
	if (err || p[0].size == 8)
		return err;
	if (md_symbol_at(act->driver, k) >= 0)
		return -ENOENT;
	err = md_place(act, k + p[0].size, 8 - p[0].size, create, &p[1]);
	return !err && p[0].size + p[1].size != 8 ? -ENOENT : err;
}

static u64 md_pointer_load(const struct md_place p[2], bool twin)
{
	u64 value;

	if (p[0].size == 8)
		return md_load(twin ? p[0].t : p[0].m, 8);
	memcpy(&value, twin ? p[0].t : p[0].m, p[0].size);
	memcpy((u8 *)&value + p[0].size, twin ? p[1].t : p[1].m, p[1].size);
	return value;
}

/* Pointers: both m and t hold the user half's value. @u: translation of the kernel's. */
__md_hot_call
int md_pointer_in(struct md_activation *act, u64 k, u64 u)
{
	struct md_place p[2];
	int err = md_pointer_places(act, k, true, p);

	if (err)
		return err == -ENOENT ? 0 : err;
	act->bytes_in += 8;
	if (likely(p[0].size == 8 && md_scalar(p[0].m, 8))) {
		md_merge_scalar(act, p[0].m, p[0].t, 8, u);
	} else if (act->alone || md_pointer_load(p, false) == md_pointer_load(p, true)) {
		md_merge_bytes(act, p[0].m, p[0].t, (u8 *)&u, p[0].size);
		md_merge_bytes(act, p[1].m, p[1].t, (u8 *)&u + p[0].size, p[1].size);
	} else {
		act->refused = true;
	}
	return 0;
}

/* True if the user half has written the pointer at @k; its value in @u. */
__md_hot_serve
bool md_pointer_dirty(struct md_activation *act, u64 k, u64 *u)
{
	struct md_place p[2];

	if (md_pointer_places(act, k, false, p))
		return false;
	*u = md_pointer_load(p, false);
	return *u != md_pointer_load(p, true);
}

int md_pointer_out(struct md_activation *act, struct md_object *o, u64 k, u64 u, u64 value)
{
	struct md_place p[2];

	if (md_pointer_places(act, k, false, p) || !md_writable(o))
		return -EACCES;
	WRITE_ONCE(*(u64 *)k, value);
	memcpy(p[0].t, &u, p[0].size);
	if (p[1].size)
		memcpy(p[1].t, (u8 *)&u + p[0].size, p[1].size);
	act->bytes_out += 8;
	act->pointers_out = true;
	return 0;
}
