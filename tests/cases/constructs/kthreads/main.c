// SPDX-License-Identifier: GPL-2.0-only
/* A kernel thread's function. */
#include <kernel.h>
struct own { struct task_struct *task; int turns; };

static int thread(void *data)
{
	struct own *o = data;

	while (!kthread_should_stop())
		o->turns++;
	return o->turns;
}

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct task_struct *task;

	if (o->task)
		return -EBUSY;
	task = kthread_create_on_node(thread, o, -1, "case %d", d->id);
	if (IS_ERR(task))
		return PTR_ERR(task);
	o->task = task;
	wake_up_process(o->task);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int r;

	if (!o->task)
		return -ENODEV;
	o->turns += n;
	r = kthread_stop(o->task);	/* what the thread counted is seen here */
	o->task = NULL;
	return r + o->turns;
}

static void close(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	if (o->task)
		kthread_stop(o->task);
}

static const struct kops ops = {
	.build = build,
	.open = open,
	.step = step,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
