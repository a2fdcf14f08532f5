// SPDX-License-Identifier: GPL-2.0-only
/* A driver of no device: one of everything that can cross. */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "md_counter_u.h"
#define COUNTER_REG	0x10

struct counter {
	struct device *dev;
	void __iomem *base;
	u32 value;
	u32 limit : 5;
	struct work_struct work;
	u8 log[16];
};

struct counter_ops {
	int (*open)(struct counter *c, resource_size_t at);
	bool (*busy)(struct counter *c);
	unsigned int (*poll)(struct counter *c, int mask);
	const char *(*name)(struct counter *c);
	void (*close)(struct counter *c);
	int (*suspend)(struct counter *c, pm_message_t state);
	void (*tick)(struct counter *c);
};

static int step = 1;
module_param(step, int, 0444);

/* Small enough to exist in both halves. */
static u32 counter_read(struct counter *c)
{
	return readl(c->base + COUNTER_REG);
}

/* Moves, and only dead code of the kernel half names it. */
static void counter_dead(struct counter *c)
{
	c->value = 0;
}

/* Hot: stays in the kernel, the user half only stores its address. */
static void counter_tick(struct counter *c)
{
	__builtin_trap(); /* only the address is used in this half */
}

/* Stays in the kernel and is called from the user half. */
static int counter_settle(struct counter *c, unsigned int ms)
{
	return (int)MD_DOWNCALL(MD_CALL_counter_settle, md_value(c), md_value(ms));
}


/* printf-like, and stays in the kernel. */
static __printf(2, 3) void counter_say(struct counter *c, const char *format, ...)
{
	__builtin_va_list md_list; char *md_text; __builtin_va_start(md_list, format); md_text = md_format(format, md_list); __builtin_va_end(md_list); MD_DOWNCALL(MD_CALL_counter_say, md_value(c), md_value(md_text)); md_format_done(md_text);
}





static void counter_reset(struct counter *c);

/* Stays in the kernel; what it names in dead code has to compile all the same. */






/* Moves; nothing in the kernel half calls it. Its preprocessor lines stay in place. */
static void counter_reset(struct counter *c)
{
#define COUNTER_ZERO 0
	/*
# not a directive
	 */
	c->value = COUNTER_ZERO;
#ifdef DEBUG
	pr_info("reset\n");
#endif
}

static void counter_work(struct work_struct *work)
{
	struct counter *c = container_of(work, struct counter, work);

	c->log[0] = counter_settle(c, 10);
}

static int counter_open(struct counter *c, resource_size_t at)
{
	static int opens __asm__("md_static_3_opens") __attribute__((used)) = -1, limits[] __asm__("md_static_4_limits") __attribute__((used)) = { 3, 4 };

	if (at) { /* a block of its own } { */
		static const struct limit { int n; } limit __asm__("md_static_5_limit") __attribute__((used)) = { 1 };
		if (limit.n > opens)
			return 0;
	}
	if (++opens > limits[0])
		return -EBUSY;
	c->base = ioremap(at, 32);
	if (!c->base) {
		dev_err(c->dev, "no registers at %pa\n", &at);
		return -ENOMEM;
	}
	INIT_WORK(&c->work, counter_work);
	counter_reset(c);
	get_device(c->dev);
	device_property_read_u8_array(c->dev, "log", c->log, ARRAY_SIZE(c->log));
	counter_say(c, "open: %d\n", counter_settle(c, 1));
	return 0;
}

static bool counter_busy(struct counter *c) { return c->value != COUNTER_ZERO; }

static unsigned int counter_poll(struct counter *c, int mask)
{
	return c->value & mask;
}

static const char *counter_name(struct counter *c)
{
	return dev_name(c->dev);
}

static void counter_close(struct counter *c)
{
	iounmap(c->base);
	put_device(c->dev);
}

static int counter_suspend(struct counter *c, pm_message_t state)
{
	return state.event ? -EBUSY : 0;
}

const struct counter_ops counter_ops = {
	.open = counter_open,
	.busy = counter_busy,
	.poll = counter_poll,
	.name = counter_name,
	.close = counter_close,
	.suspend = counter_suspend,
	.tick = counter_tick,
};

static struct counter *the_counter;

static int __init counter_init(void)
{
	the_counter =
		kzalloc(sizeof(*the_counter),
			GFP_KERNEL);
	return the_counter ? 0 : -ENOMEM;
}
module_init(counter_init);

static void __exit counter_exit(void)
{
	kfree(the_counter);
}
module_exit(counter_exit);

MODULE_LICENSE("GPL");

#include "md_counter_u.c"
