// SPDX-License-Identifier: GPL-2.0-only
/* A wait for a condition that the kernel half makes true. */
#include <kernel.h>
struct own { wait_queue_head_t wait; int ready; };

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->ready = n;
	wake_up(&o->wait);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	char entry[40];

	for (;;) {
		prepare_to_wait_event(&o->wait, entry, 1);	/* DS0509 */
		if (o->ready)
			break;
		schedule();
	}
	finish_wait(&o->wait, entry);
	n += o->ready;
	o->ready = 0;
	return n;
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
