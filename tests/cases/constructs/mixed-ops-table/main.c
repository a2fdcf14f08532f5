// SPDX-License-Identifier: GPL-2.0-only
/* One ops table: functions of both halves, and one that no half sets. */
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

static int irq(struct device *d, int n) { struct own *o = dev_get_drvdata(d); return o->total += n; }
static int open(struct device *d) { struct own *o = dev_get_drvdata(d); return ++o->count; }
static int step(struct device *d, int n) { struct own *o = dev_get_drvdata(d); return o->large += n; }

static const struct kops ops = {
	.build = build,
	.irq = irq,
	.open = open,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
