// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which objects an activation reaches: what the walk (md_walk.c) does with one pointer.
 *
 * Every object is known once per activation, with its extent, its type and what the
 * plan says of the type; one that this walk reaches for the first time is put on act->live.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
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

void md_make_live(struct md_activation *act, struct md_object *o)
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

	/* A place that was never used looks like one that knew NULL. */
	if (!k || act->first_used == MD_OBJECTS_FIRST || o->range.start != k || o->type != type ||
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
	/* It was given back, whatever still names it. A teardown after a death is to find it, and to pass it over. */
	if (unlikely(READ_ONCE(act->driver->late)) && !md_chain_salvages(act->chain) && md_late_is(act->driver, k))
		return NULL;
	o = md_object_add(act, k, size, type);
	if (!o) {
		act->truncated = true;
		return NULL;
	}
	if (symbol >= 0) {
		/* What lies beside a variable is another one, elsewhere in the user half. */
		low = (u64)act->driver->symbols[symbol]->address;
		high = low + act->driver->symbols[symbol]->size - 1;
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

/* Visits by run-time type, else as @type; without either an object becomes known as a handle. */
noinline void md_visit_any(struct md_activation *act, u64 k, u16 type, bool root)
{
	u64 start, end;
	u16 found;

	if (!md_address_is_kernel(k))
		return;
	if (md_extent(act, k, &start, &end, &found) && found != MD_TYPE_NONE)
		md_visit(act, start, found, root, true);
	else
		md_visit(act, k, type, false, false);
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
 * than what it said when the core allocated. Of memory that is neither slab, vmalloc nor a large folio nothing is known.
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
	/* Taken to be the start of its object. Before 6.2 asking makes KASAN forget where the object ends. */
	if (folio_test_slab(folio))
		return (IS_ENABLED(CONFIG_KASAN) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)) ||
		       size <= ksize((void *)k);
	return !folio_test_large(folio) ||
	       k + size <= (u64)folio_address(folio) + folio_size(folio);
}

/* An array that the caller hands over with its length in bytes. 0, or -EMSGSIZE if that cannot be. */
noinline int md_visit_sized(struct md_activation *act, const struct md_param *p, u64 k, u64 size)
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
void md_follow(struct md_activation *act, const struct md_field *f, u64 k)
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
		md_visit_any(act, k, f->type, false);
		break;
	case MD_PTR_OPAQUE:
		/* A handle, of its type if the plan knows it; nothing of it travels. */
		if (md_address_names_kernel(k))
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

	if (!md_address_names_kernel(k))
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
