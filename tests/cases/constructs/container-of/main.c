// SPDX-License-Identifier: GPL-2.0-only
/* From an embedded record to the one around it, twice. */
#include <kernel.h>
struct inner { int x; };
struct middle { int y; struct inner inner; };
struct own { u64 z; struct middle middle; int sum; };

static int use(struct inner *i)
{
	struct own *o = container_of(i, struct own, middle.inner);

	o->sum += i->x + o->middle.y;
	return o->sum;
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->middle.y = krandom();
	o->middle.inner.x = krandom();
	dev_set_drvdata(d, &o->middle.inner);
	return 0;
}

static int step(struct device *d, int n)
{
	struct inner *i = dev_get_drvdata(d);

	container_of(i, struct own, middle.inner)->z += n;
	return use(i);
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
