// SPDX-License-Identifier: GPL-2.0-only
/*
 * The checking build: every access of the driver's code to memory that it
 * shares with the kernel is held against the plan of its own activation.
 *
 * Problem: a field that the plan forgets reads as zero, as it was left by
 * another call, or as it happened to be brought by another plan; nothing stops.
 *
 * Idea: the compiler announces each load and store (its calls for finding data
 * races: they tell reads from writes, and leave out no repeated access, as those
 * for finding bad addresses do). Before it happens the bytes must be
 *   to read:  brought by this activation's plan, or written earlier in this
 *             activation where the plan returns them;
 *   to write: returned by this activation's plan.
 * Which bytes those are the kernel says, page by page (MD_CHECK_PAGE); the answer
 * holds until the next crossing. What is not shared is free: stack, heap, constants.
 *
 * The memory and string functions that the driver's code calls are here as well,
 * byte by byte; so are the kernel's own announcements of its inline assembly
 * (bit operations, atomics: md_pre.h).
 *
 * Not seen: operands of other inline assembly; a record that a function returns
 * by value straight into shared memory.
 *
 * Compiled without instrumentation and without builtins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "md_poison.h"
#include "md_user.h"

#define PAGE		4096UL
#define BUCKETS		256
#define KNOWN_MAX	256

#define OWN_WRITTEN	1u
#define OWN_TOUCHED	2u

struct page {
	struct page *next;
	uintptr_t address;
	unsigned long crossing, upcall;		/* whose answer is in shadow, whose marks in own */
	uint8_t shadow[PAGE], own[PAGE];
};

struct checks {
	struct page *buckets[BUCKETS];
	unsigned long crossing, upcall;
	uint64_t brought, touched;
	int active;
};

static struct range {
	uintptr_t start, size;
} windows[MD_WIN_COUNT], globals;

static int device;
static uintptr_t known[KNOWN_MAX];	/* places that have been reported */
static __thread struct checks *self __attribute__((tls_model("initial-exec")));

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[] __attribute__((visibility("hidden")));

/* ---- questions to the kernel ------------------------------------------------------ */

static void ask(struct md_check *check)
{
	int error = errno;

	/* Refused: the session is dead, and the process about to be. */
	if (ioctl(device, MD_IOC_CHECK, check))
		_exit(1);
	errno = error;
}

static void *allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static struct page *page_of(struct checks *c, uintptr_t address)
{
	struct page **bucket = &c->buckets[address / PAGE % BUCKETS], *p;
	unsigned int i;

	for (p = *bucket; p && p->address != address; p = p->next)
		;
	if (!p) {
		p = allocate(sizeof(*p));
		p->address = address;
		p->next = *bucket;
		*bucket = p;
	}
	if (p->upcall != c->upcall) {
		for (i = 0; i < PAGE; i++)
			p->own[i] = 0;
		p->upcall = c->upcall;
		p->crossing = 0;
	}
	if (p->crossing != c->crossing) {
		struct md_check check = {
			.op = MD_CHECK_PAGE, .address = address, .value = (uintptr_t)p->shadow,
		};

		ask(&check);
		p->crossing = c->crossing;
	}
	return p;
}

/* ---- judging one access ----------------------------------------------------------------- */

static int in_object(uintptr_t pc)
{
	return pc - (uintptr_t)__ehdr_start < (uintptr_t)(etext - __ehdr_start);
}

/* Each place is reported once, whatever comes by it. */
static int is_known(uintptr_t pc)
{
	unsigned int i;

	for (i = 0; i < KNOWN_MAX && known[i]; i++)
		if (known[i] == pc)
			return 1;
	if (i < KNOWN_MAX)
		known[i] = pc;
	return 0;
}

static void report(uintptr_t address, size_t size, int write, uintptr_t pc, uintptr_t *frame)
{
	struct md_check check = {
		.op = MD_CHECK_REPORT, .flags = write ? MD_CHECK_WRITE : 0,
		.address = address, .size = size,
	};
	unsigned int n = 0;

	if (MD_POISON > 1 && is_known(pc))
		return;
	/* Frames of this object only: all of it is compiled with frame pointers. */
	while (n < MD_CHECK_PLACES && in_object(pc)) {
		uintptr_t *up = (uintptr_t *)frame[0];

		check.place[n++] = pc - (uintptr_t)__ehdr_start;
		if (up <= frame || (uintptr_t)up - (uintptr_t)frame > (1u << 20))
			break;
		frame = up;
		pc = frame[1];
	}
	ask(&check);
	if (MD_POISON < 2)
		_exit(1);
}

static int allowed(const struct page *p, unsigned int i, int write)
{
	if (p->shadow[i] & MD_SHADOW_OUT && (write || p->own[i] & OWN_WRITTEN))
		return 1;
	return !write && p->shadow[i] & MD_SHADOW_IN;
}

static void judge(uintptr_t address, size_t size, int write, uintptr_t pc, uintptr_t *frame)
{
	struct checks *c = self;
	struct page *p = NULL;
	uintptr_t a;

	for (a = address; a < address + size; a++) {
		unsigned int i = a % PAGE;

		if (!p || !i)
			p = page_of(c, a - i);
		if (!allowed(p, i, write)) {
			report(a, size, write, pc, frame);
			return;
		}
		c->touched += !(p->shadow[i] & MD_SHADOW_FREE) && !(p->own[i] & OWN_TOUCHED);
		p->own[i] |= OWN_TOUCHED | (write ? OWN_WRITTEN : 0);
	}
}

static inline int within(const struct range *r, uintptr_t address)
{
	return address - r->start < r->size;
}

static inline int shared(uintptr_t address)
{
	unsigned int w;

	for (w = 0; w < MD_WIN_COUNT; w++)
		if (within(&windows[w], address))
			return 1;
	return within(&globals, address);
}

#define CHECK(p, n, write)							\
	do {									\
		if (self && self->active && (n) && shared((uintptr_t)(p)))	\
			judge((uintptr_t)(p), n, write,				\
			      (uintptr_t)__builtin_return_address(0),		\
			      __builtin_frame_address(0));			\
	} while (0)

/* ---- the compiler's announcements ----------------------------------------------------------- */

#define ANNOUNCE(name, n, write)						\
	void __tsan_##name(const volatile void *p);				\
	void __tsan_##name(const volatile void *p) { CHECK(p, n, write); }
#define ANNOUNCE_SIZE(n)							\
	ANNOUNCE(read##n, n, 0)							\
	ANNOUNCE(write##n, n, 1)						\
	ANNOUNCE(volatile_read##n, n, 0)					\
	ANNOUNCE(volatile_write##n, n, 1)

ANNOUNCE_SIZE(1)
ANNOUNCE_SIZE(2)
ANNOUNCE_SIZE(4)
ANNOUNCE_SIZE(8)
ANNOUNCE_SIZE(16)

void __tsan_read_range(const volatile void *p, size_t n);
void __tsan_read_range(const volatile void *p, size_t n)
{
	CHECK(p, n, 0);
}

void __tsan_write_range(const volatile void *p, size_t n);
void __tsan_write_range(const volatile void *p, size_t n)
{
	CHECK(p, n, 1);
}

void __tsan_init(void);
void __tsan_init(void)
{
}

/* The kernel's, of its inline assembly (md_pre.h). */
void md_poison_read(const volatile void *p, size_t n);
void md_poison_read(const volatile void *p, size_t n)
{
	CHECK(p, n, 0);
}

void md_poison_write(const volatile void *p, size_t n);
void md_poison_write(const volatile void *p, size_t n)
{
	CHECK(p, n, 1);
}

/* ---- memory and strings ------------------------------------------------------------------------ */

/* Also under the names that md_pre.h gives the compiler's builtins. */
#define BOTH(name) __typeof__(name) md_poison_##name __attribute__((alias(#name)));

typedef unsigned char u8;

/* One byte, checked. */
#define GET(p)		({ CHECK(p, 1, 0); *(const u8 *)(p); })
#define PUT(p, value)	({ CHECK(p, 1, 1); *(u8 *)(p) = (value); })

void *memcpy(void *to, const void *from, size_t n)
{
	size_t i;

	CHECK(from, n, 0);
	CHECK(to, n, 1);
	for (i = 0; i < n; i++)
		((u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	size_t i;

	CHECK(from, n, 0);
	CHECK(to, n, 1);
	if ((uintptr_t)to <= (uintptr_t)from)
		for (i = 0; i < n; i++)
			((u8 *)to)[i] = ((const u8 *)from)[i];
	else
		for (i = n; i--; )
			((u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

void *memset(void *to, int c, size_t n)
{
	size_t i;

	CHECK(to, n, 1);
	for (i = 0; i < n; i++)
		((u8 *)to)[i] = c;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;
	size_t i;

	for (i = 0; i < n; i++) {
		int difference = GET(x + i) - GET(y + i);

		if (difference)
			return difference;
	}
	return 0;
}

void *memchr(const void *start, int c, size_t n)
{
	const u8 *p = start;

	for (; n; n--, p++)
		if (GET(p) == (u8)c)
			return (void *)p;
	return NULL;
}

size_t strnlen(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n && GET(s + i); i++)
		;
	return i;
}

size_t strlen(const char *s)
{
	size_t i;

	for (i = 0; GET(s + i); i++)
		;
	return i;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

#define COMPARE(fold)								\
	do {									\
		for (; n; n--, a++, b++) {					\
			int x = fold(GET(a)), y = fold(GET(b));			\
										\
			if (x != y || !x)					\
				return x - y;					\
		}								\
		return 0;							\
	} while (0)

int strncmp(const char *a, const char *b, size_t n)
{
	COMPARE();
}

int strcmp(const char *a, const char *b)
{
	size_t n = SIZE_MAX;

	COMPARE();
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	COMPARE(lower);
}

int strcasecmp(const char *a, const char *b)
{
	size_t n = SIZE_MAX;

	COMPARE(lower);
}

char *strcpy(char *to, const char *from)
{
	size_t i = 0;

	do {
		PUT(to + i, GET(from + i));
	} while (from[i++]);
	return to;
}

char *strncpy(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n && GET(from + i); i++)
		PUT(to + i, from[i]);
	for (; i < n; i++)
		PUT(to + i, 0);
	return to;
}

char *strncat(char *to, const char *from, size_t n)
{
	size_t end = 0, i;

	while (GET(to + end))
		end++;
	for (i = 0; i < n && GET(from + i); i++)
		PUT(to + end + i, from[i]);
	PUT(to + end + i, 0);
	return to;
}

char *strcat(char *to, const char *from)
{
	size_t end = 0, i;

	while (GET(to + end))
		end++;
	for (i = 0; GET(from + i); i++)
		PUT(to + end + i, from[i]);
	PUT(to + end + i, 0);
	return to;
}

char *strchr(const char *s, int c)
{
	for (; GET(s) != (u8)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	do {
		if (GET(s) == (u8)c)
			found = s;
	} while (*s++);
	return (char *)found;
}

static int is_one_of(u8 c, const char *set)
{
	for (; GET(set); set++)
		if ((u8)*set == c)
			return 1;
	return 0;
}

size_t strspn(const char *s, const char *of)
{
	size_t i;

	for (i = 0; GET(s + i) && is_one_of(s[i], of); i++)
		;
	return i;
}

size_t strcspn(const char *s, const char *of)
{
	size_t i;

	for (i = 0; GET(s + i) && !is_one_of(s[i], of); i++)
		;
	return i;
}

char *strpbrk(const char *s, const char *of)
{
	for (; GET(s); s++)
		if (is_one_of(*s, of))
			return (char *)s;
	return NULL;
}

char *strsep(char **s, const char *ends)
{
	char *start, *end;

	CHECK(s, sizeof(*s), 0);
	start = *s;
	if (!start)
		return NULL;
	for (end = start; GET(end) && !is_one_of(*end, ends); end++)
		;
	CHECK(s, sizeof(*s), 1);
	*s = *end ? end + 1 : NULL;
	if (*end)
		PUT(end, 0);
	return start;
}

char *strstr(const char *s, const char *part)
{
	size_t i;

	for (;; s++) {
		for (i = 0; GET(part + i) && GET(s + i) == (u8)part[i]; i++)
			;
		if (!part[i])
			return (char *)s;
		if (!s[i])
			return NULL;
	}
}

BOTH(memcpy)
BOTH(memmove)
BOTH(memset)
BOTH(memcmp)
BOTH(memchr)
BOTH(strcpy)
BOTH(strncpy)
BOTH(strcat)
BOTH(strncat)
BOTH(strcmp)
BOTH(strncmp)

/* ---- for the serve loop -------------------------------------------------------------------------- */

/* All pages that hold writable symbols of the table; the kernel knows what on them is what. */
static void find_globals(void)
{
	const struct md_user_tables *tables = &md_user_tables;
	uintptr_t start = UINTPTR_MAX, end = 0;
	unsigned int i, j;

	for (i = 0; i < tables->unit_count; i++) {
		for (j = 0; j < tables->units[i]->symbol_count; j++) {
			const struct md_user_ref *r = &tables->units[i]->symbols[j];
			uintptr_t from = (uintptr_t)r->address / PAGE * PAGE;
			uintptr_t to = ((uintptr_t)r->address + r->size + PAGE - 1) / PAGE * PAGE;

			/* Functions and handles have no size. */
			if (!r->size)
				continue;
			if (from < start)
				start = from;
			if (to > end)
				end = to;
		}
	}
	globals.start = start;
	globals.size = end > start ? end - start : 0;
}

void md_poison_attach(int fd, const unsigned long *starts)
{
	struct md_hello hello = { .version = MD_WIRE_VERSION };
	unsigned int w;

	device = fd;
	if (ioctl(fd, MD_IOC_HELLO, &hello))
		_exit(1);
	for (w = 0; w < MD_WIN_COUNT; w++) {
		windows[w].start = starts[w];
		windows[w].size = hello.window[w].size;
	}
	find_globals();
}

static void count_brought(struct checks *c)
{
	struct md_check check = { .op = MD_CHECK_COVERED };

	ask(&check);
	if (check.value > c->brought)
		c->brought = check.value;
}

void md_poison_begin(void)
{
	if (!self)
		self = allocate(sizeof(*self));
	self->upcall++;
	self->crossing++;
	self->brought = 0;
	self->touched = 0;
	count_brought(self);
	self->active = 1;
}

void md_poison_end(void)
{
	struct md_check check = {
		.op = MD_CHECK_NOTE, .address = self->brought, .size = self->touched,
	};

	self->active = 0;
	ask(&check);
}

void md_poison_crossed(void)
{
	if (!self || !self->active)
		return;
	self->crossing++;
	count_brought(self);
}
