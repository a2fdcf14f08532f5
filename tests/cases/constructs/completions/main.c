// SPDX-License-Identifier: GPL-2.0-only
/* Completions that one half waits for and the other completes. */
#include <kernel.h>
struct own { struct completion done; int n; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	init_completion(&o->done);
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->n += n;
	complete(&o->done);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	kernel_event(d);
	wait_for_completion(&o->done);
	return o->n;
}

static const struct kops ops = {
	.build = build,
	.irq = irq,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
