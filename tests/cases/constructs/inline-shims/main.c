// SPDX-License-Identifier: GPL-2.0-only
/* Header inlines: one that compiles in both halves, one that is a downcall as a whole. */
#include <kernel.h>
struct own { unsigned long flags; int value; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->flags = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	set_bit(n, &o->flags);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	set_bit(n, &o->flags);
	clear_bit(n / 2, &o->flags);
	kernel_event(d);
	o->value += test_bit(n / 3, &o->flags);
	return o->value;
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
