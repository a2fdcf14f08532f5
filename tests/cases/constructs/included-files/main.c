// SPDX-License-Identifier: GPL-2.0-only
/* A unit that includes another .c file. */
#include <kernel.h>
struct own { int a, b; };
#include "codec.c"

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int step(struct device *d, int n) { return codec_set(dev_get_drvdata(d), n); }
static int irq(struct device *d, int n) { return codec_get(dev_get_drvdata(d)); }

static const struct kops ops = {
	.build = build,
	.step = step,
	.irq = irq,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
