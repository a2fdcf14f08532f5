// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"
int first_start(struct shared *s)
{
	return shared_lock(s) ? second_start(s) + shared_cpu(s) : -EBUSY;
}
EXPORT_SYMBOL_GPL(first_start);

MODULE_LICENSE("GPL");
