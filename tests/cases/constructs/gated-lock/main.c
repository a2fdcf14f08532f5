// SPDX-License-Identifier: GPL-2.0-only
/* A spinlock that both halves take. */
#include <kernel.h>
struct own { spinlock_t lock; int a, b; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	spin_lock_init(&o->lock);
	o->a = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	spin_lock(&o->lock);
	o->a += o->b;
	spin_unlock(&o->lock);
	return o->a;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	unsigned long flags;
	int r;

	kernel_event(d);
	spin_lock_irqsave(&o->lock, flags);
	o->b = o->a + n;
	r = o->b;
	spin_unlock_irqrestore(&o->lock, flags);
	return r;
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
