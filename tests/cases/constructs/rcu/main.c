// SPDX-License-Identifier: GPL-2.0-only
/* A pointer that is read under RCU. */
#include <kernel.h>
struct table { int a; };
struct own { struct table __rcu *table; };

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int a;

	rcu_read_lock();
	a = rcu_dereference(o->table)->a;
	rcu_read_unlock();
	return a;
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->table = kzalloc(sizeof(*o->table), GFP_ATOMIC);
	dev_set_drvdata(d, o);
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct table *old = o->table, *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	t->a = old->a + 1;
	rcu_assign_pointer(o->table, t);
	synchronize_rcu();
	kfree(old);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int a;

	rcu_read_lock();
	a = rcu_dereference(o->table)->a;
	rcu_read_unlock();
	return a;
}

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
