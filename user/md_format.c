// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's vsnprintf in user mode: the flags, sizes and %p extensions that
 * drivers use, so that a line reads as the native driver's.
 *
 * Pointers behind an extension are read here, from the mirror: the plan brings
 * what they name. An address itself is never printed: it would be the mirror's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "md_local.h"
#include "md_user.h"

#define TEXT_MAX 1024

struct out {
	char *at, *end;		/* at may pass end: then only counted */
};

struct spec {
	int width, precision;	/* -1: none */
	unsigned int base;
	char size;		/* 0, 'H' (hh), 'h', 'l', 'L' (ll), 'z', 't' */
	bool left, plus, space, alternate, zero, lower, is_signed;
};

static void put(struct out *o, char c)
{
	if (o->at < o->end)
		*o->at = c;
	o->at++;
}

static void pad(struct out *o, int n, char c)
{
	while (n-- > 0)
		put(o, c);
}

static void put_string(struct out *o, const char *s, const struct spec *f)
{
	int n = 0, i;

	if (!s)
		s = "(null)";
	else if ((unsigned long)s < 4096 || (unsigned long)s >= -4095UL)
		s = "(efault)";
	while (n != f->precision && s[n])
		n++;
	if (!f->left)
		pad(o, f->width - n, ' ');
	for (i = 0; i < n; i++)
		put(o, s[i]);
	if (f->left)
		pad(o, f->width - n, ' ');
}

static void put_number(struct out *o, unsigned long long value, const struct spec *f)
{
	const char *digits = f->lower ? "0123456789abcdef" : "0123456789ABCDEF";
	bool prefix = f->alternate && f->base != 10;
	int n = 0, width = f->width, precision = f->precision;
	char buffer[66], sign = 0;

	if (f->is_signed) {
		if ((long long)value < 0) {
			sign = '-';
			value = -value;
		} else if (f->plus) {
			sign = '+';
		} else if (f->space) {
			sign = ' ';
		}
	}
	/* The kernel prints no 0x before a zero of %#x. */
	prefix = prefix && (f->base != 16 || value);
	do {
		buffer[n++] = digits[value % f->base];
		value /= f->base;
	} while (value);
	if (prefix && f->base == 8 && buffer[n - 1] == '0')
		prefix = false;
	if (n > precision)
		precision = n;
	width -= precision + !!sign + (prefix ? 1 + (f->base == 16) : 0);
	if (!f->left && !f->zero)
		pad(o, width, ' ');
	if (sign)
		put(o, sign);
	if (prefix) {
		put(o, '0');
		if (f->base == 16)
			put(o, f->lower ? 'x' : 'X');
	}
	if (!f->left)
		pad(o, f->zero ? width : 0, '0');
	pad(o, precision - n, '0');
	while (n)
		put(o, buffer[--n]);
	if (f->left)
		pad(o, width, ' ');
}

static void put_text(struct out *o, const char *s)
{
	while (*s)
		put(o, *s++);
}

static void put_fixed(struct out *o, unsigned long long value, unsigned int bytes)
{
	struct spec f = { .base = 16, .width = 2 + 2 * bytes, .precision = -1, .zero = true,
			  .alternate = true, .lower = true };

	/* Zero too has its 0x here. */
	put_text(o, "0x");
	f.alternate = false;
	f.width -= 2;
	put_number(o, value, &f);
}

static void put_hex8(struct out *o, unsigned int byte, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	put(o, digits[byte >> 4 & 15]);
	put(o, digits[byte & 15]);
}

static void put_decimal(struct out *o, unsigned long long value)
{
	struct spec f = { .base = 10, .width = -1, .precision = -1 };

	put_number(o, value, &f);
}

/* ---- %p extensions ----------------------------------------------------------- */

static void put_mac(struct out *o, const uint8_t *p, const char *kind)
{
	char separator = kind[1] == 'F' ? '-' : ':';
	bool reversed = kind[1] == 'R';
	int i;

	for (i = 0; i < 6; i++) {
		put_hex8(o, p[reversed ? 5 - i : i], false);
		if (kind[0] == 'M' && i < 5)
			put(o, separator);
	}
}

static void put_ip4(struct out *o, const uint8_t *p, const char *kind)
{
	struct spec f = { .base = 10, .width = kind[0] == 'i' ? 3 : -1, .precision = -1,
			  .zero = true };
	bool little = kind[2] == 'l' || kind[2] == 'h';
	int i;

	for (i = 0; i < 4; i++) {
		put_number(o, p[little ? 3 - i : i], &f);
		if (i < 3 && kind[0] == 'I')
			put(o, '.');
		else if (i < 3)
			put(o, '.');
	}
}

static void put_ip6_full(struct out *o, const uint8_t *p, bool colons)
{
	int i;

	for (i = 0; i < 16; i += 2) {
		put_hex8(o, p[i], false);
		put_hex8(o, p[i + 1], false);
		if (colons && i < 14)
			put(o, ':');
	}
}

static void put_ip6_short(struct out *o, const uint8_t *p)
{
	struct spec hex = { .base = 16, .width = -1, .precision = -1, .lower = true };
	int best = -1, best_length = 1, i, j;
	bool colon = false;

	for (i = 0; i < 8; i++) {
		for (j = i; j < 8 && !p[2 * j] && !p[2 * j + 1]; j++)
			;
		if (j - i > best_length) {
			best_length = j - i;
			best = i;
		}
	}
	for (i = 0; i < 8; i++) {
		if (i == best) {
			put_text(o, "::");
			i += best_length - 1;
			colon = false;
			continue;
		}
		if (colon)
			put(o, ':');
		put_number(o, p[2 * i] << 8 | p[2 * i + 1], &hex);
		colon = true;
	}
}

static void put_uuid(struct out *o, const uint8_t *p, char kind)
{
	static const uint8_t big[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	static const uint8_t little[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	const uint8_t *order = kind == 'l' || kind == 'L' ? little : big;
	bool upper = kind == 'L' || kind == 'B';
	int i;

	for (i = 0; i < 16; i++) {
		put_hex8(o, p[order[i]], upper);
		if (i == 3 || i == 5 || i == 7 || i == 9)
			put(o, '-');
	}
}

static void put_dump(struct out *o, const uint8_t *p, const char *kind, int width)
{
	char separator = kind[1] == 'C' ? ':' : kind[1] == 'D' ? '-' : kind[1] == 'N' ? 0 : ' ';
	int n = width < 0 ? 1 : width > 64 ? 64 : width, i;

	for (i = 0; i < n; i++) {
		put_hex8(o, p[i], false);
		if (separator && i < n - 1)
			put(o, separator);
	}
}

static void put_error(struct out *o, long error)
{
	const char *name = error < 0 && error >= -4095 ? strerrorname_np(-error) : NULL;

	if (error < 0 && error >= -4095) {
		put(o, '-');
		if (name)
			put_text(o, name);
		else
			put_decimal(o, -error);
	} else {
		put_text(o, "(____ptrval____)");
	}
}

/* The kernel's struct resource: start, end, name, flags. */
struct resource {
	uint64_t start, end;
	const char *name;
	unsigned long flags;
};

static void put_resource(struct out *o, const struct resource *r, bool decoded)
{
	struct spec port = { .base = 16, .width = 6, .precision = -1, .zero = true,
			     .alternate = true, .lower = true };
	struct spec memory = port, decimal = { .base = 10, .width = -1, .precision = -1 };
	const struct spec *f = &memory;

	memory.width = 10;
	put(o, '[');
	switch (r->flags & 0x1f00) {
	case 0x100:
		put_text(o, "io  ");
		f = &port;
		break;
	case 0x200:
		put_text(o, "mem ");
		break;
	case 0x400:
		put_text(o, "irq ");
		f = &decimal;
		break;
	case 0x800:
		put_text(o, "dma ");
		f = &decimal;
		break;
	case 0x1000:
		put_text(o, "bus ");
		memory.width = 2;
		memory.alternate = false;
		break;
	default:
		put_text(o, "??? ");
		decoded = false;
	}
	if (decoded && (r->flags & 0x20000000)) {
		put_text(o, "size ");
		put_number(o, r->end - r->start + 1, f);
	} else {
		put_number(o, r->start, f);
		if (r->start != r->end) {
			put(o, '-');
			put_number(o, r->end, f);
		}
	}
	if (decoded) {
		if (r->flags & 0x100000)
			put_text(o, " 64bit");
		if (r->flags & 0x2000)
			put_text(o, " pref");
		if (r->flags & 0x200000)
			put_text(o, " window");
		if (r->flags & 0x10000000)
			put_text(o, " disabled");
	} else {
		put_text(o, " flags ");
		put_fixed(o, r->flags, 4);
	}
	put(o, ']');
}

static void put_bitmap(struct out *o, const unsigned long *bits, bool list, int width)
{
	int n = width < 0 ? 0 : width, i, j;
	bool first = true;

	if (!list) {
		for (i = (n + 31) / 32 - 1; i >= 0; i--) {
			unsigned int word = bits[i / 2] >> (32 * (i % 2));
			int digits = !first || n % 32 == 0 ? 8 : (n % 32 + 3) / 4;
			struct spec f = { .base = 16, .width = digits, .precision = -1,
					  .zero = true, .lower = true };

			if (first && n % 32)
				word &= (1u << (n % 32)) - 1;
			if (!first)
				put(o, ',');
			put_number(o, word, &f);
			first = false;
		}
		return;
	}
	for (i = 0; i < n; i++) {
		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		for (j = i; j + 1 < n && (bits[(j + 1) / 64] >> ((j + 1) % 64) & 1); j++)
			;
		if (!first)
			put(o, ',');
		put_decimal(o, i);
		if (j > i) {
			put(o, '-');
			put_decimal(o, j);
		}
		first = false;
		i = j;
	}
}

/* The kernel's struct va_format. */
struct va_format {
	const char *format;
	va_list *arguments;
};

static void format_into(struct out *o, const char *format, va_list arguments);

/* Returns false if @kind is no extension: then it is printed as a hidden pointer. */
static bool put_extension(struct out *o, const char *kind, const void *p, struct spec *f)
{
	bool readable = (unsigned long)p >= 4096 && (unsigned long)p < -4095UL;
	const struct va_format *nested = p;
	va_list copy;

	switch (*kind) {
	case 'e':
		put_error(o, (long)p);
		return true;
	case 'S':
	case 's':
	case 'B':
	case 'F':
	case 'f':
		put_fixed(o, 0, 8);
		return true;
	}
	if (!strchr("MmIiUhRrVbadgn", *kind) || !*kind)
		return false;
	if (!readable) {
		put_string(o, p ? "(efault)" : "(null)", f);
		return true;
	}
	switch (*kind) {
	case 'M':
	case 'm':
		put_mac(o, p, kind);
		return true;
	case 'I':
	case 'i':
		if (kind[1] == '4')
			put_ip4(o, p, kind);
		else if (kind[1] == '6' && kind[0] == 'I' && kind[2] == 'c')
			put_ip6_short(o, p);
		else
			put_ip6_full(o, p, kind[0] == 'I');
		return true;
	case 'U':
		put_uuid(o, p, kind[1]);
		return true;
	case 'h':
		put_dump(o, p, kind, f->width);
		return true;
	case 'R':
	case 'r':
		put_resource(o, p, *kind == 'R');
		return true;
	case 'V':
		va_copy(copy, *nested->arguments);
		format_into(o, nested->format, copy);
		va_end(copy);
		return true;
	case 'b':
		put_bitmap(o, p, kind[1] == 'l', f->width);
		return true;
	case 'a':
		put_fixed(o, *(const uint64_t *)p, 8);
		return true;
	case 'd':	/* struct dentry: its name is not brought */
	case 'g':	/* struct block_device */
	case 'n':
	default:
		return false;
	}
}

static void put_pointer(struct out *o, const char *kind, const void *p, struct spec *f)
{
	unsigned long number;

	if (put_extension(o, kind, p, f))
		return;
	number = (unsigned long)p;
	if (number && number < -4095UL)
		number = md_downcall(MD_CALL_POINTER, 1, &number);
	if (number != ~0UL || p == (const void *)~0UL) {
		struct spec plain = { .base = 16, .width = 16, .precision = -1, .zero = true,
				      .lower = true };

		put_number(o, number, &plain);
		return;
	}
	/* What the kernel shows before its hash key is ready. */
	if (f->width < 16)
		f->width = 16;
	put_string(o, "(____ptrval____)", f);
}

/* ---- the format ------------------------------------------------------------------ */

static const char *read_flags(const char *s, struct spec *f)
{
	for (;; s++) {
		switch (*s) {
		case '-':
			f->left = true;
			break;
		case '+':
			f->plus = true;
			break;
		case ' ':
			f->space = true;
			break;
		case '#':
			f->alternate = true;
			break;
		case '0':
			f->zero = true;
			break;
		default:
			return s;
		}
	}
}

static const char *read_digits(const char *s, int *value)
{
	*value = 0;
	while (*s >= '0' && *s <= '9' && *value < 100000)
		*value = *value * 10 + (*s++ - '0');
	return s;
}

static const char *read_size(const char *s, struct spec *f)
{
	if (*s == 'h' || *s == 'l') {
		f->size = *s++;
		if (*s == f->size) {
			f->size = f->size == 'h' ? 'H' : 'L';
			s++;
		}
	} else if (*s == 'L' || *s == 'z' || *s == 'Z' || *s == 't') {
		f->size = *s++;
	}
	return s;
}

static void format_into(struct out *o, const char *s, va_list arguments)
{
	for (; *s; s++) {
		struct spec f = { .width = -1, .precision = -1, .base = 10, .lower = true };
		unsigned long long value;
		char one[2] = "";

		if (*s != '%') {
			put(o, *s);
			continue;
		}
		s = read_flags(s + 1, &f);
		if (*s == '*') {
			f.width = va_arg(arguments, int);
			if (f.width < 0) {
				f.left = true;
				f.width = -f.width;
			}
			s++;
		} else if (*s >= '1' && *s <= '9') {
			s = read_digits(s, &f.width);
		}
		if (*s == '.') {
			s++;
			if (*s == '*') {
				f.precision = va_arg(arguments, int);
				s++;
			} else {
				s = read_digits(s, &f.precision);
			}
			if (f.precision < 0)
				f.precision = 0;
		}
		s = read_size(s, &f);
		switch (*s) {
		case 'c':
			one[0] = va_arg(arguments, int);
			if (!f.left)
				pad(o, f.width - 1, ' ');
			put(o, one[0]);
			if (f.left)
				pad(o, f.width - 1, ' ');
			continue;
		case 's':
			put_string(o, va_arg(arguments, const char *), &f);
			continue;
		case 'p': {
			const void *p = va_arg(arguments, void *);

			put_pointer(o, s + 1, p, &f);
			while ((s[1] >= 'a' && s[1] <= 'z') || (s[1] >= 'A' && s[1] <= 'Z') ||
			       (s[1] >= '0' && s[1] <= '9'))
				s++;
			continue;
		}
		case '%':
			put(o, '%');
			continue;
		case 'o':
			f.base = 8;
			break;
		case 'X':
			f.lower = false;
			/* fallthrough */
		case 'x':
			f.base = 16;
			break;
		case 'd':
		case 'i':
			f.is_signed = true;
			break;
		case 'u':
			break;
		default:
			/* The kernel warns and stops; so does this. */
			return;
		}
		if (f.size == 'L' || f.size == 'l' || f.size == 'z' || f.size == 'Z' ||
		    f.size == 't')
			value = va_arg(arguments, unsigned long);
		else
			value = va_arg(arguments, unsigned int);
		if (f.size == 'H')
			value = f.is_signed ? (unsigned long long)(signed char)value :
					      (unsigned char)value;
		else if (f.size == 'h')
			value = f.is_signed ? (unsigned long long)(short)value :
					      (unsigned short)value;
		else if (!f.size && f.is_signed)
			value = (int)value;
		put_number(o, value, &f);
	}
}

int md_vformat(char *to, size_t size, const char *format, va_list arguments)
{
	struct out o = { to, size ? to + size - 1 : to };
	va_list copy;

	va_copy(copy, arguments);
	format_into(&o, format, copy);
	va_end(copy);
	if (size)
		*(o.at < o.end ? o.at : o.end) = 0;
	return o.at - to;
}

/* A line of the kernel's log has at most 1024 bytes. */
char *md_format(const char *format, __builtin_va_list arguments)
{
	char *text = malloc(TEXT_MAX);

	if (!text)
		return NULL;
	md_vformat(text, TEXT_MAX, format, arguments);
	return text;
}

void md_format_done(char *text)
{
	free(text);
}
