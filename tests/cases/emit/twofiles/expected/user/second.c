// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"
#include "md_second_u.h"
#include "table.c"

int second_start(struct shared *s)
{
	return (int)MD_DOWNCALL(MD_CALL_second_start, md_value(s));
}


#include "md_second_u.c"
