// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "shared.h"

#include "table.c"

int second_start(struct shared *s)
{
	s->count += table_entry(s->count);
	return 0;
}
