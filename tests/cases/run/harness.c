// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a case twice and compares: the original driver in one address space, and its two
 * halves with the runtime's own interpreter between them.
 *
 *   harness NATIVE.so KERNEL.so USER.so FIRST LAST	seeds; exit 0: equal
 *
 * Each of the two *worlds* has an arena for what its kernel allocates; the same requests come in
 * the same order, so an object has the same place in both, and two pointers are equal if
 * their places are. Between two activations all mirrors are filled with noise: what a plan
 * does not bring the user half cannot know.
 *
 * Fields are named by the table that the case's records were written to (cases_fields).
 */
#include "md_runtime.h"
#include <dlfcn.h>
#include <link.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <sanitizer/asan_interface.h>
#include "kops.h"
/* The user half's own function of that name. */
#define md_downcall md_user_downcall
#include "md_user.h"
#undef md_downcall

#define ARENA		(4ul << 20)
#define HEAP		(1ul << 20)	/* behind it: copies of strings that the runtime keeps */
#define STEPS		40
#define LOG		(64 << 10)
#define ALLOCS		4096

struct world {
	const char *name;
	void *image;
	int memory;
	char *arena;
	size_t used;
	struct { size_t at, size; bool live, managed; } allocs[ALLOCS];
	int alloc_count;
	const struct kops *ops;
	struct device *device;
	unsigned int random;
	char log[LOG];
	size_t logged;
	u64 image_start, image_end;
};

static struct world native = { .name = "native" }, sliced = { .name = "sliced" };
static struct world *world;
static const char *user_path;
static unsigned int seed, step, noise;
static const char *doing = "init";
static int reported;

void cases_fail(const char *format, ...)
{
	va_list list;

	printf("seed %u step %u (%s): ", seed, step, doing);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	putchar('\n');
	fflush(stdout);
	_exit(1);
}

/* ---- memory ------------------------------------------------------------------ */

static bool in_arena(const struct world *w, u64 k)
{
	return k - (u64)w->arena < ARENA;
}

static bool in_image(const struct world *w, u64 k)
{
	return k - w->image_start < w->image_end - w->image_start;
}

bool cases_kernels(u64 k)
{
	return k - (u64)sliced.arena < ARENA + HEAP || in_image(&sliced, k);
}

long copy_from_kernel_nofault(void *to, const void *k, size_t size)
{
	char *t = to;
	size_t i;

	if (!cases_kernels((u64)k) || !cases_kernels((u64)k + size - 1))
		return -EFAULT;
	if (!__asan_region_is_poisoned((void *)k, size)) {
		memcpy(to, k, size);
		return 0;
	}
	for (i = 0; i < size; i++)
		t[i] = __asan_address_is_poisoned((char *)k + i) ? 0x80 | (noise = noise * 1664525 + 1013904223) >> 24 : ((char *)k)[i];
	return 0;
}

static int is_written(struct dl_phdr_info *info, size_t size, void *data)
{
	u64 k = *(u64 *)data;
	int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && k - (info->dlpi_addr + p->p_vaddr) < p->p_memsz)
			return p->p_flags & PF_W ? 1 : 2;
	}
	return 0;
}

bool cases_writable(u64 k)
{
	return k - (u64)sliced.arena < ARENA || (in_image(&sliced, k) && dl_iterate_phdr(is_written, &k) == 1);
}

static char *heap;

void *cases_kmalloc(size_t size)
{
	void *p = heap;

	size = (size + 15) & ~15ul;
	heap += size;
	if (heap > sliced.arena + ARENA + HEAP)
		cases_fail("the runtime keeps too many copies");
	return p;
}

void cases_kfree(const void *p)
{
	if ((u64)p - (u64)sliced.arena >= ARENA + HEAP)
		free((void *)p);
}

static char *mirror[2], *twin[2];	/* of the arena with its heap, and of the image */
static u64 coherent[64];		/* pages of the arena */
static int coherent_pages;

static bool is_coherent(u64 k, u64 size)
{
	u64 page = round_down(k, PAGE_SIZE);
	int i;

	for (i = 0; i < coherent_pages; i++)
		if (coherent[i] == page)
			return PAGE_ALIGN(k + size) <= page + PAGE_SIZE || is_coherent(page + PAGE_SIZE, k + size - page - PAGE_SIZE);
	return false;
}

static void map_coherent(u64 at, u64 size)
{
	u64 page;

	if (mmap(mirror[0] + at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, sliced.memory, at) == MAP_FAILED)
		cases_fail("no memory");
	for (page = at; page < at + size; page += PAGE_SIZE) {
		if (coherent_pages == ARRAY_SIZE(coherent))
			cases_fail("too many coherent pages");
		coherent[coherent_pages++] = (u64)sliced.arena + page;
	}
}

/* Never used twice: what is freed stays poisoned. */
static void *allocate(size_t size)
{
	struct world *w = world;
	char *p = w->arena + w->used;

	if (w->alloc_count == ALLOCS || w->used + size + 64 > ARENA)
		cases_fail("%s: the arena is full", w->name);
	w->allocs[w->alloc_count].at = w->used;
	w->allocs[w->alloc_count].size = size;
	w->allocs[w->alloc_count++].live = true;
	w->used += (size + 47) & ~15ul;	/* at least 32 bytes apart */
	__asan_unpoison_memory_region(p, size);
	memset(p, 0, size);
	return p;
}

/* Whole pages of their own. */
void *cases_coherent(size_t size)
{
	struct world *w = world;
	size_t at = PAGE_ALIGN(w->used);

	w->used = at;
	allocate(PAGE_ALIGN(size));
	w->used = PAGE_ALIGN(w->used);
	if (w == &sliced)
		map_coherent(at, PAGE_ALIGN(size));
	return w->arena + at;
}

static int allocation(const struct world *w, u64 k)
{
	int i;

	for (i = 0; i < w->alloc_count; i++)
		if (k - (u64)w->arena - w->allocs[i].at < max(w->allocs[i].size, 1ul))
			return i;
	return -1;
}

/* ---- the kernel that both worlds have -------------------------------------------- */

/* For kernel.c. */
void *cases_alloc(unsigned long size) { return allocate(size); }
bool cases_is_sliced(void) { return world == &sliced; }
struct device *cases_device(void) { return world->device; }

void *(kzalloc)(unsigned long size, unsigned int flags) { return allocate(size); }
void *__kmalloc(unsigned long size, unsigned int flags) { return allocate(size); }

void (kfree)(const void *p)
{
	int i;

	if (!p)
		return;
	i = in_arena(world, (u64)p) ? allocation(world, (u64)p) : -1;
	if (i < 0 || !world->allocs[i].live || (char *)p != world->arena + world->allocs[i].at)
		cases_fail("%s: kfree of what is no allocation", world->name);
	world->allocs[i].live = false;
	__asan_poison_memory_region(p, world->allocs[i].size);
}

unsigned int krandom(void)
{
	world->random = world->random * 1103515245 + 12345;
	return world->random >> 8;
}

void register_kops(const struct kops *ops) { world->ops = ops; }

void printk(const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(world->log + world->logged, LOG - world->logged, format, list);
	va_end(list);
	world->logged = min(world->logged + n, (size_t)LOG - 1);
}

/* The kernel half runs while the user half waits in this call. */
int kernel_event(struct device *d)
{
	return world->ops->irq ? world->ops->irq(d, krandom() % 16) : 0;
}

unsigned long _copy_from_user(void *to, const void *from, unsigned long n) { memcpy(to, from, n); return 0; }
unsigned long _copy_to_user(void *to, const void *from, unsigned long n) { memcpy(to, from, n); return 0; }

struct devres { struct devres *next; void (*release)(struct device *, void *); char data[]; };
static struct devres *managed;

void *devres_alloc(void (*release)(struct device *, void *), size_t size, int flags)
{
	struct devres *r = calloc(1, sizeof(*r) + size);

	r->release = release;
	return r->data;
}

void devres_add(struct device *dev, void *res)
{
	struct devres *r = container_of(res, struct devres, data);

	r->next = managed;
	managed = r;
}

int devres_destroy(struct device *dev, void (*release)(struct device *, void *),
		   int (*match)(struct device *, void *, void *), void *data)
{
	struct devres **link, *r;

	for (link = &managed; (r = *link); link = &r->next) {
		if (r->release == release && match(dev, r->data, data)) {
			*link = r->next;
			free(r);
			return 0;
		}
	}
	return -ENOENT;
}

void *devm_kmalloc(struct device *dev, unsigned long size, unsigned int flags)
{
	void *p = allocate(size);

	world->allocs[world->alloc_count - 1].managed = true;
	return p;
}

/* ---- trees, for the shim -------------------------------------------------------------- */

static struct rb_node *leftmost(struct rb_node *n)
{
	while (n && n->rb_left)
		n = n->rb_left;
	return n;
}

struct rb_node *rb_first(const struct rb_root *root) { return leftmost(root->rb_node); }

struct rb_node *rb_next(const struct rb_node *n)
{
	if (n->rb_right)
		return leftmost(n->rb_right);
	while (n->rb_parent && n == n->rb_parent->rb_right)
		n = n->rb_parent;
	return n->rb_parent;
}

static struct rb_node *deepest(struct rb_node *n)
{
	while (n && (n->rb_left || n->rb_right))
		n = n->rb_left ? n->rb_left : n->rb_right;
	return n;
}

struct rb_node *rb_first_postorder(const struct rb_root *root) { return deepest(root->rb_node); }

struct rb_node *rb_next_postorder(const struct rb_node *n)
{
	struct rb_node *parent = n->rb_parent;

	return parent && n == parent->rb_left && parent->rb_right ? deepest(parent->rb_right) : parent;
}

static void replace(struct rb_root *root, struct rb_node *old, struct rb_node *new)
{
	if (!old->rb_parent)
		root->rb_node = new;
	else if (old->rb_parent->rb_left == old)
		old->rb_parent->rb_left = new;
	else
		old->rb_parent->rb_right = new;
	if (new)
		new->rb_parent = old->rb_parent;
}

void rb_erase_cached(struct rb_node *n, struct rb_root_cached *root)
{
	struct rb_node *next;

	if (!n->rb_left || !n->rb_right) {
		replace(&root->rb_root, n, n->rb_left ? n->rb_left : n->rb_right);
	} else {
		next = leftmost(n->rb_right);
		if (next->rb_parent != n) {
			replace(&root->rb_root, next, next->rb_right);
			next->rb_right = n->rb_right;
			next->rb_right->rb_parent = next;
		}
		replace(&root->rb_root, n, next);
		next->rb_left = n->rb_left;
		next->rb_left->rb_parent = next;
	}
	root->rb_leftmost = rb_first(&root->rb_root);
}

/* ---- the rest of the runtime --------------------------------------------------------- */

static struct md_driver driver;
static struct md_session session;
static const struct md_user_entry **entries;
static struct md_activation *running;
static u64 activations;
static u64 window_size[2];
static const int window_of[2] = { MD_WIN_DIRECT, MD_WIN_IMAGE };

/* Never a plausible pointer, never zero for long. */
static void fill(int w, u64 from, u64 size)
{
	u64 i;

	for (i = from; i < from + size; i++) {
		noise = noise * 1664525 + 1013904223;
		mirror[w][i] = noise >> 24 | 0x80;
	}
	memcpy(twin[w] + from, mirror[w] + from, size);
}

static bool page_used[2][(ARENA + HEAP) / 4096 + 4096];

struct md_page *md_page_get(struct md_session *s, u64 k, bool create)
{
	static struct md_page pages[64];	/* read by the caller at once */
	static int next;
	struct md_page *page = &pages[next++ % 64];
	int w = in_image(&sliced, k) ? 1 : 0;
	u64 offset = round_down(k, PAGE_SIZE) - md_windows[window_of[w]].base;

	if (offset >= md_windows[window_of[w]].size)
		cases_fail("the runtime asks for a mirror of %llx", k);
	if (!page_used[w][offset >> PAGE_SHIFT]) {
		if (!create)
			return NULL;
		page_used[w][offset >> PAGE_SHIFT] = true;
		fill(w, offset, PAGE_SIZE);
	}
	page->address = round_down(k, PAGE_SIZE);
	page->mirror = mirror[w] + offset;
	page->twin = twin[w] + offset;
	return page;
}

static void forget_mirrors(void)
{
	u64 i;
	int w;

	for (w = 0; w < 2; w++)
		for (i = 0; i < window_size[w] >> PAGE_SHIFT; i++)
			if (page_used[w][i])
				fill(w, i << PAGE_SHIFT, PAGE_SIZE);
}

void md_scrub(struct md_session *s, u64 k, u64 size)
{
	int w = in_image(&sliced, k) ? 1 : 0;
	u64 i, offset = k - md_windows[window_of[w]].base;

	for (i = offset; i < offset + size; i++)
		if (page_used[w][i >> PAGE_SHIFT])
			fill(w, i, 1);
}

void md_pages_drop(struct md_session *s, u64 k, u64 size) { md_scrub(s, k, size); }
void md_pages_trim(struct md_session *s) { }
bool md_is_mapped(struct md_driver *d, u64 k) { return is_coherent(k, 1); }
bool md_mappable(u64 k, u64 size) { return is_coherent(k, size); }
void md_revoke_settled(struct md_session *s, u64 k, u64 size) { }
int md_mmio_add(struct md_driver *d, u64 k, u64 size, struct device *dev) { return -ENODEV; }
bool md_mmio_covers(struct md_driver *d, u64 k) { return false; }
bool md_mmio_end(struct md_driver *d, u64 k) { return false; }
int md_mmio_access(struct md_driver *d, bool write, u64 k, u64 size, u64 *value) { return -ENODEV; }
void md_gate_publish(struct md_driver *d, const struct md_chain *chain) { }
int md_gate_close(struct md_activation *act, u64 context) { return 0; }
int md_gate_open(struct md_activation *act, u64 context) { return 0; }
bool md_gate_mask_irq(struct md_gate *gate, int irq) { return false; }
void md_defer_release(struct md_driver *d, const struct md_chain *chain, u64 k, u64 size) { }
void md_releases(struct md_activation *act) { }
u64 md_instance_size(struct md_driver *d, const struct md_plan *p) { return 0; }
bool md_chain_salvages(const struct md_chain *chain) { return false; }
bool md_late_is(struct md_driver *d, u64 k) { return false; }
void md_pending_end(struct md_call *c) { }
bool md_is_device_memory(u64 physical, u64 size) { return true; }
void md_late_forget(struct md_driver *d, u64 k, u64 size) { }
bool md_shadow_brought(struct md_activation *act, u64 u, u64 size) { return true; }
struct md_session *md_driver_current(struct md_driver *d) { return &session; }
void md_driver_put(struct md_driver *d) { }
void md_session_release(struct kref *kref) { }
void md_call_begin(struct md_call *c) { }
void md_call_end(struct md_call *c) { }
void md_call_ship(struct md_call *c, void (*fn)(u64 *v), u64 *v) { fn(v); }
void md_locking(struct md_call *c, u32 release, u64 key) { }
void md_locked(struct md_call *c, u32 release, u64 key) { }
void md_unlocking(struct md_call *c, u32 release, u64 key) { }
void md_acquired(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2) { }
void md_acquiring(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2) { }
bool md_releasing(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2) { return true; }
void md_holds(struct md_call *c, u32 release, u32 count, const u64 *key) { }
/* Nobody dies, and one thread works on everything. */
bool md_once(struct md_call *c) { return true; }
void md_once_of(struct md_call *c, const void *bytes, size_t size) { }
u64 md_answer(struct md_call *c, u64 value) { return value; }
void md_journal_cut(struct md_call *c) { }
void md_journal_fresh(struct md_call *c, u64 k, u64 size) { }
void md_busy_begin(struct md_call *c) { }
void md_busy_end(struct md_call *c) { }
bool md_busy_wait(struct md_driver *d, u64 k, u64 size) { return true; }
bool md_chain_atomic(const struct md_chain *chain) { return false; }

void md_session_fail(struct md_session *s, const char *why, ...)
{
	char text[400];
	va_list list;

	va_start(list, why);
	vsnprintf(text, sizeof(text), why, list);
	va_end(list);
	cases_fail("the user half %s", text);
}

void md_fail_sync(struct md_session *s, struct md_activation *act, int err)
{
	const char *type = act->bad_type < driver.m->type_count ? driver.m->types[act->bad_type].name : "?";

	cases_fail("sync failed in %s: %d, %s + %u", act->plan->name, err, type, act->bad_offset);
}

unsigned long cases_downcall(unsigned int id, unsigned int count, const unsigned long *args, unsigned int site);
unsigned long cases_downcall(unsigned int id, unsigned int count, const unsigned long *args, unsigned int site)
{
	struct md_frame f = { .kind = MD_DOWNCALL, .id = id, .site = site };
	struct md_activation *act = running;
	int err;
	u32 i;

	for (i = 0; i < count; i++)
		f.arg[i] = args[i];
	err = md_downcall(&session, act, &f);
	if (err)
		cases_fail("downcall %u: %d", id, err);
	running = act;
	return f.value;
}

int md_upcall(struct md_module *m, u32 plan, const u64 *args, u64 *result)
{
	typedef u64 (*function)(u64, u64, u64, u64, u64, u64);
	struct md_activation *act = running ? calloc(1, sizeof(*act)) : &session.own, *outer = running;
	struct md_chain chain = { .parent = outer ? outer->chain : NULL };
	u64 value, *a;
	u32 i;
	int err;

	memset(act, 0, offsetof(struct md_activation, args));
	INIT_LIST_HEAD(&act->node);
	INIT_LIST_HEAD(&act->exposed);
	act->chain = &chain;
	act->driver = &driver;
	act->session = &session;
	act->plan = &m->plans[plan];
	act->plan_id = plan;
	act->id = ++activations;
	for (i = 0; i < act->plan->param_count + act->plan->hidden_count; i++)
		act->args[i] = args[i];
	err = md_sync_begin(act);
	if (err)
		cases_fail("sync before %s: %d", act->plan->name, err);
	running = act;
	a = act->user_args;
	value = ((function)entries[plan]->function)(a[0], a[1], a[2], a[3], a[4], a[5]);
	if (md_sync_end(act, value, result))
		md_fail_sync(&session, act, -EFAULT);
	md_activation_retire(act);
	running = outer;
	if (outer)
		free(act);
	else
		forget_mirrors();
	return 0;
}

static void attach_user(void)
{
	void *half = dlopen(user_path, RTLD_NOW | RTLD_LOCAL);
	const struct md_user_tables *t = half ? dlsym(half, "md_user_tables") : NULL;
	struct md_user_symbol *symbols;
	u32 i, j;

	if (!t)
		cases_fail("%s", dlerror());
	symbols = calloc(t->symbol_count + 1, sizeof(*symbols));
	entries = calloc(t->plan_count + 1, sizeof(*entries));
	for (i = 0; i < t->unit_count; i++) {
		const struct md_user_unit *u = t->units[i];

		for (j = 0; j < u->symbol_count; j++) {
			symbols[u->symbol_first + j].address = (u64)u->symbols[j].address;
			symbols[u->symbol_first + j].size = u->symbols[j].size;
		}
		for (j = 0; j < u->entry_count; j++)
			entries[u->entries[j].plan] = &u->entries[j];
	}
	if (t->symbol_count != driver.m->symbol_count || md_symbols_check(&session, &driver, symbols))
		cases_fail("the halves have different symbols");
	free(symbols);
}

int md_attach(struct md_module *m)
{
	int w;

	driver.m = m;
	INIT_LIST_HEAD(&driver.mmio);
	INIT_LIST_HEAD(&driver.undo);
	INIT_LIST_HEAD(&driver.interned);
	INIT_LIST_HEAD(&session.activations);
	session.driver = &driver;
	driver.session = &session;
	if (md_tables_build(&driver))
		cases_fail("the tables are not accepted");
	md_windows[MD_WIN_DIRECT].base = (u64)sliced.arena;
	md_windows[MD_WIN_DIRECT].size = ARENA + HEAP;
	md_windows[MD_WIN_IMAGE].base = sliced.image_start;
	md_windows[MD_WIN_IMAGE].size = sliced.image_end - sliced.image_start;
	for (w = 0; w < 2; w++) {
		window_size[w] = md_windows[window_of[w]].size;
		mirror[w] = mmap(NULL, window_size[w], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		twin[w] = mmap(NULL, window_size[w], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		session.window[window_of[w]] = (u64)mirror[w];
	}
	attach_user();
	return 0;
}

void md_detach(struct md_module *m) { }

/* ---- comparing ------------------------------------------------------------------------- */

struct cases_symbol { const char *name; const void *address; unsigned long size; };

static const struct cases_symbol *native_symbols[16];	/* a table per unit */
static int native_units;

static const struct md_symbol *symbol_named(const char *name)
{
	u32 i;

	for (i = 0; i < driver.m->symbol_count; i++)
		if (!strcmp(driver.symbols[i]->name, name))
			return driver.symbols[i];
	return NULL;
}

/* Do both words say the same, each in its world? */
static bool same(u64 n, u64 k)
{
	const struct cases_symbol *s;
	const struct md_symbol *m;
	int i;

	if (n == k)
		return true;
	if (in_arena(&native, n) && in_arena(&sliced, k))
		return n - (u64)native.arena == k - (u64)sliced.arena;
	for (i = 0; i < native_units; i++)
		for (s = native_symbols[i]; s->name; s++)
			if (n - (u64)s->address < max(s->size, 1ul) && (m = symbol_named(s->name)))
				return k == (u64)m->address + (n - (u64)s->address);
	/* Text: in the image, or the runtime's copy. */
	if (in_image(&native, n) && cases_kernels(k))
		return !strncmp((char *)n, (char *)k, 200);
	return false;
}

static const struct cases_field { const char *record, *name; unsigned int size, offset, bytes; } *fields;

static void name_fields(u64 size, u64 offset)
{
	const struct cases_field *f;

	for (f = fields; f && f->record; f++)
		if (f->size == size && offset < f->offset + f->bytes && offset + 8 > f->offset)
			printf("    perhaps %s.%s\n", f->record, f->name);
}

static void differ(const char *where, u64 size, u64 offset, u64 n, u64 k)
{
	reported++;
	printf("seed %u step %u (%s): %s + %llu: %llx natively, %llx sliced\n", seed, step, doing, where, offset, n, k);
	name_fields(size, offset);
}

static void compare_bytes(const char *where, const char *n, const char *k, u64 size)
{
	u64 i, unit, x, y;

	for (i = 0; i < size; i += unit) {
		unit = min(8ull, size - i);
		x = y = 0;
		memcpy(&x, n + i, unit);
		memcpy(&y, k + i, unit);
		if (!same(x, y))
			differ(where, size, i, x, y);
	}
}

static void compare(void)
{
	const struct cases_symbol *s;
	const struct md_symbol *m;
	char where[80];
	int i;

	if (native.alloc_count != sliced.alloc_count)
		cases_fail("%d allocations natively, %d sliced", native.alloc_count, sliced.alloc_count);
	for (i = 0; i < native.alloc_count; i++) {
		if (native.allocs[i].live != sliced.allocs[i].live || native.allocs[i].size != sliced.allocs[i].size)
			cases_fail("allocation %d lives in one world, or is of another size", i);
		if (!native.allocs[i].live)
			continue;
		snprintf(where, sizeof(where), "allocation %d of %zu bytes", i, native.allocs[i].size);
		compare_bytes(where, native.arena + native.allocs[i].at, sliced.arena + sliced.allocs[i].at, native.allocs[i].size);
	}
	for (i = 0; i < native_units; i++)
		for (s = native_symbols[i]; s->name; s++)
			if (s->size && (m = symbol_named(s->name)) && m->kind == MD_SYM_DATA && m->size == s->size)
				compare_bytes(s->name, s->address, m->address, s->size);
	if (strcmp(native.log, sliced.log))
		cases_fail("the logs differ:\n%s----\n%s", native.log, sliced.log);
	if (reported) {
		fflush(stdout);
		_exit(1);
	}
}

/* ---- driving ------------------------------------------------------------------------------- */

static int find_image(struct dl_phdr_info *info, size_t size, void *data)
{
	struct world *w = data;
	int i;

	if (strcmp(info->dlpi_name, w->name))
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD)
			continue;
		w->image_start = min(w->image_start, round_down(info->dlpi_addr + p->p_vaddr, PAGE_SIZE));
		w->image_end = max(w->image_end, round_up((u64)info->dlpi_addr + p->p_vaddr + p->p_memsz, PAGE_SIZE));
	}
	return 1;
}

static void load(struct world *w, const char *path)
{
	const char *name = w->name;

	w->image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!w->image)
		cases_fail("%s", dlerror());
	w->name = path;
	w->image_start = U64_MAX;
	dl_iterate_phdr(find_image, w);
	w->name = name;
}

/* In the child, for it is shared memory: what is coherent is mapped a second time, at its place in the mirror. */
static void give_arena(struct world *w)
{
	w->memory = memfd_create(w->name, 0);
	if (w->memory < 0 || ftruncate(w->memory, ARENA + HEAP))
		cases_fail("no memory");
	w->arena = mmap(NULL, ARENA + HEAP, PROT_READ | PROT_WRITE, MAP_SHARED, w->memory, 0);
	if (w->arena == MAP_FAILED)
		cases_fail("no memory");
	w->used = 64;
	heap = w->arena + ARENA;
	__asan_poison_memory_region(w->arena, ARENA);
}

static u64 both(u64 (*f)(struct world *w, u64 arg), u64 arg)
{
	u64 n, k;

	world = &native;
	n = f(world, arg);
	world = &sliced;
	k = f(world, arg);
	if (!same(n, k))
		cases_fail("result %llx natively, %llx sliced", n, k);
	return n;
}

static u64 call_init(struct world *w, u64 arg)
{
	int (*init)(void) = dlsym(w->image, "init_module");

	w->device = allocate(sizeof(*w->device));
	w->device->id = 7;
	if (!init)
		cases_fail("%s has no init_module", w->name);
	return init();
}

static u64 call_build(struct world *w, u64 arg) { return w->ops->build ? w->ops->build(w->device) : 0; }
static u64 call_irq(struct world *w, u64 arg) { return w->ops->irq(w->device, arg); }
static u64 call_open(struct world *w, u64 arg) { return w->ops->open(w->device); }
static u64 call_step(struct world *w, u64 arg) { return w->ops->step(w->device, arg); }
static u64 call_close(struct world *w, u64 arg) { return w->ops->close(w->device), 0; }

/* What is managed ends with the device: the runtime's own are of the sliced world. */
static u64 call_unbind(struct world *w, u64 arg)
{
	struct devres *r;
	int i;

	while (w == &sliced && (r = managed)) {
		managed = r->next;
		r->release(w->device, r->data);
		free(r);
	}
	for (i = 0; i < w->alloc_count; i++)
		if (w->allocs[i].managed)
			(kfree)(w->arena + w->allocs[i].at);
	return 0;
}

static u64 call_ioctl(struct world *w, u64 arg)
{
	static struct { u64 words[8]; } memory[2];
	u64 *words = memory[w == &sliced].words, value;
	int i;

	for (i = 0; i < 8; i++)
		words[i] = arg * (i + 3);
	value = w->ops->ioctl(w->device, arg & 3, (unsigned long)words);
	if (w == &sliced)
		compare_bytes("the application's memory", (char *)memory[0].words, (char *)words, sizeof(memory[0]));
	return value;
}

static u64 call_show(struct world *w, u64 arg)
{
	return w->ops->show(w->device, allocate(64));
}

extern unsigned long cases_files(unsigned long arg);	/* kernel.c */
extern bool cases_has_files(void);
static u64 call_files(struct world *w, u64 arg) { return cases_files(arg); }

static u64 call_work(struct world *w, u64 arg) { return w->ops->work(w->device->driver_data); }

static void one(const char *name, u64 (*f)(struct world *, u64), u64 arg)
{
	doing = name;
	both(f, arg);
	compare();
}

static void run(void)
{
	unsigned int random = seed * 2654435761u + 1;

	give_arena(&native);
	give_arena(&sliced);
	native.random = sliced.random = noise = seed;
	one("init", call_init, 0);
	one("build", call_build, 0);
	for (step = 1; step <= STEPS; step++) {
		const struct kops *ops = native.ops;
		u64 arg;

		random = random * 1103515245 + 12345;
		arg = random >> 20 & 15;
		switch (random >> 9 & 7) {
		case 0: if (ops->irq) one("irq", call_irq, arg); break;
		case 1: if (ops->open) one("open", call_open, arg); break;
		case 2: if (ops->ioctl) one("ioctl", call_ioctl, arg); break;
		case 3: if (ops->show) one("show", call_show, arg); break;
		case 4: if (ops->work) one("work", call_work, arg); break;
		case 5: if (cases_has_files()) { one("files", call_files, arg); break; } /* fall through */
		default: if (ops->step) one("step", call_step, arg); break;
		}
	}
	if (native.ops->close)
		one("close", call_close, 0);
	one("unbind", call_unbind, 0);
}

int main(int argc, char **argv)
{
	char name[32];
	int status;

	if (argc != 6)
		return 2;
	user_path = argv[3];
	load(&native, argv[1]);
	load(&sliced, argv[2]);
	do {
		snprintf(name, sizeof(name), "cases_symbols_%d", native_units);
		native_symbols[native_units] = dlsym(native.image, name);
	} while (native_symbols[native_units] && ++native_units < 15);
	fields = dlsym(native.image, "cases_fields");
	for (seed = atoi(argv[4]); seed <= (unsigned int)atoi(argv[5]); seed++) {
		pid_t child = fork();

		if (!child) {
			run();
			_exit(0);
		}
		if (waitpid(child, &status, 0) != child || status) {
			if (WIFSIGNALED(status))
				printf("seed %u: signal %d\n", seed, WTERMSIG(status));
			return 1;
		}
	}
	return 0;
}
