// SPDX-License-Identifier: GPL-2.0-only
/* A downcall into a function of the kernel half, which calls the user half again. */
#include <kernel.h>
struct own { u32 count; u8 small; u16 middle; u64 large; struct own *next; int total; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->count = krandom();
	o->small = krandom();
	o->middle = krandom();
	o->large = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int inner(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->count += n;
	return o->total;
}

static int step(struct device *d, int n);

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->total += o->count;
	return o->total;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int r;

	o->count = n;
	r = kernel_event(d) + inner(d, 1);
	return r + o->total + o->count;
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
