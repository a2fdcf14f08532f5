// SPDX-License-Identifier: GPL-2.0-only
/* Atomics and reference counts on a word that both halves count in. */
#include <kernel.h>
struct own { atomic_t events; refcount_t refs; int freed; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	atomic_set(&o->events, krandom() % 100);
	refcount_set(&o->refs, 1);
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	atomic_inc(&o->events);
	return atomic_read(&o->events);
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	refcount_inc(&o->refs);
	atomic_inc(&o->events);
	kernel_event(d);
	if (refcount_dec_and_test(&o->refs))
		o->freed++;
	return atomic_read(&o->events);
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
