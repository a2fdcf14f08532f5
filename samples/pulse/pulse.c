// SPDX-License-Identifier: GPL-2.0-only
/* A kernel thread of the driver's own: its function runs in the process, and what it asks of its task in the thread. */
#include <linux/module.h>
#include <linux/kthread.h>
#include <linux/delay.h>

static int beats;
module_param(beats, int, 0444);
static struct task_struct *pulse_task;

static int pulse_run(void *unused)
{
	while (!kthread_should_stop()) {
		beats++;
		msleep(20);
	}
	pr_info("pulse: stopped\n");
	return 0;
}

static int __init pulse_init(void)
{
	pulse_task = kthread_run(pulse_run, NULL, "pulse");
	return PTR_ERR_OR_ZERO(pulse_task);
}

static void __exit pulse_exit(void)
{
	kthread_stop(pulse_task);
}
module_init(pulse_init);
module_exit(pulse_exit);
MODULE_LICENSE("GPL");
