/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHARED_H
#define SHARED_H

#include <linux/bitops.h>

struct shared {
	unsigned long flags;
	int count;
};

int second_start(struct shared *s);

#include "md_two_files_stubs.h"
#line 14 "shared.h"
static inline bool shared_lock(struct shared *s)
{
	return (unsigned char)MD_DOWNCALL(MD_CALL_shared_lock, md_value(s));
}

#endif
