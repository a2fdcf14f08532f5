// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel functions that run locally in the user half: text. The rules are those of md_local.c.
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
#include "md_local.h"
#include "md_user.h"

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

/* Mirrors keep the place of an address in its page, so that the kernel's own check is as good here. */
static int md_vsysfs(const char *name, char *page, int at, const char *format, va_list arguments)
{
	const int size = 4096;
	int n;

	if (!page || ((uintptr_t)page & (size - 1)) || at < 0 || at >= size) {
		__warn_printk("invalid %s: buf:%p at:%d\n", name, (void *)page, at);
		return 0;
	}
	n = md_vformat(page + at, size - at, format, arguments);
	return n < size - at ? n : size - at - 1;
}

int md_sysfs_emit(char *page, const char *format, ...)
	__asm__("sysfs_emit") __attribute__((visibility("hidden")));
int md_sysfs_emit(char *page, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = md_vsysfs("sysfs_emit", page, 0, format, arguments);
	va_end(arguments);
	return n;
}

int md_sysfs_emit_at(char *page, int at, const char *format, ...)
	__asm__("sysfs_emit_at") __attribute__((visibility("hidden")));
int md_sysfs_emit_at(char *page, int at, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = md_vsysfs("sysfs_emit_at", page, at, format, arguments);
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
