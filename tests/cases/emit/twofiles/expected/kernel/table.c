/* SPDX-License-Identifier: GPL-2.0-only */
#include "md_two_files_k.h"
#line 2 "table.c"
static int table_entry(int i)
{
	return MD_UPCALL(MD_PLAN_table_entry, int, md_error, md_value(i));
}
