// SPDX-License-Identifier: GPL-2.0-only
/* Memory that the device frees. */
#include <kernel.h>
struct own { int a, b; };

static int open(struct device *d)
{
	struct own *o = devm_kmalloc(d, sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->a = 1;
	o->b = d->id;
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	return o ? o->b += o->a + n : -ENODEV;
}

static const struct kops ops = {
	.open = open,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
