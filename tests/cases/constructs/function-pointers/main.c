// SPDX-License-Identifier: GPL-2.0-only
/* Functions as arguments and in fields of the driver's own records, called from both halves. */
#include <kernel.h>
struct own { int (*how)(struct own *o, int n); int value; int count; };

static int add(struct own *o, int n) { return o->value += n; }
static int xor(struct own *o, int n) { return o->value ^= n; }

static int apply(struct own *o, int (*f)(struct own *, int), int n)
{
	o->count++;
	return f(o, n);
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->how = krandom() & 1 ? add : xor;
	o->value = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	return o->how(o, n);
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (n & 1)
		o->how = n & 2 ? add : xor;
	return apply(o, n & 4 ? xor : o->how, n);
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
