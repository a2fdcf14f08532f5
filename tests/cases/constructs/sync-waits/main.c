// SPDX-License-Identifier: GPL-2.0-only
/* A wait for a timer of the kernel half, which may be just running: what it wrote is seen afterwards. */
#include <kernel.h>
struct own { struct timer_list timer; int ticks, armed; };

static void tick(struct timer_list *t)
{
	struct own *o = container_of(t, struct own, timer);

	o->ticks++;
}

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->timer.function = tick;	/* DS0406 */
	dev_set_drvdata(d, o);
	return 0;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	tick(&o->timer);
	return o->ticks;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	if (!o->armed)
		add_timer(&o->timer);
	o->armed = 1;
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int before = o->ticks;

	o->armed = 0;
	del_timer_sync(&o->timer);
	return 100 * before + o->ticks;
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
