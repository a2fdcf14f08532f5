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
