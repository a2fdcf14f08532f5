// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses: windows, symbol tables, and translation both ways.
 *
 * A kernel address is, in this order, one of the driver's own symbols (the user
 * half has its own copy at its own address), in a window (moved by a constant),
 * or of no concern to the process (a fixed token takes its place).
 *
 * The user half's writable globals are pinned and mapped at ATTACH, so that the
 * interpreter treats them exactly like mirror pages: no fault, no user access.
 */
#include <linux/bsearch.h>
#include <linux/io.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "md_runtime.h"

#define MD_DIRECT_MAX	(40ULL << 40)
#define MD_HIDDEN	0x0bad000000000000ULL

/* ---- windows ------------------------------------------------------------- */

struct md_window_range md_windows[MD_WIN_COUNT];

/* Where they are is only known at run time (KASLR). */
void __init md_windows_init(void)
{
	md_windows[MD_WIN_DIRECT].base = PAGE_OFFSET;
	md_windows[MD_WIN_DIRECT].size = min_t(u64, MD_DIRECT_MAX, VMALLOC_START - PAGE_OFFSET);
	md_windows[MD_WIN_VMALLOC].base = VMALLOC_START;
	md_windows[MD_WIN_VMALLOC].size = VMALLOC_END + 1 - VMALLOC_START;
	md_windows[MD_WIN_VMEMMAP].base = VMEMMAP_START;
	md_windows[MD_WIN_VMEMMAP].size = 1ULL << 40;
	md_windows[MD_WIN_IMAGE].base = __START_KERNEL_map;
	md_windows[MD_WIN_IMAGE].size = round_down(MODULES_END, PAGE_SIZE) - __START_KERNEL_map;
}

/* ---- the driver's tables ----------------------------------------------------- */

static int md_compare_address(const void *a, const void *b, const void *priv)
{
	const struct md_driver *d = priv;
	u64 x = (u64)d->symbols[*(u32 *)a]->address;
	u64 y = (u64)d->symbols[*(u32 *)b]->address;

	return x < y ? -1 : x > y;
}

static int md_unit_symbols(struct md_driver *d, const struct md_unit *unit)
{
	u32 i, j;

	for (i = 0; i < unit->symbol_count; i++) {
		j = unit->symbol_first + i;
		if (j >= d->m->symbol_count || d->symbols[j])
			return -EINVAL;
		d->symbols[j] = &unit->symbols[i];
	}
	for (i = 0; i < unit->downcall_count; i++) {
		j = unit->downcall_first + i;
		if (j >= d->m->downcall_count || d->downcalls[j])
			return -EINVAL;
		d->downcalls[j] = &unit->downcalls[i];
	}
	return 0;
}

static int md_fields_check(const struct md_module *m, const struct md_field *f, u32 count, u64 size)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!f[i].count)
			continue;
		if (f[i].kind > MD_EMBED || (f[i].kind == MD_BITS && f[i].size > 8) ||
		    f[i].offset + (u64)f[i].stride * (f[i].count - 1) + f[i].size > size)
			return -EINVAL;
		if (f[i].kind >= MD_PTR && f[i].kind <= MD_PTR_FUNC && f[i].size != 8)
			return -EINVAL;
		if (f[i].type != MD_TYPE_NONE &&
		    f[i].type >= (f[i].kind == MD_PTR_FUNC ? m->function_set_count : m->type_count))
			return -EINVAL;
	}
	return 0;
}

static int md_plan_check(struct md_driver *d, const struct md_plan *plan)
{
	const struct md_module *m = d->m;
	u32 i;

	if (plan->param_count > MD_ARGS_MAX || plan->hidden_count > MD_ARGS_MAX - plan->param_count)
		return -EINVAL;
	for (i = 0; i < plan->param_count; i++) {
		const struct md_param *p = &plan->params[i];

		if (p->pass == MD_PASS_ARRAY &&
		    (p->length < plan->param_count ||
		     p->length >= plan->param_count + plan->hidden_count ||
		     (p->type != MD_TYPE_NONE && p->type >= m->type_count)))
			return -EINVAL;
	}
	for (i = 0; i < plan->visit_count; i++) {
		const struct md_visit *v = &plan->visits[i];

		if (v->type >= m->type_count || (i && v->type <= plan->visits[i - 1].type) ||
		    md_fields_check(m, v->fields, v->field_count, m->types[v->type].size))
			return -EINVAL;
	}
	for (i = 0; i < plan->global_count; i++) {
		const struct md_global *g = &plan->globals[i];

		if (g->symbol >= m->symbol_count || d->symbols[g->symbol]->kind != MD_SYM_DATA ||
		    md_fields_check(m, g->fields, g->field_count, d->symbols[g->symbol]->size))
			return -EINVAL;
	}
	return 0;
}

/* Flattens and verifies what the kernel half brought. */
int md_tables_build(struct md_driver *d)
{
	const struct md_module *m = d->m;
	int err = -EINVAL;
	u32 i;

	if (m->symbol_count > MD_SYMBOLS_MAX || m->downcall_count > MD_SYMBOLS_MAX)
		return -EINVAL;
	d->symbols = kvcalloc(m->symbol_count + 1, sizeof(*d->symbols), GFP_KERNEL);
	d->by_address = kvcalloc(m->symbol_count + 1, sizeof(*d->by_address), GFP_KERNEL);
	d->downcalls = kvcalloc(m->downcall_count + 1, sizeof(*d->downcalls), GFP_KERNEL);
	d->counters = m->plan_count <= MD_COUNTERS_FIRST ? d->first_counters :
		      kvcalloc(m->plan_count, sizeof(*d->counters), GFP_KERNEL);
	if (!d->symbols || !d->by_address || !d->downcalls || !d->counters) {
		err = -ENOMEM;
		goto fail;
	}
	for (i = 0; i < m->unit_count; i++)
		if (md_unit_symbols(d, m->units[i]))
			goto fail;
	for (i = 0; i < m->symbol_count; i++) {
		if (!d->symbols[i])
			goto fail;
		d->by_address[i] = i;
	}
	for (i = 0; i < m->downcall_count; i++)
		if (!d->downcalls[i])
			goto fail;
	for (i = 0; i < m->plan_count; i++)
		if (md_plan_check(d, &m->plans[i]))
			goto fail;

	sort_r(d->by_address, m->symbol_count, sizeof(*d->by_address), md_compare_address, NULL, d);
	if (m->symbol_count) {
		const struct md_symbol *last = d->symbols[d->by_address[m->symbol_count - 1]];

		d->symbols_start = (u64)d->symbols[d->by_address[0]]->address;
		d->symbols_end = (u64)last->address + max(last->size, 1u);
	}
	return 0;

fail:
	md_tables_free(d);
	return err;
}

void md_tables_free(struct md_driver *d)
{
	kvfree(d->symbols);
	kvfree(d->by_address);
	kvfree(d->downcalls);
	if (d->counters != d->first_counters)
		kvfree(d->counters);
	d->symbols = NULL;
	d->by_address = NULL;
	d->downcalls = NULL;
	d->counters = NULL;
}

/* Index of the symbol that covers kernel address @k, or -1. */
int md_symbol_find(struct md_driver *d, u64 k)
{
	u32 low = 0, high = d->m->symbol_count;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if ((u64)d->symbols[d->by_address[mid]]->address <= k)
			low = mid + 1;
		else
			high = mid;
	}
	/* Symbols may be nested or share an address (aliases): a few neighbours suffice. */
	for (high = low; high && low - high < 4; high--) {
		const struct md_symbol *s = d->symbols[d->by_address[high - 1]];

		if (k - (u64)s->address < max(s->size, 1u))
			return d->by_address[high - 1];
	}
	return -1;
}

/* ---- the user half's table ------------------------------------------------------ */

static int md_compare_user(const void *a, const void *b, const void *priv)
{
	const struct md_session *s = priv;
	u64 x = s->symbols[*(u32 *)a].address;
	u64 y = s->symbols[*(u32 *)b].address;

	return x < y ? -1 : x > y;
}

static int md_symbol_pin(struct md_mapped *sym)
{
	u64 first = round_down(sym->address, PAGE_SIZE);
	u64 end = round_up(sym->address + sym->size, PAGE_SIZE);
	int wanted = (end - first) >> PAGE_SHIFT;

	sym->pages = kvcalloc(wanted, sizeof(*sym->pages), GFP_KERNEL);
	if (!sym->pages)
		return -ENOMEM;
	sym->page_count = pin_user_pages_fast(first, wanted, FOLL_WRITE | FOLL_LONGTERM, sym->pages);
	if (sym->page_count != wanted)
		return sym->page_count < 0 ? sym->page_count : -EFAULT;
	sym->mapping = vmap(sym->pages, wanted, VM_MAP, PAGE_KERNEL);
	if (!sym->mapping)
		return -ENOMEM;
	sym->mirror = sym->mapping + (sym->address - first);
	sym->twin = kvmalloc(sym->size, GFP_KERNEL);
	if (!sym->twin)
		return -ENOMEM;
	memcpy(sym->twin, sym->mirror, sym->size);
	return 0;
}

static int md_symbol_take(struct md_session *s, struct md_driver *d, u32 i,
			  const struct md_user_symbol *user, u64 *bytes)
{
	const struct md_symbol *k = d->symbols[i];
	struct md_mapped *sym = &s->symbols[i];

	if (user->address >= TASK_SIZE_MAX || user->size > TASK_SIZE_MAX - user->address)
		return -EINVAL;
	sym->address = user->address;
	switch (k->kind) {
	case MD_SYM_FUNCTION:
	case MD_SYM_OPAQUE:
		sym->size = 1;
		return 0;
	case MD_SYM_CONST:
		sym->size = k->size;
		return user->size == k->size ? 0 : -EINVAL;
	default:
		sym->size = k->size;
		*bytes += k->size;
		if (!k->size || user->size != k->size || *bytes > MD_SYMBOL_BYTES_MAX)
			return -EINVAL;
		return md_symbol_pin(sym);
	}
}

/* Checks the user half's symbols against the kernel half's and pins the writable ones. */
int md_symbols_check(struct md_session *s, struct md_driver *d, const struct md_user_symbol *table)
{
	u32 count = d->m->symbol_count, i;
	u64 bytes = 0;
	int err = 0;

	s->symbols = kvcalloc(count + 1, sizeof(*s->symbols), GFP_KERNEL);
	s->by_user = kvcalloc(count + 1, sizeof(*s->by_user), GFP_KERNEL);
	if (!s->symbols || !s->by_user)
		err = -ENOMEM;
	for (i = 0; i < count && !err; i++) {
		s->by_user[i] = i;
		s->symbol_count = i + 1;
		err = md_symbol_take(s, d, i, &table[i], &bytes);
	}
	if (err) {
		md_symbols_free(s);
		return err;
	}
	sort_r(s->by_user, count, sizeof(*s->by_user), md_compare_user, NULL, s);
	return 0;
}

void md_symbols_free(struct md_session *s)
{
	u32 i;

	for (i = 0; i < s->symbol_count; i++) {
		struct md_mapped *sym = &s->symbols[i];

		kvfree(sym->twin);
		if (sym->mapping)
			vunmap(sym->mapping);
		if (sym->page_count > 0)
			unpin_user_pages_dirty_lock(sym->pages, sym->page_count, true);
		kvfree(sym->pages);
	}
	kvfree(s->symbols);
	kvfree(s->by_user);
	s->symbols = NULL;
	s->by_user = NULL;
	s->symbol_count = 0;
}

bool md_user_symbol_at(struct md_session *s, u64 u, int *index, u64 *offset)
{
	u32 low = 0, high = s->symbol_count;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (s->symbols[s->by_user[mid]].address <= u)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high && low - high < 4; high--) {
		u32 i = s->by_user[high - 1];

		if (u - s->symbols[i].address < s->symbols[i].size) {
			*index = i;
			*offset = u - s->symbols[i].address;
			return true;
		}
	}
	return false;
}

/* ---- translation ------------------------------------------------------------------ */

__md_hot_call
u64 md_to_user(struct md_session *s, u64 k)
{
	int i, w;

	if (k < PAGE_SIZE || IS_ERR_VALUE((unsigned long)k))
		return k;
	i = md_symbol_at(s->driver, k);
	if (i >= 0)
		return s->symbols[i].address + (k - (u64)s->driver->symbols[i]->address);
	w = md_window_of(k);
	if (w >= 0)
		return k - md_window_base(w) + s->window[w];
	/* User addresses, integers and poison say nothing about the kernel. */
	if (k < 0xffff800000000000ULL)
		return k;
	return MD_HIDDEN | (k & 0xffff);
}

static bool md_poison(u64 u)
{
	return u == (u64)LIST_POISON1 || u == (u64)LIST_POISON2;
}

static int md_window_to_kernel(struct md_session *s, u64 u, u64 *k)
{
	int w;

	for (w = 0; w < MD_WIN_COUNT; w++) {
		if (s->window[w] && u - s->window[w] < md_window_size(w)) {
			*k = u - s->window[w] + md_window_base(w);
			return w;
		}
	}
	return -1;
}

/* Was the process given a record @type at @k? */
bool md_known(struct md_activation *act, u64 k, u16 type)
{
	struct md_driver *d = act->driver;
	struct md_object *o = NULL;
	struct md_extent a;

	if (md_alloc_covers(d, k, &a) &&
	    md_type_at(d, a.type, a.last - a.start + 1, k - a.start, type))
		return true;
	while ((o = md_object_next(act, o, k, k)))
		if (md_type_at(d, o->type, o->range.last - o->range.start + 1,
			       k - o->range.start, type))
			return true;
	return type == MD_TYPE_NONE && md_mmio_covers(d, k);
}

/*
 * User to kernel, for a pointer to record @type (MD_TYPE_NONE: any known
 * object). Under session->sync. 0 or -EFAULT.
 */
int md_to_kernel(struct md_activation *act, u64 u, u16 type, u64 *k)
{
	struct md_session *s = act->session;
	const struct md_symbol *sym;
	u64 offset;
	int i, w;

	lockdep_assert_held(&s->sync);
	if (u < PAGE_SIZE || IS_ERR_VALUE((unsigned long)u) || md_poison(u)) {
		*k = u;
		return 0;
	}
	if (md_user_symbol_at(s, u, &i, &offset)) {
		sym = act->driver->symbols[i];
		*k = (u64)sym->address + offset;
		if (type == MD_TYPE_NONE)
			return 0;
		if (sym->kind == MD_SYM_FUNCTION)
			return -EFAULT;
		if (sym->kind == MD_SYM_OPAQUE)
			return sym->type == type ? 0 : -EFAULT;
		return md_type_at(act->driver, sym->type, sym->size, offset, type) ? 0 : -EFAULT;
	}
	w = md_window_to_kernel(s, u, k);
	if (w == MD_WIN_VMEMMAP && type == MD_TYPE_NONE)
		return md_known(act, *k, type) ? 0 : -EFAULT;
	return w >= 0 && md_known(act, *k, type) ? 0 : -EFAULT;
}

/*
 * A pointer that the user half does not look behind: as above. A number only where
 * the driver's text puts one (@cookie), else it must be nothing, or ports that are mapped.
 */
int md_opaque_to_kernel(struct md_activation *act, u64 u, bool cookie, u64 *k)
{
	if (u <= U32_MAX) {
		*k = u;
		return cookie || !u || (void *)u == ZERO_SIZE_PTR || md_mmio_covers(act->driver, u) ?
		       0 : -EFAULT;
	}
	return md_to_kernel(act, u, MD_TYPE_NONE, k);
}

static bool md_set_has(const struct md_module *m, u16 set, u32 symbol)
{
	u32 i;

	if (set >= m->function_set_count)
		return set == MD_TYPE_NONE;
	for (i = 0; i < m->function_sets[set].count; i++)
		if (m->function_sets[set].symbols[i] == symbol)
			return true;
	return false;
}

int md_function_to_kernel(struct md_session *s, u64 u, u16 set, u64 *k)
{
	u64 offset;
	int i;

	*k = 0;
	if (!u)
		return 0;
	if (!md_user_symbol_at(s, u, &i, &offset) || offset ||
	    s->driver->symbols[i]->kind != MD_SYM_FUNCTION || !md_set_has(s->driver->m, set, i))
		return -EFAULT;
	*k = (u64)s->driver->symbols[i]->address;
	return 0;
}
