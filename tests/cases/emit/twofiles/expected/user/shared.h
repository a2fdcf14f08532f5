/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHARED_H
#define SHARED_H

#include <linux/bitops.h>
#include <linux/topology.h>

struct shared {
	unsigned long flags;
	int count;
};

int second_start(struct shared *s);

/* Moves, calls an inline function of the kernel, and names what means something else in a process. */
#include "md_names_push.h"
#include "md_two_files_stubs.h"
#pragma push_macro("cpu_to_node")
extern int md_i_cpu_to_node(int);
#undef cpu_to_node
#define cpu_to_node(...) md_i_cpu_to_node(__VA_ARGS__)
#line 16 "shared.h"
static inline int shared_cpu(struct shared *s)
{
	cond_resched();
	if (time_after(jiffies, s->flags))
		return ioread32((void __iomem *)s->flags);
	return cpu_to_node(s->count);
}
#pragma pop_macro("cpu_to_node")
#include "md_names_pop.h"
#line 22 "shared.h"


#include "md_two_files_stubs.h"
#line 24 "shared.h"
static inline bool shared_lock(struct shared *s)
{
	return (unsigned char)MD_DOWNCALL(MD_CALL_shared_lock, md_value(s));
}

#include <linux/netdevice.h>	/* headers of the kernel may follow */

#endif
