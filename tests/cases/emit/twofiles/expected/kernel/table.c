/* SPDX-License-Identifier: GPL-2.0-only */
#include "md_two_files_k.h"
#line 2 "table.c"
static int table_entry(int i)
{ const u64 md_args[] = { md_value(i) }; u64 md_result; int md_error = md_upcall(&md_module, MD_PLAN_table_entry, md_args, &md_result); return md_error ? md_error : (int)md_result; }


