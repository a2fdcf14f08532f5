// SPDX-License-Identifier: GPL-2.0-only
/* Links of one list, changed by both halves in turn within a call. */
#include <kernel.h>
struct item { u32 key; struct list_head link; };
struct own { struct list_head items; int count; };

static int add(struct own *o, gfp_t flags)
{
	struct item *it = kzalloc(sizeof(*it), flags);

	if (!it)
		return -ENOMEM;
	it->key = krandom();
	list_add_tail(&it->link, &o->items);
	return o->count++;
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);
	int i, n = krandom() % 5;

	INIT_LIST_HEAD(&o->items);
	for (i = 0; i < n; i++)
		add(o, GFP_ATOMIC);
	dev_set_drvdata(d, o);
	return n;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct item *it;

	if (n & 1 || list_empty(&o->items))
		return add(o, GFP_ATOMIC);
	it = list_first_entry(&o->items, struct item, link);
	list_del(&it->link);
	kfree(it);
	return o->count--;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct item *it;
	int sum = 0;

	if (n & 1 && !list_empty(&o->items)) {
		it = list_first_entry(&o->items, struct item, link);
		list_del(&it->link);
		kernel_event(d);
		it->key ^= n;
		list_add_tail(&it->link, &o->items);
	} else if (n & 2) {
		add(o, GFP_KERNEL);
		kernel_event(d);
	}
	list_for_each_entry(it, &o->items, link)
		sum = 3 * sum + it->key;
	return sum;
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
