#undef KBUILD_BASENAME
#define KBUILD_BASENAME "counter"
#line 1 "counter.c"
// SPDX-License-Identifier: GPL-2.0-only
/* A driver of no device: one of everything that can cross. */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "md_counter_k.h"
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
	md_never_called();
}

/* Hot: stays in the kernel, the user half only stores its address. */
static void counter_tick(struct counter *c)
{
	c->value += step * counter_read(c);
}

/* Stays in the kernel and is called from the user half. */
static int counter_settle(struct counter *c, unsigned int ms)
{
	msleep(ms);
	return c->value == counter_read(c);
}

/* printf-like, and stays in the kernel. */
static __printf(2, 3) void counter_say(struct counter *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintk(format, args);
	va_end(args);
}

static void counter_reset(struct counter *c);

/* Stays in the kernel; what it names in dead code has to compile all the same. */
static void counter_check(struct counter *c)
{
	if (IS_ENABLED(CONFIG_COUNTER_CHECK))
		counter_dead(c);
}

/* Moves; nothing in the kernel half calls it. Its preprocessor lines stay in place. */


#define COUNTER_ZERO 0




#ifdef DEBUG

#endif


static void counter_work(struct work_struct *work)
{
	MD_UPCALL(MD_PLAN_counter_work, int, 0, md_value(work));
}



static int counter_open(struct counter *c, resource_size_t at)
{ return MD_UPCALL(MD_PLAN_counter_open, int, md_error, md_value(c), md_value(at));
	static int opens __asm__("md_static_3_opens") __attribute__((used)) = -1, limits[] __asm__("md_static_4_limits") __attribute__((used)) = { 3, 4 };


	{ static const struct limit { int n; } limit __asm__("md_static_5_limit") __attribute__((used)) = { 1 };
















}}

static bool counter_busy(struct counter *c) { return MD_UPCALL(MD_PLAN_counter_busy, unsigned char, false, md_value(c)); }

static unsigned int counter_poll(struct counter *c, int mask)
{
	return MD_UPCALL(MD_PLAN_counter_poll, unsigned int, 0, md_value(c), md_value(mask));
}

static const char *counter_name(struct counter *c)
{
	return MD_UPCALL(MD_PLAN_counter_name, void *, NULL, md_value(c));
}

static void counter_close(struct counter *c)
{
	MD_UPCALL(MD_PLAN_counter_close, int, 0, md_value(c));
}


static int counter_suspend(struct counter *c, pm_message_t state)
{
	return MD_UPCALL(MD_PLAN_counter_suspend, int, md_error, md_value(c), md_struct(state));
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
	return MD_UPCALL(MD_PLAN_counter_init, int, md_error);
}



module_init(counter_init);

static void __exit counter_exit(void)
{
	MD_UPCALL(MD_PLAN_counter_exit, int, 0);
}
module_exit(counter_exit);

MODULE_LICENSE("GPL");

#include "md_counter_k.c"
