// SPDX-License-Identifier: GPL-2.0-only
/* Macros that initialise an embedded object: one downcall each, and each place a lock class of its own. */
#include <kernel.h>
struct own { struct mutex lock, quiet[2]; struct work_struct work; int done; };

static void later(struct work_struct *w)
{
	struct own *o = container_of(w, struct own, work);

	o->done++;
}

static int open(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_KERNEL);
	int i;

	if (!o)
		return -ENOMEM;
	mutex_init(&o->lock);
	for (i = 0; i < 2; i++)
		mutex_init(&o->quiet[i]);
	INIT_WORK(&o->work, later);
	dev_set_drvdata(d, o);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (!o)
		return -ENODEV;
	mutex_lock(&o->lock);
	schedule_work(&o->work);
	cancel_work_sync(&o->work);	/* *_sync: waits for what may be an upcall */
	mutex_unlock(&o->lock);
	return o->done;
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
