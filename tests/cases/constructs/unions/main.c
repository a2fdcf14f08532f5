// SPDX-License-Identifier: GPL-2.0-only
/* A union of numbers travels as bytes; one of a pointer and a number keeps who reads it. */
#include <kernel.h>
union number { u64 whole; u32 halves[2]; };
union both { struct device *d; u64 n; };
struct own { union number number; union both both; int sum; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->number.whole = krandom();
	o->both.d = d;
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->number.halves[1] += n;
	o->sum += o->number.whole;
	return o->sum;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	o->both.n = 5;
	o->both.d = d;	/* DS0516 */
	return o->both.d->id;
}

static const struct kops ops = {
	.build = build,
	.step = step,
	.open = open,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
