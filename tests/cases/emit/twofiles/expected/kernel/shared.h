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








static inline bool shared_lock(struct shared *s)
{
	return !test_and_set_bit(0, &s->flags);
}

#include <linux/netdevice.h>	/* headers of the kernel may follow */

#endif
