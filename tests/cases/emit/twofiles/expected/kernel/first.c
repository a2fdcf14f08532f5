// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"
#include "md_two_files_k.h"
#line 4 "first.c"
int first_start(struct shared *s)
{
	return MD_UPCALL(MD_PLAN_first_start, int, md_error, md_value(s));
}
EXPORT_SYMBOL_GPL(first_start);

MODULE_LICENSE("GPL");

#include "md_first_k.c"
