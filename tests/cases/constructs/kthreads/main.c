// SPDX-License-Identifier: GPL-2.0-only
/* A kernel thread's function.
 * Not run: the small kernel has one task
 */
#include <kernel.h>
struct own { struct task_struct *task; int turns; };

static int thread(void *data)
{
	struct own *o = data;

	while (!kthread_should_stop())
		o->turns++;
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	o->task = kthread_create_on_node(thread, o, -1, "case");
	if (IS_ERR(o->task))
		return PTR_ERR(o->task);
	wake_up_process(o->task);
	return 0;
}

static void close(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	kthread_stop(o->task);
}

static const struct kops ops = {
	.open = open,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
