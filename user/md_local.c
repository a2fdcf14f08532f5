// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel functions that run locally in the user half: they touch only memory
 * that their arguments name, or only time. Their names are the kernel's, hidden
 * in this shared object, with the kernel's results. What libc has under the same
 * name and meaning (memcpy, strlen, ...) is libc's.
 *
 * This file sees libc's headers only; types are the kernel's by size.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "md_local.h"
#include "md_user.h"

#define SLICE_NS 500000000ULL

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/* ---- printf family ---------------------------------------------------------- */

int md_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
	__asm__("vsnprintf") __attribute__((visibility("hidden")));
int md_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
	return md_vformat(to, size, format, arguments);
}

int md_vscnprintf(char *to, size_t size, const char *format, va_list arguments)
	__asm__("vscnprintf") __attribute__((visibility("hidden")));
int md_vscnprintf(char *to, size_t size, const char *format, va_list arguments)
{
	int n = md_vformat(to, size, format, arguments);

	return n < (int)size ? n : size ? (int)size - 1 : 0;
}

int md_snprintf(char *to, size_t size, const char *format, ...)
	__asm__("snprintf") __attribute__((visibility("hidden")));
int md_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = md_vformat(to, size, format, arguments);
	va_end(arguments);
	return n;
}

int md_scnprintf(char *to, size_t size, const char *format, ...)
	__asm__("scnprintf") __attribute__((visibility("hidden")));
int md_scnprintf(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = md_vformat(to, size, format, arguments);
	va_end(arguments);
	return n < (int)size ? n : size ? (int)size - 1 : 0;
}

int md_vsprintf(char *to, const char *format, va_list arguments)
	__asm__("vsprintf") __attribute__((visibility("hidden")));
int md_vsprintf(char *to, const char *format, va_list arguments)
{
	return md_vformat(to, INT32_MAX, format, arguments);
}

int md_sprintf(char *to, const char *format, ...)
	__asm__("sprintf") __attribute__((visibility("hidden")));
int md_sprintf(char *to, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = md_vformat(to, INT32_MAX, format, arguments);
	va_end(arguments);
	return n;
}

/* ---- strings and memory -------------------------------------------------------- */

ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t i;

	if (!size || size > INT32_MAX)
		return -E2BIG;
	for (i = 0; i < size; i++) {
		to[i] = from[i];
		if (!from[i])
			return i;
	}
	to[size - 1] = 0;
	return -E2BIG;
}

ssize_t sized_strscpy(char *to, const char *from, size_t size)
{
	return strscpy(to, from, size);
}

ssize_t strscpy_pad(char *to, const char *from, size_t size)
{
	ssize_t n = strscpy(to, from, size);

	if (n >= 0 && (size_t)n + 1 < size)
		memset(to + n + 1, 0, size - n - 1);
	return n;
}

size_t strlcpy(char *to, const char *from, size_t size)
{
	size_t n = strlen(from);

	if (size) {
		size_t copied = n >= size ? size - 1 : n;

		memcpy(to, from, copied);
		to[copied] = 0;
	}
	return n;
}

size_t strlcat(char *to, const char *from, size_t size)
{
	size_t used = strnlen(to, size);

	return used + strlcpy(to + used, from, size - used);
}

char *strnchr(const char *s, size_t n, int c)
{
	for (; n-- && *s; s++)
		if (*s == (char)c)
			return (char *)s;
	return NULL;
}

char *strnstr(const char *s, const char *what, size_t n)
{
	size_t length = strlen(what);

	for (; n >= length; n--, s++)
		if (!memcmp(s, what, length))
			return (char *)s;
	return NULL;
}

char *skip_spaces(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = 0;
	return skip_spaces(s);
}

char *strreplace(char *s, char from, char to)
{
	char *start = s;

	for (; *s; s++)
		if (*s == from)
			*s = to;
	return start;
}

bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b || (!*a && *b == '\n' && !b[1]) || (*a == '\n' && !a[1] && !*b);
}

int match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}

int __sysfs_match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], string))
			return i;
	return -EINVAL;
}

void *memchr_inv(const void *start, int c, size_t n)
{
	const u8 *p = start;

	for (; n; n--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

void *memscan(void *start, int c, size_t n)
{
	u8 *p = start;

	for (; n && *p != (u8)c; n--)
		p++;
	return p;
}

void *memset16(u16 *p, u16 value, size_t n)
{
	while (n--)
		p[n] = value;
	return p;
}

void *memset32(u32 *p, u32 value, size_t n)
{
	while (n--)
		p[n] = value;
	return p;
}

void *memset64(u64 *p, u64 value, size_t n)
{
	while (n--)
		p[n] = value;
	return p;
}

/* The kernel's own spellings, which its headers use on checking configurations. */
void *__memcpy(void *to, const void *from, size_t n)
{
	return memcpy(to, from, n);
}

void *__memmove(void *to, const void *from, size_t n)
{
	return memmove(to, from, n);
}

void *__memset(void *to, int c, size_t n)
{
	return memset(to, c, n);
}

/* ---- numbers in text --------------------------------------------------------------- */

int hex_to_bin(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hex2bin(u8 *to, const char *from, size_t n)
{
	for (; n; n--, from += 2) {
		int high = hex_to_bin(from[0]), low = high < 0 ? -1 : hex_to_bin(from[1]);

		if (low < 0)
			return -EINVAL;
		*to++ = high << 4 | low;
	}
	return 0;
}

char *bin2hex(char *to, const void *from, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const u8 *p = from;

	for (; n; n--, p++) {
		*to++ = digits[*p >> 4];
		*to++ = digits[*p & 15];
	}
	return to;
}

static const char *number_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower((unsigned char)s[1]) == 'x' &&
		   isxdigit((unsigned char)s[2]);

	if (!*base)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

/* Digits from @s on; -ERANGE on overflow. */
static int number_digits(const char **s, unsigned int base, u64 *value)
{
	int err = 0;

	*value = 0;
	for (;; ++*s) {
		int digit = hex_to_bin(**s);

		if (digit < 0 || (unsigned int)digit >= base)
			return err;
		if (__builtin_mul_overflow(*value, (u64)base, value) ||
		    __builtin_add_overflow(*value, (u64)digit, value))
			err = -ERANGE;
	}
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *result)
{
	const char *start;
	u64 value;
	int err;

	if (*s == '+')
		s++;
	s = number_base(s, &base);
	start = s;
	err = number_digits(&s, base, &value);
	if (err)
		return err;
	if (s == start)
		return -EINVAL;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*result = value;
	return 0;
}

int kstrtoll(const char *s, unsigned int base, long long *result)
{
	bool negative = *s == '-';
	unsigned long long value;
	int err = kstrtoull(negative ? s + 1 : s, base, &value);

	if (negative && s[1] == '+')
		return -EINVAL;
	if (err)
		return err;
	if (value > (u64)INT64_MAX + negative)
		return -ERANGE;
	*result = negative ? -value : value;
	return 0;
}

#define KSTRTO(name, parse, wide, type)						\
int name(const char *s, unsigned int base, type *result)			\
{										\
	wide value;								\
	int err = parse(s, base, &value);					\
										\
	if (err)								\
		return err;							\
	if ((type)value != value)						\
		return -ERANGE;							\
	*result = value;							\
	return 0;								\
}

KSTRTO(_kstrtoul, kstrtoull, unsigned long long, unsigned long)
KSTRTO(_kstrtol, kstrtoll, long long, long)
KSTRTO(kstrtouint, kstrtoull, unsigned long long, unsigned int)
KSTRTO(kstrtoint, kstrtoll, long long, int)
KSTRTO(kstrtou16, kstrtoull, unsigned long long, u16)
KSTRTO(kstrtos16, kstrtoll, long long, int16_t)
KSTRTO(kstrtou8, kstrtoull, unsigned long long, u8)
KSTRTO(kstrtos8, kstrtoll, long long, int8_t)

int kstrtobool(const char *s, bool *result)
{
	if (!s)
		return -EINVAL;
	switch (tolower((unsigned char)s[0])) {
	case 'y':
	case 't':
	case '1':
		*result = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*result = false;
		return 0;
	case 'o':
		switch (tolower((unsigned char)s[1])) {
		case 'n':
			*result = true;
			return 0;
		case 'f':
			*result = false;
			return 0;
		}
	}
	return -EINVAL;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	u64 value;

	s = number_base(s, &base);
	number_digits(&s, base, &value);
	if (end)
		*end = (char *)s;
	return value;
}

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return simple_strtoull(s, end, base);
}

long long simple_strtoll(const char *s, char **end, unsigned int base)
{
	return *s == '-' ? -simple_strtoull(s + 1, end, base) : simple_strtoull(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return simple_strtoll(s, end, base);
}

/* ---- checksums and bits --------------------------------------------------------------- */

#define R1(n)	(((n) & 1) << 7 | ((n) & 2) << 5 | ((n) & 4) << 3 | ((n) & 8) << 1 | \
		 ((n) & 16) >> 1 | ((n) & 32) >> 3 | ((n) & 64) >> 5 | ((n) & 128) >> 7)
#define R4(n)	R1(n), R1((n) + 1), R1((n) + 2), R1((n) + 3)
#define R16(n)	R4(n), R4((n) + 4), R4((n) + 8), R4((n) + 12)
#define R64(n)	R16(n), R16((n) + 16), R16((n) + 32), R16((n) + 48)

const u8 byte_rev_table[256] = { R64(0), R64(64), R64(128), R64(192) };

u32 crc32_le(u32 crc, const unsigned char *p, size_t n)
{
	int i;

	while (n--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

u32 crc32_be(u32 crc, const unsigned char *p, size_t n)
{
	int i;

	while (n--) {
		crc ^= (u32)*p++ << 24;
		for (i = 0; i < 8; i++)
			crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
	}
	return crc;
}

u32 __crc32c_le(u32 crc, const unsigned char *p, size_t n)
{
	int i;

	while (n--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

u16 crc16(u16 crc, const u8 *p, size_t n)
{
	int i;

	while (n--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xa001 : 0);
	}
	return crc;
}

u16 crc_ccitt(u16 crc, const u8 *p, size_t n)
{
	int i;

	while (n--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x8408 : 0);
	}
	return crc;
}

unsigned int __sw_hweight8(unsigned int w)
{
	return __builtin_popcount(w & 0xff);
}

unsigned int __sw_hweight16(unsigned int w)
{
	return __builtin_popcount(w & 0xffff);
}

unsigned int __sw_hweight32(unsigned int w)
{
	return __builtin_popcount(w);
}

unsigned long __sw_hweight64(u64 w)
{
	return __builtin_popcountl(w);
}

static bool bit(const unsigned long *p, unsigned long i)
{
	return p[i / 64] >> (i % 64) & 1;
}

/* First index from @i on where the bit is @wanted, else @n. */
static unsigned long scan(const unsigned long *a, const unsigned long *b, unsigned long n,
			  unsigned long i, bool wanted)
{
	for (; i < n; i++)
		if ((bit(a, i) && (!b || bit(b, i))) == wanted)
			return i;
	return n;
}

unsigned long _find_first_bit(const unsigned long *p, unsigned long n)
{
	return scan(p, NULL, n, 0, true);
}

unsigned long _find_first_zero_bit(const unsigned long *p, unsigned long n)
{
	return scan(p, NULL, n, 0, false);
}

unsigned long _find_first_and_bit(const unsigned long *a, const unsigned long *b, unsigned long n)
{
	return scan(a, b, n, 0, true);
}

unsigned long _find_next_bit(const unsigned long *p, unsigned long n, unsigned long start)
{
	return scan(p, NULL, n, start, true);
}

unsigned long _find_next_zero_bit(const unsigned long *p, unsigned long n, unsigned long start)
{
	return scan(p, NULL, n, start, false);
}

unsigned long _find_next_and_bit(const unsigned long *a, const unsigned long *b, unsigned long n,
				 unsigned long start)
{
	return scan(a, b, n, start, true);
}

unsigned long _find_last_bit(const unsigned long *p, unsigned long n)
{
	unsigned long i = n;

	while (i--)
		if (bit(p, i))
			return i;
	return n;
}

/* ---- sorting, arithmetic ----------------------------------------------------------------- */

static void exchange(u8 *a, u8 *b, size_t size)
{
	for (; size; size--, a++, b++) {
		u8 x = *a;

		*a = *b;
		*b = x;
	}
}

/* Heap sort, as the kernel's: no memory, no recursion. */
void sort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *),
	  void (*swap)(void *, void *, int))
{
	size_t start = n / 2, end = n;
	u8 *p = base;

	while (end > 1) {
		size_t root, child;

		if (start) {
			start--;
		} else {
			end--;
			if (swap)
				swap(p, p + end * size, size);
			else
				exchange(p, p + end * size, size);
		}
		for (root = start; (child = 2 * root + 1) < end; root = child) {
			if (child + 1 < end &&
			    compare(p + child * size, p + (child + 1) * size) < 0)
				child++;
			if (compare(p + root * size, p + child * size) >= 0)
				break;
			if (swap)
				swap(p + root * size, p + child * size, size);
			else
				exchange(p + root * size, p + child * size, size);
		}
	}
}

unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

unsigned long lcm(unsigned long a, unsigned long b)
{
	return a && b ? a / gcd(a, b) * b : 0;
}

unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, step = 1UL << 62;

	while (step > x)
		step >>= 2;
	for (; step; step >>= 2) {
		unsigned long next = root + step;

		root >>= 1;
		if (x >= next) {
			x -= next;
			root += step;
		}
	}
	return root;
}

/* ---- time ------------------------------------------------------------------------------- */

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void spin_ns(u64 ns)
{
	u64 end = now_ns() + ns;

	while (now_ns() < end)
		__builtin_ia32_pause();
}

/*
 * In slices, each with a sign of life: sleeping is not hanging. The sign refreshes what
 * the plan brings, so that a loop that sleeps until the other half has changed a field ends.
 */
static void sleep_ns(u64 ns)
{
	while (ns) {
		u64 slice = ns > SLICE_NS ? SLICE_NS : ns;
		struct timespec t = { 0, slice };

		while (nanosleep(&t, &t) && errno == EINTR)
			;
		ns -= slice;
		md_downcall(MD_CALL_ALIVE, 0, NULL);
	}
}

void __udelay(unsigned long us)
{
	spin_ns(us * 1000ULL);
}

void __ndelay(unsigned long ns)
{
	spin_ns(ns);
}

/* udelay(constant) arrives as microseconds scaled by 2^32 / 10^6. */
void __const_udelay(unsigned long loops)
{
	spin_ns(((unsigned __int128)loops * 1000000000 >> 32) + 1);
}

void msleep(unsigned int ms)
{
	sleep_ns(ms * 1000000ULL);
}

unsigned long msleep_interruptible(unsigned int ms)
{
	msleep(ms);
	return 0;
}

void usleep_range_state(unsigned long least, unsigned long most, unsigned int state)
{
	(void)most;
	(void)state;
	sleep_ns(least * 1000ULL);
}

/* ---- what debugging configurations expect ------------------------------------------------- */

/* Lock assertions of the kernel's headers ask this first: locks are the kernel's to check. */
int debug_locks;

int __cond_resched(void)
{
	return 0;
}

void __might_sleep(const char *file, int line)
{
	(void)file;
	(void)line;
}

void __might_resched(const char *file, int line, unsigned int offsets)
{
	(void)file;
	(void)line;
	(void)offsets;
}

/* The text of a WARN; md_user.c writes its place when the ud2 follows. */
void __warn_printk(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	md_say(4, format, arguments);
	va_end(arguments);
}

static void fortify(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	md_say(2, format, arguments);
	va_end(arguments);
	abort();
}

void fortify_panic(const char *name)
{
	fortify("detected buffer overflow in %s\n", name);
}

void __fortify_panic(const u8 reason, size_t available, size_t size)
{
	fortify("detected buffer overflow (%u): %zu bytes for %zu\n", reason, size, available);
}
