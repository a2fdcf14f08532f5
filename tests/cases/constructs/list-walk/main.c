// SPDX-License-Identifier: GPL-2.0-only
/* Walks of a list whose links lie in the elements, from a head in another record. */
#include <kernel.h>
struct item { int key; struct list_head link; int visits; };
struct own { struct list_head items; int count; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);
	int i, n = krandom() % 6;

	INIT_LIST_HEAD(&o->items);
	for (i = 0; i < n; i++) {
		struct item *it = kzalloc(sizeof(*it), GFP_ATOMIC);

		it->key = krandom();
		list_add_tail(&it->link, &o->items);
	}
	o->count = n;
	dev_set_drvdata(d, o);
	return n;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct item *it;
	int sum = 0;

	list_for_each_entry(it, &o->items, link) {
		it->visits += n;
		sum += it->key;
	}
	return sum;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct item *it = kzalloc(sizeof(*it), GFP_KERNEL);

	if (!it)
		return -ENOMEM;
	it->key = o->count++;
	list_add_tail(&it->link, &o->items);
	return 0;
}

static int show(struct device *d, char *buf)
{
	struct own *o = dev_get_drvdata(d);
	struct item *it;

	if (list_empty(&o->items))
		return 0;
	it = list_first_entry(&o->items, struct item, link);
	list_del(&it->link);
	buf[0] = it->key;
	kfree(it);
	return --o->count;
}

static const struct kops ops = {
	.build = build,
	.step = step,
	.open = open,
	.show = show,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
