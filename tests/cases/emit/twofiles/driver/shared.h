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

/* Moves, and calls an inline function of the kernel. */
static inline int shared_cpu(struct shared *s)
{
	return cpu_to_node(s->count);
}

static inline bool shared_lock(struct shared *s)
{
	return !test_and_set_bit(0, &s->flags);
}

#endif
