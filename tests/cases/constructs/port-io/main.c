// SPDX-License-Identifier: GPL-2.0-only
/* Port I/O in the user half. */
#include <kernel.h>
static int step(struct device *d, int n)
{
	outb(n, 0x3f8);
	return inb(0x3fd);
}

static const struct kops ops = {
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
