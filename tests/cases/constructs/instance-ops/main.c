// SPDX-License-Identifier: GPL-2.0-only
/* An ops table of its own per object. */
#include <kernel.h>
struct own;
struct own_ops { int (*get)(struct own *o); int (*put)(struct own *o, int n); };
struct own { struct own_ops ops; int value; };

static int get(struct own *o) { return o->value; }
static int put(struct own *o, int n) { return o->value += n; }
static int put_twice(struct own *o, int n) { return o->value += 2 * n; }

static int open(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->ops.get = get;
	o->ops.put = krandom() & 1 ? put : put_twice;
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	return o ? o->ops.put(o, n) + o->ops.get(o) : -ENODEV;
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
