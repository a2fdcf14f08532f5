// SPDX-License-Identifier: GPL-2.0-only
/* Results that are a pointer, NULL or an error; an error in a field, from either half, handed on. */
#include <kernel.h>
struct own { int a; struct class *class; };

static struct own *find(struct device *d, int n)
{
	if (n % 3 == 0)
		return ERR_PTR(-EBUSY);
	if (n % 3 == 1)
		return NULL;
	return dev_get_drvdata(d);
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->a = krandom();
	o->class = class_create("taken");
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = find(d, n);

	if (IS_ERR(o))
		return PTR_ERR(o);
	if (!o)
		return -ENODEV;
	class_destroy(o->class);
	o->class = class_create(o->a & 1 ? "taken" : "free");
	return o->a++;
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
