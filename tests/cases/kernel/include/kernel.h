/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small kernel for tests/cases: names, prototypes and shapes of Linux, as far as the cases use
 * them. ../specs and the repository's specs/ say what a prototype does not. What a case that
 * runs needs of it is defined in ../../run/harness.c.
 */
#ifndef CASES_KERNEL_H
#define CASES_KERNEL_H

typedef unsigned char u8, __u8;
typedef unsigned short u16, __u16;
typedef unsigned int u32, __u32;
typedef unsigned long long u64, __u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef unsigned long size_t;
typedef long ssize_t;
typedef _Bool bool;
typedef unsigned int gfp_t;
typedef u64 dma_addr_t;
#define true 1
#define false 0
#define NULL ((void *)0)

#define __user
#define __iomem
#define __force
#define __percpu
#define __rcu
#define __init
#define __exit
#define __ref
#define __used		__attribute__((used))
#define __always_inline	inline __attribute__((always_inline))
#define likely(x)	(x)
#define unlikely(x)	(x)
#define barrier()	__asm__ volatile("" ::: "memory")
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define offsetof(t, m)	__builtin_offsetof(t, m)
#define container_of(ptr, type, member) ({ void *__mptr = (void *)(ptr); ((type *)(__mptr - offsetof(type, member))); })
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define U64_MAX		(~0ull)

#define ENOENT		2
#define EIO		5
#define ENOMEM		12
#define EFAULT		14
#define EBUSY		16
#define ENODEV		19
#define EINVAL		22
#define MAX_ERRNO	4095
#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)
static inline void *ERR_PTR(long error) { return (void *)error; }
static inline long PTR_ERR(const void *p) { return (long)p; }
static inline bool IS_ERR(const void *p) { return IS_ERR_VALUE(p); }
static inline bool IS_ERR_OR_NULL(const void *p) { return !p || IS_ERR_VALUE(p); }

/* ---- modules ---------------------------------------------------------------- */

struct module { int unused; };
#define THIS_MODULE	((struct module *)0)
typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);
extern int init_module(void);
extern void cleanup_module(void);
#define module_init(f) \
	static inline initcall_t __inittest(void) { return f; } \
	int init_module(void) __attribute__((alias(#f))); \
	static void *__used __addressable_init_module = (void *)&init_module
#define module_exit(f) \
	static inline exitcall_t __exittest(void) { return f; } \
	void cleanup_module(void) __attribute__((alias(#f))); \
	static void *__used __addressable_cleanup_module = (void *)&cleanup_module
#define MODULE_LICENSE(x) struct cases_nothing
#define EXPORT_SYMBOL(x) static void *const __export_##x __used = (void *)&x
#define EXPORT_SYMBOL_GPL(x) EXPORT_SYMBOL(x)
struct kernel_param { const char *name; void *arg; };
#define module_param(name, type, perm) struct kernel_param __param_##name = { #name, &name }
#define DEFINE_PER_CPU(type, name) type name
#define this_cpu_inc(x)	((x)++)
#define this_cpu_dec(x)	((x)--)
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define smp_mb()	barrier()
#define IRQ_HANDLED	1

/* ---- the interface of the cases ------------------------------------------------ */

#include "kops.h"
extern void register_kops(const struct kops *ops);
extern u32 krandom(void);
extern int kernel_event(struct device *d);	/* an interrupt comes: the case's irq runs before it returns */
extern __attribute__((format(printf, 1, 2))) void printk(const char *format, ...);
static inline void *dev_get_drvdata(const struct device *d) { return d->driver_data; }
static inline void dev_set_drvdata(struct device *d, void *data) { d->driver_data = data; }

/* ---- memory --------------------------------------------------------------------- */

#define GFP_KERNEL	0
#define GFP_ATOMIC	1
extern void *kzalloc(size_t size, gfp_t flags);
extern void *__kmalloc(size_t size, gfp_t flags);
extern void kfree(const void *p);
extern void *devm_kmalloc(struct device *dev, size_t size, gfp_t flags);
extern void *memcpy(void *to, const void *from, size_t n);
extern void *memset(void *to, int c, size_t n);
extern int memcmp(const void *a, const void *b, size_t n);
extern size_t strlen(const char *s);
extern int strcmp(const char *a, const char *b);
extern int snprintf(char *buf, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
extern int sysfs_emit(char *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
extern unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n);
extern unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n);
#define copy_from_user(to, from, n) _copy_from_user(to, from, n)
#define copy_to_user(to, from, n) _copy_to_user(to, from, n)

/* ---- lists ------------------------------------------------------------------------ */

#define LIST_POISON1	((void *)0x100 + 0xdead000000000000ul)
#define LIST_POISON2	((void *)0x122 + 0xdead000000000000ul)
struct list_head { struct list_head *next, *prev; };
static inline void INIT_LIST_HEAD(struct list_head *l) { l->next = l; l->prev = l; }
static inline bool list_empty(const struct list_head *l) { return l->next == l; }
static inline void list_add_tail(struct list_head *n, struct list_head *l)
{
	n->prev = l->prev;
	n->next = l;
	l->prev->next = n;
	l->prev = n;
}
/* With CONFIG_DEBUG_LIST, as distributions have it: not local to the user half, so one downcall as a whole. */
extern bool __list_del_entry_valid(struct list_head *n);
static inline void list_del(struct list_head *n)
{
	if (!__list_del_entry_valid(n))
		return;
	n->next->prev = n->prev;
	n->prev->next = n->next;
	n->next = LIST_POISON1;
	n->prev = LIST_POISON2;
}
#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry(l, type, member) list_entry((l)->next, type, member)
#define list_for_each_entry(pos, head, member) \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* ---- locks and the like ------------------------------------------------------------- */

/* Which place initialised it, counted as they come: two locks of one place are of one class. */
typedef struct { int locked, class; } spinlock_t;
struct mutex { int locked, class; };
extern void _raw_spin_lock(spinlock_t *l);
extern void _raw_spin_unlock(spinlock_t *l);
extern unsigned long _raw_spin_lock_irqsave(spinlock_t *l);
extern void _raw_spin_unlock_irqrestore(spinlock_t *l, unsigned long flags);
extern void mutex_lock(struct mutex *m);
extern void mutex_unlock(struct mutex *m);
extern void cases_lock_init(void *l, const void *key);
#define CASES_LOCK_INIT(l) do { static const char key; cases_lock_init(l, &key); } while (0)
#define spin_lock(l)	_raw_spin_lock(l)
#define spin_unlock(l)	_raw_spin_unlock(l)
#define spin_lock_irqsave(l, flags) do { flags = _raw_spin_lock_irqsave(l); } while (0)
#define spin_unlock_irqrestore(l, flags) _raw_spin_unlock_irqrestore(l, flags)
#define spin_lock_init(l) CASES_LOCK_INIT(l)
#define mutex_init(m)	CASES_LOCK_INIT(m)
extern void rcu_read_lock(void);
extern void rcu_read_unlock(void);
extern void synchronize_rcu(void);
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)

static inline void set_bit(long nr, volatile unsigned long *addr)
{
	__asm__ volatile("lock; btsq %1,%0" : "+m" (*addr) : "Ir" (nr) : "memory");
}
static inline void clear_bit(long nr, volatile unsigned long *addr)
{
	__asm__ volatile("lock; btrq %1,%0" : "+m" (*addr) : "Ir" (nr) : "memory");
}
static inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return 1 & (addr[nr >> 6] >> (nr & 63));
}
typedef struct { int counter; } atomic_t;
static inline int atomic_read(const atomic_t *v) { return READ_ONCE(v->counter); }
static inline void atomic_set(atomic_t *v, int i) { WRITE_ONCE(v->counter, i); }
static inline void atomic_inc(atomic_t *v) { __asm__ volatile("lock; incl %0" : "+m" (v->counter) :: "memory"); }
static inline bool atomic_dec_and_test(atomic_t *v)
{
	bool zero;

	__asm__ volatile("lock; decl %0; sete %1" : "+m" (v->counter), "=qm" (zero) :: "memory");
	return zero;
}
typedef struct { atomic_t refs; } refcount_t;
static inline void refcount_set(refcount_t *r, int n) { atomic_set(&r->refs, n); }
static inline int refcount_read(const refcount_t *r) { return atomic_read(&r->refs); }
static inline void refcount_inc(refcount_t *r) { atomic_inc(&r->refs); }
static inline bool refcount_dec_and_test(refcount_t *r) { return atomic_dec_and_test(&r->refs); }

struct completion { unsigned int done; };
struct wait_queue_head { struct list_head head; };
typedef struct wait_queue_head wait_queue_head_t;
extern void complete(struct completion *c);
extern void wait_for_completion(struct completion *c);
static inline void init_completion(struct completion *c) { c->done = 0; }
extern void __wake_up(wait_queue_head_t *q, unsigned int mode, int n, void *key);
#define wake_up(q)	__wake_up(q, 3, 1, NULL)
struct task_struct;
extern void prepare_to_wait_event(wait_queue_head_t *q, void *entry, int state);
extern void finish_wait(wait_queue_head_t *q, void *entry);
extern void schedule(void);
struct work_struct { unsigned long data; struct list_head entry; void (*func)(struct work_struct *work); };
struct timer_list { struct list_head entry; unsigned long expires; void (*function)(struct timer_list *t); };
extern void cases_init_work(struct work_struct *w, void (*f)(struct work_struct *));
#define INIT_WORK(w, f) cases_init_work(w, f)
extern bool schedule_work(struct work_struct *w);
extern bool cancel_work_sync(struct work_struct *w);
extern void add_timer(struct timer_list *t);
extern int del_timer_sync(struct timer_list *t);
extern struct task_struct *kthread_create_on_node(int (*f)(void *), void *data, int node, const char *name, ...) __attribute__((format(printf, 4, 5)));
extern int wake_up_process(struct task_struct *t);
extern int kthread_stop(struct task_struct *t);
extern bool kthread_should_stop(void);

/* ---- devices --------------------------------------------------------------------------- */

enum dma_data_direction { DMA_BIDIRECTIONAL, DMA_TO_DEVICE, DMA_FROM_DEVICE };
extern void *dma_alloc_attrs(struct device *d, size_t size, dma_addr_t *handle, gfp_t flags, unsigned long attrs);
extern void dma_free_attrs(struct device *d, size_t size, void *p, dma_addr_t handle, unsigned long attrs);
#define dma_alloc_coherent(d, size, handle, flags) dma_alloc_attrs(d, size, handle, flags, 0)
#define dma_free_coherent(d, size, p, handle) dma_free_attrs(d, size, p, handle, 0)
#define DMA_MAPPING_ERROR (~(dma_addr_t)0)
extern dma_addr_t dma_map_single_attrs(struct device *d, void *p, size_t size, enum dma_data_direction dir, unsigned long attrs);
extern void dma_unmap_single_attrs(struct device *d, dma_addr_t handle, size_t size, enum dma_data_direction dir, unsigned long attrs);
#ifdef CASES_RUN	/* a process has no ports: ../../run/kernel.c */
extern void outb(u8 value, u16 port);
extern u8 inb(u16 port);
#else
static inline void outb(u8 value, u16 port) { __asm__ volatile("outb %0, %1" :: "a" (value), "Nd" (port)); }
static inline u8 inb(u16 port) { u8 v; __asm__ volatile("inb %1, %0" : "=a" (v) : "Nd" (port)); return v; }
#endif
extern void *ioremap(u64 start, size_t size);
extern void iounmap(volatile void *p);
struct sk_buff { struct sk_buff *next; unsigned int len, data_len; u8 *data; refcount_t users; };
static inline void skb_orphan(struct sk_buff *skb) { (void)skb; }
extern struct sk_buff *__netdev_alloc_skb(void *dev, unsigned int length, gfp_t flags);
extern void kfree_skb(struct sk_buff *skb);
extern int netif_rx(struct sk_buff *skb);
struct firmware { size_t size; const u8 *data; void *priv; };
extern int request_firmware(const struct firmware **fw, const char *name, struct device *d);
extern void release_firmware(const struct firmware *fw);
struct attribute { const char *name; u16 mode; };
struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *d, struct device_attribute *a, char *buf);
	ssize_t (*store)(struct device *d, struct device_attribute *a, const char *buf, size_t count);
};
extern int device_create_file(struct device *d, const struct device_attribute *a);
struct file { void *private_data; };
struct inode;
struct file_operations {
	int (*open)(struct inode *i, struct file *f);
	ssize_t (*read)(struct file *f, char __user *buf, size_t n, long long *pos);
};
struct class { int users; };
extern struct class *class_create(const char *name);
extern void class_destroy(struct class *c);
struct dentry;
extern struct dentry *debugfs_create_file(const char *name, u16 mode, struct dentry *dir, void *data, const struct file_operations *f);

#endif
