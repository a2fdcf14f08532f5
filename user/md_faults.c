// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user half that goes wrong on purpose, at one place: call K of an entry point, before or
 * after its Nth downcall. lab/tools/fault.c writes the plan into a page that every
 * process of this build maps (md_faults_page.h); the page also keeps how often it struck, so a
 * fresh process goes on where the dead one stood.
 *
 * Class A (promised to be survived): dying, hanging, flooding, messages that are wrong in form, kind, order or ownership, a
 * downcall that fails. Class B (not promised): well-formed wrong values.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "md_faults.h"
#include "md_faults_page.h"
#include "md_user.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

static struct md_faults_page *page;
static int device, never[2];	/* a pipe that nobody writes to */
static unsigned long start[MD_WIN_COUNT], size[MD_WIN_COUNT];

static __thread struct {
	unsigned int number;	/* of this upcall, while recording */
	unsigned int downcalls;
	int mine;		/* the planned call */
	unsigned long object[4];	/* pointers among its arguments */
} now __attribute__((tls_model("initial-exec")));

void md_faults_attach(int fd, const unsigned long *starts)
{
	struct md_hello hello = { .version = MD_WIRE_VERSION };
	int file = open(MD_FAULTS_FILE, O_RDWR | O_CLOEXEC), w;
	void *mapped;

	/* No such file: nothing is planned. */
	if (file < 0)
		return;
	mapped = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (mapped == MAP_FAILED || pipe2(never, O_CLOEXEC) || ioctl(fd, MD_IOC_HELLO, &hello))
		return;
	device = fd;
	for (w = 0; w < MD_WIN_COUNT; w++) {
		start[w] = starts[w];
		size[w] = hello.window[w].size;
	}
	page = mapped;
}

static unsigned long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

static int is_pointer(unsigned long value)
{
	int w;

	for (w = 0; w < MD_WIN_COUNT; w++)
		if (value - start[w] < size[w])
			return 1;
	return 0;
}

/* ---- the record ---------------------------------------------------------------- */

static void record(unsigned int step, const char *name)
{
	unsigned int i;

	if (!page->recording || !now.number)
		return;
	i = __atomic_fetch_add(&page->crossings, 1, __ATOMIC_RELAXED);
	if (i >= MD_FAULTS_LOG)
		return;
	page->log[i].step = step;
	strncpy(page->log[i].name, name, MD_FAULTS_NAME - 1);
	__atomic_store_n(&page->log[i].upcall, now.number, __ATOMIC_RELEASE);
}

static void remember(const struct md_frame *f)
{
	struct md_faults_last *last = &page->last[f->id];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(last->arg); i++)
		last->arg[i] = f->arg[i];
	last->value = f->value;
	last->count = md_user_tables.downcall_params[f->id];
}

/* Downcall named by the plan, or NULL if it was not made yet. */
static struct md_faults_last *target(unsigned int *id)
{
	unsigned int i;

	for (i = 0; i < md_user_tables.downcall_count && i < MD_FAULTS_LAST; i++) {
		if (strcmp(md_user_tables.downcall_names[i], page->target))
			continue;
		*id = i;
		return page->last[i].count ? &page->last[i] : NULL;
	}
	return NULL;
}

/* ---- dying, hanging, flooding -------------------------------------------------------- */

static void eat_memory(void)
{
	const unsigned long chunk = 1 << 20;
	unsigned long i;
	char *p;

	for (;;) {
		p = mmap(NULL, chunk, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			abort();
		for (i = 0; i < chunk; i += 4096)
			p[i] = 1;
	}
}

static long say(struct md_frame *f)
{
	return syscall(SYS_lseek, device, f, SEEK_SET);
}

static void flood(void)
{
	struct md_frame f;

	for (;;) {
		f = (struct md_frame){ .kind = MD_DOWNCALL, .id = MD_CALL_ALIVE };
		if (say(&f) && errno != EINTR)
			_exit(1);
	}
}

static void die_or_hang(const char *kind)
{
	static int *volatile nowhere;
	char c;

	if (!strcmp(kind, "kill"))
		kill(getpid(), SIGKILL);
	else if (!strcmp(kind, "segv"))
		*nowhere = 0;
	else if (!strcmp(kind, "abort"))
		abort();
	else if (!strcmp(kind, "exit"))
		_exit(0);
	else if (!strcmp(kind, "oom"))
		eat_memory();
	else if (!strcmp(kind, "loop"))
		for (;;)
			__asm__ volatile("" : : : "memory");
	else if (!strcmp(kind, "sleep"))
		for (;;)
			nanosleep(&(struct timespec){ .tv_sec = 1000 }, NULL);
	else if (!strcmp(kind, "stop"))
		/* Another thread takes the signal. */
		for (;;)
			kill(getpid(), SIGSTOP);
	else if (!strcmp(kind, "block"))
		for (;;)
			if (read(never[0], &c, 1) < 0)
				continue;
	if (!strcmp(kind, "flood"))
		flood();
}

/* ---- lies ------------------------------------------------------------------------------ */

/* Messages that are wrong in themselves. The kernel ends the process, or the message fails and the process ends itself. */
static int bad_message(const char *kind)
{
	struct md_frame f = { .kind = MD_DOWNCALL };

	if (!strcmp(kind, "bad-kind"))
		f.kind = 77;
	else if (!strcmp(kind, "ready"))
		f.kind = MD_READY;
	else if (!strcmp(kind, "bad-id"))
		f.id = md_user_tables.downcall_count;
	else if (strcmp(kind, "bad-frame"))
		return 0;
	if (!strcmp(kind, "bad-frame"))
		say((struct md_frame *)(start[MD_WIN_DIRECT] + 64));
	else
		say(&f);
	/* Whoever listens to such a thing would have to be told. */
	_exit(1);
}

/* A pointer of another downcall that is none of @f's. */
static unsigned long other_pointer(const struct md_frame *f)
{
	unsigned int i, j, id;

	for (i = 0; i < MD_FAULTS_LAST; i++) {
		id = (i + page->value) % MD_FAULTS_LAST;
		for (j = 0; j < page->last[id].count && j < ARRAY_SIZE(page->last[id].arg); j++)
			if (is_pointer(page->last[id].arg[j]) && page->last[id].arg[j] != f->arg[0] &&
			    page->last[id].arg[j] != f->arg[1])
				return page->last[id].arg[j];
	}
	return 0;
}

/* An argument that is a pointer becomes another. */
static int bad_pointer(struct md_frame *f, const char *kind)
{
	unsigned int i, count = md_user_tables.downcall_params[f->id], id;
	struct md_faults_last *old;
	unsigned long to = 0;

	for (i = 0; i < count && !is_pointer(f->arg[i]); i++)
		;
	if (i == count)
		return 0;
	if (!strcmp(kind, "raw"))
		to = 0xffff888000100000;
	else if (!strcmp(kind, "foreign"))
		to = start[MD_WIN_DIRECT] + 0x100000 + (page->value & 0xfff8);
	else if (!strcmp(kind, "interior"))
		to = f->arg[i] + 8;
	else if (!strcmp(kind, "stack"))
		to = (unsigned long)f;
	else if (!strcmp(kind, "mistyped"))
		to = other_pointer(f);
	else if (!strcmp(kind, "stale") && (old = target(&id)))
		to = old->arg[0];
	else if (strcmp(kind, "null"))
		return 0;
	if (strcmp(kind, "null") && (!to || to == f->arg[i]))
		return 0;
	f->arg[i] = to;
	return 1;
}

/* A downcall out of its turn, with the arguments that it had last. */
static int out_of_turn(void)
{
	struct md_faults_last *last;
	struct md_frame f = { .kind = MD_DOWNCALL };
	unsigned int i;

	last = target(&f.id);
	if (!last)
		return 0;
	for (i = 0; i < ARRAY_SIZE(last->arg); i++)
		f.arg[i] = last->arg[i];
	if (say(&f))
		_exit(1);
	return 1;
}

/* ---- class B: values ------------------------------------------------------------------------ */

static int wrong_field(void)
{
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(now.object); i++) {
		unsigned long p = now.object[(i + page->value) % ARRAY_SIZE(now.object)];

		if (!p)
			continue;
		/* In the object's own page, which is there. */
		at = (page->value >> 4) % 1024;
		if ((p ^ (p + at)) >> 12)
			at = 0;
		*(volatile uint32_t *)((p + at) & ~3UL) ^= (page->value >> 16) | 1;
		return 1;
	}
	return 0;
}

/* @memory: of the device, that the target downcall gave; its size is argument value & 15. */
static int wrong_memory(int registers)
{
	struct md_faults_last *last;
	unsigned long at, bytes;
	unsigned int id;

	last = target(&id);
	if (!last || !is_pointer(last->value))
		return 0;
	bytes = last->arg[(page->value & 15) % ARRAY_SIZE(last->arg)];
	if (bytes < 4 || bytes > 1 << 20)
		bytes = 256;
	at = (last->value + (page->value >> 16) % (bytes - 3)) & ~3UL;
	if (registers && md_mmio_trapped)
		md_mmio_write(page->value >> 8, (void *)at, 4);
	else
		*(volatile uint32_t *)at = page->value >> 8;
	return 1;
}

static int wrong_scalar(struct md_frame *f)
{
	unsigned int i, n, count = md_user_tables.downcall_params[f->id];

	for (n = 0; n < count; n++) {
		i = (n + page->value) % count;
		if (is_pointer(f->arg[i]) || f->arg[i] > 0xffffffff)
			continue;
		f->arg[i] ^= 1u << (page->value >> 8) % 31;
		return 1;
	}
	return 0;
}

/* ---- the plan ------------------------------------------------------------------------------------ */

/* Is it this step's turn? Then it is counted as struck. */
static int turn(unsigned int step)
{
	unsigned int struck;

	if (!now.mine || page->step != step)
		return 0;
	struck = __atomic_add_fetch(&page->struck, 1, __ATOMIC_SEQ_CST);
	if (struck > page->times) {
		__atomic_sub_fetch(&page->struck, 1, __ATOMIC_SEQ_CST);
		return 0;
	}
	page->last_ns = now_ns();
	if (struck == 1)
		page->first_ns = page->last_ns;
	return 1;
}

static void strike_anywhere(const char *kind)
{
	die_or_hang(kind);
	if (bad_message(kind))
		return;
	if (!strcmp(kind, "out-of-turn") ? out_of_turn() :
	    !strcmp(kind, "field") ? wrong_field() :
	    !strcmp(kind, "mmio") ? wrong_memory(1) :
	    !strcmp(kind, "coherent") ? wrong_memory(0) : 0)
		return;
	page->nothing = 1;
}

void md_faults_begin(const char *entry, const unsigned long *args, unsigned int count)
{
	unsigned int i, n = 0;

	if (!page)
		return;
	memset(&now, 0, sizeof(now));
	if (page->recording)
		now.number = __atomic_add_fetch(&page->upcalls, 1, __ATOMIC_SEQ_CST);
	record(MD_FAULTS_BEGIN, entry);
	if (!__atomic_load_n(&page->armed, __ATOMIC_ACQUIRE) || strcmp(entry, page->entry))
		return;
	for (i = 0; i < count && n < ARRAY_SIZE(now.object); i++)
		if (is_pointer(args[i]))
			now.object[n++] = args[i];
	now.mine = __atomic_add_fetch(&page->calls, 1, __ATOMIC_SEQ_CST) >= page->call;
	if (turn(MD_FAULTS_BEGIN))
		strike_anywhere(page->kind);
}

void md_faults_end(void)
{
	if (page && turn(MD_FAULTS_END))
		strike_anywhere(page->kind);
}

static const char *counted(unsigned int id)
{
	if (id < md_user_tables.downcall_count)
		return md_user_tables.downcall_names[id];
	return id == MD_CALL_GATE_CLOSE ? "gate-close" : id == MD_CALL_GATE_OPEN ? "gate-open" : NULL;
}

int md_faults_before(struct md_frame *f)
{
	const char *name = page ? counted(f->id) : NULL, *kind;

	if (!name)
		return 0;
	now.downcalls++;
	record(2 * now.downcalls - 1, name);
	if (!turn(2 * now.downcalls - 1))
		return 0;
	kind = page->kind;
	/* It fails, or is not made at all: the kernel hears nothing of it. */
	if (!strcmp(kind, "fail") || !strcmp(kind, "skip") || !strcmp(kind, "keep-lock")) {
		f->value = page->value;
		return 1;
	}
	if (f->id < md_user_tables.downcall_count) {
		if (bad_pointer(f, kind))
			return 0;
		if (!strcmp(kind, "scalar") && wrong_scalar(f))
			return 0;
	}
	strike_anywhere(kind);
	return 0;
}

void md_faults_after(struct md_frame *f)
{
	struct md_frame again = *f;

	if (!page || !counted(f->id))
		return;
	if (f->id < md_user_tables.downcall_count && f->id < MD_FAULTS_LAST)
		remember(f);
	if (!turn(2 * now.downcalls))
		return;
	if (strcmp(page->kind, "again")) {
		strike_anywhere(page->kind);
		return;
	}
	again.kind = MD_DOWNCALL;
	again.flags = 0;
	again.value = 0;
	if (say(&again))
		_exit(1);
}
