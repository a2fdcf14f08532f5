// SPDX-License-Identifier: GPL-2.0-only
/* What the small kernel of the cases does beside handing out memory (harness.c): one thread, so nothing ever waits. */
#include <kernel.h>

extern void *cases_alloc(unsigned long size);
extern void *cases_coherent(size_t size);
extern bool cases_is_sliced(void);
extern struct device *cases_device(void);

/* What the kernel keeps, in each of the two worlds. */
static struct {
	struct device *device;
	const struct device_attribute *attribute;
	const struct file_operations *files;
	void *files_data;
	struct timer_list *timer;
	const void *lock_keys[8];
} kept[2];
#define KEPT kept[cases_is_sliced()]


void cases_lock_init(void *l, const void *key)
{
	int class = 0;

	while (KEPT.lock_keys[class] && KEPT.lock_keys[class] != key)
		class++;
	KEPT.lock_keys[class] = key;
	*(spinlock_t *)l = (spinlock_t) { .class = class };
}

extern int vsnprintf(char *text, size_t size, const char *format, __builtin_va_list list);

int sysfs_emit(char *buf, const char *format, ...)
{
	__builtin_va_list list;
	int n;

	__builtin_va_start(list, format);
	n = vsnprintf(buf, 4096, format, list);
	__builtin_va_end(list);
	return n;
}

void _raw_spin_lock(spinlock_t *l) { l->locked++; }
void _raw_spin_unlock(spinlock_t *l) { l->locked--; }
unsigned long _raw_spin_lock_irqsave(spinlock_t *l) { l->locked++; return 1; }
void _raw_spin_unlock_irqrestore(spinlock_t *l, unsigned long flags) { l->locked -= flags; }
void mutex_lock(struct mutex *m) { m->locked++; }
void mutex_unlock(struct mutex *m) { m->locked--; }
bool __list_del_entry_valid(struct list_head *n) { return n->next->prev == n && n->prev->next == n; }
void rcu_read_lock(void) { }
void rcu_read_unlock(void) { }
void synchronize_rcu(void) { }
void complete(struct completion *c) { c->done++; }
void wait_for_completion(struct completion *c) { c->done = 0; }
void cases_init_work(struct work_struct *w, void (*f)(struct work_struct *)) { w->data = 0; w->func = f; }
bool schedule_work(struct work_struct *w) { w->data++; w->func(w); return true; }
bool cancel_work_sync(struct work_struct *w) { bool was = w->data; w->data = 0; return was; }

/* ---- waiting: what is waited for happens now ---------------------------------------- */

void __wake_up(wait_queue_head_t *q, unsigned int mode, int n, void *key) { }
void prepare_to_wait_event(wait_queue_head_t *q, void *entry, int state) { memset(entry, krandom(), 8); }
void finish_wait(wait_queue_head_t *q, void *entry) { }
void schedule(void) { kernel_event(cases_device()); }

void add_timer(struct timer_list *t) { t->expires = 1; KEPT.timer = t; }

int del_timer_sync(struct timer_list *t)
{
	if (KEPT.timer != t)
		return 0;
	KEPT.timer = NULL;
	t->expires = 0;
	/* It is just running. */
	if (krandom() & 1)
		t->function(t);
	return 1;
}

struct task_struct { int (*f)(void *data); void *data; int turns; };

struct task_struct *kthread_create_on_node(int (*f)(void *), void *data, int node, const char *name, ...)
{
	struct task_struct *t;

	if (krandom() % 4 == 0)
		return ERR_PTR(-ENOMEM);
	t = cases_alloc(sizeof(*t));
	t->f = f;
	t->data = data;
	return t;
}

static struct task_struct *running;

int wake_up_process(struct task_struct *t) { t->turns = krandom() % 5; return 1; }
bool kthread_should_stop(void) { return running->turns-- <= 0; }

/* All that the thread does it does before it stops. */
int kthread_stop(struct task_struct *t)
{
	int r;

	running = t;
	r = t->f(t->data);
	kfree(t);
	return r;
}

/* ---- devices -------------------------------------------------------------------------- */

void outb(u8 value, u16 port) { printk("outb %x %x\n", value, port); }
u8 inb(u16 port) { u8 v = krandom(); printk("inb %x %x\n", v, port); return v; }

void *dma_alloc_attrs(struct device *d, size_t size, dma_addr_t *handle, gfp_t flags, unsigned long attrs)
{
	*handle = krandom();
	return krandom() % 8 ? cases_coherent(size) : NULL;
}

void dma_free_attrs(struct device *d, size_t size, void *p, dma_addr_t handle, unsigned long attrs) { kfree(p); }

/* One mapping at a time; the device writes to it until it ends. */
static struct { u8 *p; size_t size; } streaming[2];

dma_addr_t dma_map_single_attrs(struct device *d, void *p, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	streaming[cases_is_sliced()].p = p;
	streaming[cases_is_sliced()].size = size;
	return krandom();
}

void dma_unmap_single_attrs(struct device *d, dma_addr_t handle, size_t size, enum dma_data_direction dir, unsigned long attrs)
{
	size_t i;

	for (i = 0; dir != DMA_TO_DEVICE && i < size; i++)
		streaming[cases_is_sliced()].p[i] = krandom();
}

struct sk_buff *__netdev_alloc_skb(void *dev, unsigned int length, gfp_t flags)
{
	struct sk_buff *skb;

	if (krandom() % 8 == 0)
		return NULL;
	skb = cases_alloc(sizeof(*skb));
	skb->data = cases_alloc(length);
	skb->len = krandom() % length;
	refcount_set(&skb->users, 1);
	return skb;
}

void kfree_skb(struct sk_buff *skb) { kfree(skb->data); kfree(skb); }
int netif_rx(struct sk_buff *skb) { printk("received %u\n", skb->len); kfree_skb(skb); return 0; }

int request_firmware(const struct firmware **fw, const char *name, struct device *d)
{
	struct firmware *f;
	u8 *data;
	int i;

	printk("firmware %s\n", name);
	*fw = NULL;
	if (krandom() % 4 == 0)
		return -ENOENT;
	f = cases_alloc(sizeof(*f));
	f->size = krandom() % 20;
	f->data = data = cases_alloc(20);
	for (i = 0; i < 20; i++)
		data[i] = krandom();
	*fw = f;
	return 0;
}

void release_firmware(const struct firmware *fw)
{
	if (fw) {
		kfree(fw->data);
		kfree(fw);
	}
}

/* ---- files ----------------------------------------------------------------------------- */

int device_create_file(struct device *d, const struct device_attribute *a)
{
	KEPT.device = d;
	KEPT.attribute = a;
	return 0;
}

struct class *class_create(const char *name)
{
	return strcmp(name, "taken") ? kzalloc(sizeof(struct class), GFP_ATOMIC) : ERR_PTR(-EBUSY);
}

void class_destroy(struct class *c)
{
	printk("class destroyed: %d\n", IS_ERR(c) ? (int)PTR_ERR(c) : c->users);
	if (!IS_ERR(c))
		kfree(c);
}

struct dentry *debugfs_create_file(const char *name, u16 mode, struct dentry *dir, void *data, const struct file_operations *f)
{
	KEPT.files = f;
	KEPT.files_data = data;
	return NULL;
}

bool cases_has_files(void) { return kept[0].attribute; }

/* Somebody reads or writes one. */
unsigned long cases_files(unsigned long arg)
{
	struct device_attribute *a = (struct device_attribute *)KEPT.attribute;
	static u8 application[2][16];
	struct file file = { 0 };
	long long *pos;
	struct file *f;
	char *text;
	long r;

	if (arg % 3 == 0) {
		text = cases_alloc(4096);
		r = a->show(KEPT.device, a, text);
		printk("shown %s", text);
		return r;
	}
	if (arg % 3 == 1) {
		text = cases_alloc(8);
		snprintf(text, 8, "%u\n", krandom() % 1000);
		return a->store(KEPT.device, a, text, strlen(text));
	}
	f = cases_alloc(sizeof(*f));
	*f = file;
	f->private_data = KEPT.files_data;
	pos = cases_alloc(sizeof(*pos));
	r = KEPT.files->read(f, (char *)application[cases_is_sliced()], 16, pos);
	printk("read %02x%02x%02x%02x\n", application[cases_is_sliced()][0], application[cases_is_sliced()][1],
	       application[cases_is_sliced()][2], application[cases_is_sliced()][3]);
	return r;
}
