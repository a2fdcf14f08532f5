// SPDX-License-Identifier: GPL-2.0-only
/* A function that another module may call stays. */
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

int own_total(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	return o->total;
}
EXPORT_SYMBOL_GPL(own_total);	/* DS0402 */

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->total += n;
	return own_total(d);
}

static const struct kops ops = {
	.build = build,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
