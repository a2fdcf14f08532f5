// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"
#include "md_two_files_k.h"
#line 4 "first.c"
int first_start(struct shared *s)
{ const u64 md_args[] = { md_value(s) }; u64 md_result; int md_error = md_upcall(&md_module, MD_PLAN_first_start, md_args, &md_result); return md_error ? md_error : (int)md_result; }


EXPORT_SYMBOL_GPL(first_start);

MODULE_LICENSE("GPL");

#include "md_first_k.c"
