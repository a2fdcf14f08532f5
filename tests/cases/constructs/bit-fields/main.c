// SPDX-License-Identifier: GPL-2.0-only
/* Bit-fields of one unit, written by both halves. */
#include <kernel.h>
struct own { u32 a : 3; u32 b : 7; u32 c : 22; int n; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->c = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->b += n;
	return o->a;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->a ^= n;
	kernel_event(d);
	o->c += 1;
	return o->b + o->c;
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
