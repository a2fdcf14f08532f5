// SPDX-License-Identifier: GPL-2.0-only
/* Two units that share a record and call each other. In the same line each has a lock to initialise: two classes. */
#include <kernel.h>
#include "own.h"

static void ready(struct own *o) { mutex_init(&o->lock); own_ready(o); }

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->a = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	ready(o);
	return own_add(o, n);
}

static int irq(struct device *d, int n) { shared += n; return own_fast(dev_get_drvdata(d)); }

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
