/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the kernel's headers that mean something else in a process. In the
 * driver's own files they hold from the generated header to the end; around
 * functions of its headers md_names_push.h and md_names_pop.h put them and take
 * them away, so the macros have no guard.
 */
#ifndef MD_NAMES_H
#define MD_NAMES_H

#include <linux/io.h>
#include <linux/sched.h>

/* ---- device registers ---------------------------------------------------------- */

extern int md_mmio_trapped;
unsigned long md_mmio_read(const volatile void *address, unsigned int size);
void md_mmio_write(unsigned long value, volatile void *address, unsigned int size);

/* Cookies of I/O ports (lib/iomap.c) are never addresses. */
#define MD_TRAPPED(p)	(unlikely(md_mmio_trapped) || (unsigned long)(p) < 0x40000UL)

#define MD_READ(name, type)						\
static __always_inline type md_##name(const volatile void __iomem *p)		\
{										\
	if (MD_TRAPPED(p))							\
		return md_mmio_read((const volatile void __force *)p, sizeof(type)); \
	return *(const volatile type __force *)p;				\
}

#define MD_WRITE(name, type)							\
static __always_inline void md_##name(type value, volatile void __iomem *p)	\
{										\
	if (MD_TRAPPED(p))							\
		md_mmio_write(value, (volatile void __force *)p, sizeof(type));	\
	else									\
		*(volatile type __force *)p = value;				\
	barrier();								\
}

MD_READ(read8, u8)
MD_READ(read16, u16)
MD_READ(read32, u32)
MD_READ(read64, u64)
MD_WRITE(write8, u8)
MD_WRITE(write16, u16)
MD_WRITE(write32, u32)
MD_WRITE(write64, u64)

/* Repeated accesses: a FIFO at one address. */
#define MD_REPEAT(bits, type)								\
static inline void md_read_rep##bits(const volatile void __iomem *p, void *to, unsigned long n) \
{										\
	type *d = to;								\
										\
	while (n--)								\
		*d++ = md_read##bits(p);					\
}										\
static inline void md_write_rep##bits(volatile void __iomem *p, const void *from, unsigned long n) \
{										\
	const type *s = from;							\
										\
	while (n--)								\
		md_write##bits(*s++, p);					\
}

MD_REPEAT(8, u8)
MD_REPEAT(16, u16)
MD_REPEAT(32, u32)

/* As the kernel's on x86: bytes up to an aligned device address, then words. */
static inline void md_copy_fromio(void *to, const volatile void __iomem *from, size_t n)
{
	u32 word;

	for (; n && ((unsigned long)from & 3); n--)
		*(u8 *)to++ = md_read8(from++);
	for (; n >= 4; n -= 4, to += 4, from += 4) {
		word = md_read32(from);
		memcpy(to, &word, 4);
	}
	for (; n; n--)
		*(u8 *)to++ = md_read8(from++);
}

static inline void md_copy_toio(volatile void __iomem *to, const void *from, size_t n)
{
	u32 word;

	for (; n && ((unsigned long)to & 3); n--)
		md_write8(*(const u8 *)from++, to++);
	for (; n >= 4; n -= 4, to += 4, from += 4) {
		memcpy(&word, from, 4);
		md_write32(word, to);
	}
	for (; n; n--)
		md_write8(*(const u8 *)from++, to++);
}

static inline void md_set_io(volatile void __iomem *to, int value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		md_write8(value, to + i);
}

/* A variable would stand still in a mirror. */
unsigned long md_jiffies(unsigned int hz);

#endif

#undef readb
#undef readw
#undef readl
#undef readq
#undef writeb
#undef writew
#undef writel
#undef writeq
#define readb(p)			md_read8(p)
#define readw(p)			md_read16(p)
#define readl(p)			md_read32(p)
#define readq(p)			md_read64(p)
#define writeb(v, p)			md_write8(v, p)
#define writew(v, p)			md_write16(v, p)
#define writel(v, p)			md_write32(v, p)
#define writeq(v, p)			md_write64(v, p)

#undef readb_relaxed
#undef readw_relaxed
#undef readl_relaxed
#undef readq_relaxed
#undef writeb_relaxed
#undef writew_relaxed
#undef writel_relaxed
#undef writeq_relaxed
#define readb_relaxed(p)		md_read8(p)
#define readw_relaxed(p)		md_read16(p)
#define readl_relaxed(p)		md_read32(p)
#define readq_relaxed(p)		md_read64(p)
#define writeb_relaxed(v, p)		md_write8(v, p)
#define writew_relaxed(v, p)		md_write16(v, p)
#define writel_relaxed(v, p)		md_write32(v, p)
#define writeq_relaxed(v, p)		md_write64(v, p)

#undef __raw_readb
#undef __raw_readw
#undef __raw_readl
#undef __raw_readq
#undef __raw_writeb
#undef __raw_writew
#undef __raw_writel
#undef __raw_writeq
#define __raw_readb(p)			md_read8(p)
#define __raw_readw(p)			md_read16(p)
#define __raw_readl(p)			md_read32(p)
#define __raw_readq(p)			md_read64(p)
#define __raw_writeb(v, p)		md_write8(v, p)
#define __raw_writew(v, p)		md_write16(v, p)
#define __raw_writel(v, p)		md_write32(v, p)
#define __raw_writeq(v, p)		md_write64(v, p)

#undef ioread8
#undef ioread16
#undef ioread32
#undef ioread64
#undef ioread16be
#undef ioread32be
#undef iowrite8
#undef iowrite16
#undef iowrite32
#undef iowrite64
#undef iowrite16be
#undef iowrite32be
#define ioread8(p)			((unsigned int)md_read8(p))
#define ioread16(p)			((unsigned int)md_read16(p))
#define ioread32(p)			((unsigned int)md_read32(p))
#define ioread64(p)			md_read64(p)
#define ioread16be(p)			((unsigned int)swab16(md_read16(p)))
#define ioread32be(p)			((unsigned int)swab32(md_read32(p)))
#define iowrite8(v, p)			md_write8(v, p)
#define iowrite16(v, p)			md_write16(v, p)
#define iowrite32(v, p)			md_write32(v, p)
#define iowrite64(v, p)			md_write64(v, p)
#define iowrite16be(v, p)		md_write16(swab16(v), p)
#define iowrite32be(v, p)		md_write32(swab32(v), p)

#undef ioread8_rep
#undef ioread16_rep
#undef ioread32_rep
#undef iowrite8_rep
#undef iowrite16_rep
#undef iowrite32_rep
#undef readsb
#undef readsw
#undef readsl
#undef writesb
#undef writesw
#undef writesl
#define ioread8_rep(p, to, n)		md_read_rep8(p, to, n)
#define ioread16_rep(p, to, n)		md_read_rep16(p, to, n)
#define ioread32_rep(p, to, n)		md_read_rep32(p, to, n)
#define iowrite8_rep(p, from, n)	md_write_rep8(p, from, n)
#define iowrite16_rep(p, from, n)	md_write_rep16(p, from, n)
#define iowrite32_rep(p, from, n)	md_write_rep32(p, from, n)
#define readsb(p, to, n)		md_read_rep8(p, to, n)
#define readsw(p, to, n)		md_read_rep16(p, to, n)
#define readsl(p, to, n)		md_read_rep32(p, to, n)
#define writesb(p, from, n)		md_write_rep8(p, from, n)
#define writesw(p, from, n)		md_write_rep16(p, from, n)
#define writesl(p, from, n)		md_write_rep32(p, from, n)

#undef memcpy_fromio
#undef memcpy_toio
#undef memset_io
#define memcpy_fromio(to, from, n)	md_copy_fromio(to, from, n)
#define memcpy_toio(to, from, n)	md_copy_toio(to, from, n)
#define memset_io(to, value, n)		md_set_io(to, value, n)

#undef jiffies
#define jiffies				md_jiffies(HZ)

/* No meaning in user mode. */
#undef might_sleep
#define might_sleep()			do { } while (0)
#undef cond_resched
#define cond_resched()			0
#undef cpu_relax
#define cpu_relax()			__builtin_ia32_pause()
