// SPDX-License-Identifier: GPL-2.0-only
/* Fields that both halves write, neighbours of one word among them. */
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

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->middle += n;
	o->total++;
	if (o->next)
		o->next->total += n;
	return o->count;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (!o->next)
		o->next = kzalloc(sizeof(*o), GFP_KERNEL);
	o->count += n;
	o->small ^= n;
	kernel_event(d);	/* the other half adds to its neighbours meanwhile */
	o->large += o->middle;
	kernel_event(d);	/* and again, to what is known by now */
	if (o->next)
		o->large += o->next->total;
	kernel_event(d);
	if (o->next)
		o->large += o->next->total;
	return o->total + o->small;
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
