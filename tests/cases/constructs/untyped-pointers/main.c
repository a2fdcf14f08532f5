// SPDX-License-Identifier: GPL-2.0-only
/* A void * that is one of two types: by its allocation, or kept. */
#include <kernel.h>
struct first { int kind, a; };
struct second { int kind; u64 b; };
struct own { void *data; int n; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	dev_set_drvdata(d, o);
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct first *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->a = o->n++;
	o->data = f;
	return 0;
}

static int show(struct device *d, char *buf)
{
	struct own *o = dev_get_drvdata(d);
	struct second *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return -ENOMEM;
	s->kind = 1;
	s->b = o->n;
	o->data = s;
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct first *f = o->data;
	struct second *s = o->data;

	if (!f)
		return 0;
	return f->kind ? s->b += n : (f->a += n);
}

static const struct kops ops = {
	.build = build,
	.open = open,
	.show = show,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
