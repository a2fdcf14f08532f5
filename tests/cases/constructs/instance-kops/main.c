// SPDX-License-Identifier: GPL-2.0-only
/* A table of the kernel's interface that the driver fills in at run time: the kernel calls what stands in it. */
#include <kernel.h>
struct own { struct kops ops; int value; };
static struct own *mine;

static int build(struct device *d)
{
	dev_set_drvdata(d, mine);
	return d->id;
}

static int irq(struct device *d, int n) { return mine->value += n; }
static int slow(struct device *d, int n) { return mine->value -= n; }
static int slower(struct device *d, int n) { return mine->value -= 2 * n; }

/* Which function answers is decided while it is in use. */
static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	o->ops.step = krandom() & 1 ? slow : slower;
	return o->value++;
}

static int start(void)
{
	mine = kzalloc(sizeof(*mine), GFP_KERNEL);
	if (!mine)
		return -ENOMEM;
	mine->ops.build = build;
	mine->ops.irq = irq;
	mine->ops.open = open;
	mine->ops.step = slow;
	register_kops(&mine->ops);
	return 0;
}
module_init(start);
