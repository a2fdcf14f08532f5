// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"
#include "md_second_u.h"
#include "table.c"

int second_start(struct shared *s)
{ unsigned long md_result; const unsigned long md_args[] = { md_value(s) }; md_result = md_downcall(MD_CALL_second_start, 1, md_args); return (int)md_result; }




#include "md_second_u.c"
