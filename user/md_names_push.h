/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before a function of a driver's header: the names of md_names.h mean what they
 * mean in the driver's own files. The headers first, so that what they define is
 * what md_names_pop.h brings back.
 */
#include <linux/io.h>
#include <linux/sched.h>

/* Those that md_names.h defines. */
#ifndef MD_NAMES
#define MD_NAMES(x)	\
	x(readb) x(readw) x(readl) x(readq) x(writeb) x(writew) x(writel) \
	x(writeq) x(readb_relaxed) x(readw_relaxed) x(readl_relaxed) \
	x(readq_relaxed) x(writeb_relaxed) x(writew_relaxed) x(writel_relaxed) \
	x(writeq_relaxed) x(__raw_readb) x(__raw_readw) x(__raw_readl) \
	x(__raw_readq) x(__raw_writeb) x(__raw_writew) x(__raw_writel) \
	x(__raw_writeq) x(ioread8) x(ioread16) x(ioread32) x(ioread64) \
	x(ioread16be) x(ioread32be) x(iowrite8) x(iowrite16) x(iowrite32) \
	x(iowrite64) x(iowrite16be) x(iowrite32be) x(ioread8_rep) x(ioread16_rep) \
	x(ioread32_rep) x(iowrite8_rep) x(iowrite16_rep) x(iowrite32_rep) \
	x(readsb) x(readsw) x(readsl) x(writesb) x(writesw) x(writesl) \
	x(memcpy_fromio) x(memcpy_toio) x(memset_io) x(jiffies) x(might_sleep) \
	x(cond_resched) x(cpu_relax)

#define MD_PRAGMA(words)	_Pragma(#words)
#define MD_NAME_PUSH(name)	MD_PRAGMA(push_macro(#name))
#define MD_NAME_POP(name)	MD_PRAGMA(pop_macro(#name))
#endif

MD_NAMES(MD_NAME_PUSH)
#include "md_names.h"
