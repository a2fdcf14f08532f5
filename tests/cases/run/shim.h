/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel as far as the runtime's interpreter (md_visit.c, md_walk.c, md_sync.c,
 * md_object.c, md_symbol.c, md_down.c) needs it, for one thread of a user process.
 * A double of the address space and of the library, never of the runtime or a driver.
 *
 * Kernel memory is an arena and the image of the kernel half (harness.c); what is
 * there, and what of it can be written, the harness says.
 */
#ifndef CASES_SHIM_H
#define CASES_SHIM_H

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char u8, __u8;
typedef unsigned short u16, __u16;
typedef unsigned int u32, __u32;
typedef unsigned long long u64, __u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef unsigned int uint;
typedef s64 ktime_t;

#define U32_MAX		0xffffffffu
#define U64_MAX		(~0ull)
#define PAGE_SHIFT	12
#define PAGE_SIZE	4096ul
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x)	(((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define HZ		250
#define TASK_SIZE_MAX	(1ull << 47)
#define LINUX_VERSION_CODE	0
#define KERNEL_VERSION(a, b, c)	1
#define IS_ENABLED(x)	0

#define __user
#define __iomem
#define __force
#define __percpu
#define __init
#define __exit
#define __section(x)
#define __printf(a, b)	__attribute__((format(printf, a, b)))
#define __always_inline	inline __attribute__((always_inline))
#define noinline	__attribute__((noinline))
#define likely(x)	(x)
#define unlikely(x)	(x)
#define EXPORT_SYMBOL_GPL(x) extern int cases_exported
#define BUILD_BUG_ON(x)	((void)sizeof(x))
#define barrier()	__asm__ volatile("" ::: "memory")
#define smp_mb()	barrier()
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define this_cpu_inc(x)	((x)++)
#define this_cpu_dec(x)	((x)--)

/* Kernel objects may be read and written at any place the driver's own types would be. */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define cmpxchg(p, old, new) __sync_val_compare_and_swap(p, old, new)
#define min(a, b)	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b)	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(t, a, b)	min((t)(a), (t)(b))
#define max_t(t, a, b)	max((t)(a), (t)(b))
#define min3(a, b, c)	min(a, min((__typeof__(a))(b), (__typeof__(a))(c)))
#define clamp_t(t, v, lo, hi) min_t(t, max_t(t, v, lo), hi)
#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))
#define round_up(x, y)	round_down((x) + (y) - 1, y)
#define rounddown(x, y)	((x) - (x) % (y))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))

/* Of the kernel's addresses: cases_kernels() in place of the sign. */
bool cases_kernels(u64 k);
#define MD_KERNELS(k)	cases_kernels(k)
bool cases_writable(u64 k);
#define pr_err(...)	fprintf(stderr, __VA_ARGS__)
void cases_fail(const char *format, ...) __printf(1, 2) __attribute__((noreturn));

#define MAX_ERRNO	4095
#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)
#define IS_ERR(p)	IS_ERR_VALUE(p)
#define ZERO_SIZE_PTR	((void *)16)
#define LIST_POISON1	((void *)0xdead000000000100ul)
#define LIST_POISON2	((void *)0xdead000000000122ul)

/* ---- locks: one thread --------------------------------------------------- */

typedef struct { int unused; } spinlock_t, wait_queue_head_t;
struct mutex { bool held; };
struct rw_semaphore { int unused; };
typedef struct { long long counter; } atomic64_t;
typedef struct { int counter; } atomic_t;
struct kref { int unused; };

#define spin_lock(l)		((void)(l))
#define spin_unlock(l)		((void)(l))
#define spin_trylock(l)		((void)(l), true)
#define cpu_relax()		((void)0)
static inline void mutex_lock(struct mutex *m) { if (m->held) cases_fail("a mutex is taken twice"); m->held = true; }
static inline bool mutex_trylock(struct mutex *m) { return m->held ? false : (m->held = true); }
static inline void mutex_unlock(struct mutex *m) { m->held = false; }
#define lockdep_assert_held(m)	do { if (!(m)->held) cases_fail("a lock is not held"); } while (0)
#define atomic64_inc(a)		((a)->counter++)
#define atomic64_dec(a)		((a)->counter--)
#define kref_get(k)		((void)(k))
#define kref_put(k, f)		((void)(k))

/* ---- lists ------------------------------------------------------------------ */

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
#define LIST_HEAD_INIT(name) { &(name), &(name) }
static inline void INIT_LIST_HEAD(struct list_head *l) { l->next = l->prev = l; }
static inline bool list_empty(const struct list_head *l) { return l->next == l; }
static inline void list_add(struct list_head *n, struct list_head *l)
{
	n->next = l->next;
	n->prev = l;
	l->next->prev = n;
	l->next = n;
}
static inline void list_del_init(struct list_head *n)
{
	n->next->prev = n->prev;
	n->prev->next = n->next;
	INIT_LIST_HEAD(n);
}
#define list_entry(p, type, member) container_of(p, type, member)
#define list_for_each_entry(pos, head, member) \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_safe(pos, n, head, member) \
	for (pos = list_entry((head)->next, __typeof__(*pos), member), \
	     n = list_entry(pos->member.next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = n, n = list_entry(n->member.next, __typeof__(*n), member))

/* ---- trees: sorted, not balanced ------------------------------------------------ */

struct rb_node { struct rb_node *rb_parent, *rb_left, *rb_right; };
struct rb_root { struct rb_node *rb_node; };
struct rb_root_cached { struct rb_root rb_root; struct rb_node *rb_leftmost; };
#define rb_entry(p, type, member) container_of(p, type, member)
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *n);
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *n);
void rb_erase_cached(struct rb_node *n, struct rb_root_cached *root);
#define rb_entry_safe(p, type, member) ({ struct rb_node *_p = (p); _p ? rb_entry(_p, type, member) : NULL; })
#define rbtree_postorder_for_each_entry_safe(pos, n, root, field) \
	for (pos = rb_entry_safe(rb_first_postorder(root), __typeof__(*pos), field); \
	     pos && ({ n = rb_entry_safe(rb_next_postorder(&pos->field), __typeof__(*pos), field); 1; }); \
	     pos = n)

/* The order in which overlapping ranges are found is the kernel's: by start. */
#define INTERVAL_TREE_DEFINE(S, RB, T, SUBTREE, START, LAST, STATIC, PREFIX) \
STATIC void PREFIX##_insert(S *x, struct rb_root_cached *root) \
{ \
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL; \
	bool left = true; \
	while (*link) { \
		parent = *link; \
		if (START(x) < START(rb_entry(parent, S, RB))) { link = &parent->rb_left; } \
		else { link = &parent->rb_right; left = false; } \
	} \
	x->RB = (struct rb_node){ .rb_parent = parent }; \
	*link = &x->RB; \
	if (left) root->rb_leftmost = &x->RB; \
} \
STATIC void PREFIX##_remove(S *x, struct rb_root_cached *root) { rb_erase_cached(&x->RB, root); } \
STATIC S *PREFIX##_find(struct rb_node *n, T start, T last) \
{ \
	for (; n; n = rb_next(n)) \
		if (START(rb_entry(n, S, RB)) <= last && LAST(rb_entry(n, S, RB)) >= start) \
			return rb_entry(n, S, RB); \
	return NULL; \
} \
STATIC S *PREFIX##_iter_first(struct rb_root_cached *root, T start, T last) \
{ return PREFIX##_find(rb_first(&root->rb_root), start, last); } \
STATIC S *PREFIX##_iter_next(S *x, T start, T last) { return PREFIX##_find(rb_next(&x->RB), start, last); }

/* ---- memory ------------------------------------------------------------------------ */

#define GFP_KERNEL	0
#define GFP_NOIO	0
/* What the runtime may hand to the driver (copies of strings) lies in kernel memory; what it keeps to itself does not. */
void *cases_kmalloc(size_t size);
void cases_kfree(const void *p);
#define kmalloc(size, flags)	cases_kmalloc(size)
#define kvmalloc(size, flags)	cases_kmalloc(size)
#define kzalloc(size, flags)	calloc(1, size)
#define kvcalloc(n, size, flags) calloc(n, size)
#define kfree(p)		cases_kfree(p)
#define kvfree(p)		cases_kfree(p)

/* Pages are there or not; what in them is nobody's holds noise (harness.c). */
long copy_from_kernel_nofault(void *to, const void *k, size_t size);

/* User memory is there: what the user half hands over is its own. */
#define u64_to_user_ptr(x)	((void *)(uintptr_t)(x))
static inline long copy_from_user(void *to, const void *u, size_t n) { memcpy(to, u, n); return 0; }
static inline long copy_to_user(void *u, const void *from, size_t n) { memcpy(u, from, n); return 0; }
static inline long strnlen_user(const char *u, long n) { size_t l = strnlen(u, n); return l < (size_t)n ? (long)l + 1 : n + 1; }
static inline char *strndup_user(const char *u, long n)
{
	size_t l = strnlen(u, n) + 1;
	char *text = cases_kmalloc(l);

	memcpy(text, u, l - 1);
	text[l - 1] = 0;
	return text;
}
static inline int kstrtoull(const char *text, unsigned base, u64 *value) { *value = strtoull(text, NULL, base); return 0; }

typedef struct { bool writable; } pte_t;
static inline pte_t *lookup_address(u64 k, unsigned int *level)
{
	static pte_t pte;

	pte.writable = cases_writable(k);
	return &pte;
}
#define pte_present(p)	true
#define pte_write(p)	((p).writable)

struct folio;
#define is_vmalloc_addr(p)	false
#define vmalloc_to_page(p)	NULL
#define virt_addr_valid(p)	false
#define virt_to_folio(p)	NULL
#define folio_test_slab(f)	((void)(f), false)
#define folio_test_large(f)	((void)(f), false)
#define folio_address(f)	NULL
#define folio_size(f)		0ul
#define ksize(p)		0ul

/* The user half's variables are "pinned": where they are, they are. */
#define FOLL_WRITE	0
#define FOLL_LONGTERM	0
#define VM_MAP		0
#define PAGE_KERNEL	0
struct page;
static inline int pin_user_pages_fast(u64 first, int n, int flags, struct page **pages)
{
	int i;

	for (i = 0; i < n; i++)
		pages[i] = (struct page *)(first + i * PAGE_SIZE);
	return n;
}
#define vmap(pages, n, flags, prot)	((void *)(pages)[0])
#define vunmap(p)			((void)(p))
#define unpin_user_pages_dirty_lock(p, n, d) ((void)(p))
#define sort_r(base, n, size, cmp, swap, priv) qsort_r(base, n, size, cases_compare_##cmp, (void *)(priv))
#define cases_compare_md_compare_address (int (*)(const void *, const void *, void *))md_compare_address
#define cases_compare_md_compare_user	 (int (*)(const void *, const void *, void *))md_compare_user

/* ---- device-managed memory ----------------------------------------------------------- */

struct device;
void *devres_alloc(void (*release)(struct device *, void *), size_t size, int flags);
void devres_add(struct device *dev, void *res);
int devres_destroy(struct device *dev, void (*release)(struct device *, void *),
		   int (*match)(struct device *, void *, void *), void *data);
#define get_device(d)	(d)
#define put_device(d)	((void)(d))

/* ---- only named -------------------------------------------------------------------------- */

struct work_struct { int unused; };
struct delayed_work { int unused; };
struct address_space { int unused; };
struct xarray { int unused; };
struct file_operations;
struct seq_file;
struct dentry;
struct pid;
struct mm_struct;
struct task_struct;
struct vm_area_struct;
struct file;
struct module;
#define PAGE_OFFSET		0ul
#define VMALLOC_START		0ul
#define VMALLOC_END		0ul
#define VMEMMAP_START		0ul
#define MODULES_END		0ul
#define __START_KERNEL_map	0ul

#endif
