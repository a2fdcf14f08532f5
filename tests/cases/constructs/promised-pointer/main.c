// SPDX-License-Identifier: GPL-2.0-only
/* A void * of two types, of which slice.toml says that only one ever comes. */
#include <kernel.h>
struct first { int kind; int a; };
struct second { int kind; u64 b; };
struct own { void *data; int n; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	if (d->id == 8) {
		struct second *s = kzalloc(sizeof(*s), GFP_ATOMIC);

		s->kind = 1;
		s->b = krandom();
		o->data = s;
	} else {
		struct first *f = kzalloc(sizeof(*f), GFP_ATOMIC);

		f->a = krandom();
		o->data = f;
	}
	dev_set_drvdata(d, o);
	return 0;
}

/* Knows both. */
static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct first *f = o->data;
	struct second *s = o->data;

	return f->kind ? s->b += n : (f->a += n);
}

/* Knows nothing of what is promised, so it stays. */
static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct second *s = o->data;	/* DS0505 */

	return s->kind == 1 ? s->b : o->n++;
}

static const struct kops ops = {
	.build = build,
	.open = open,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
