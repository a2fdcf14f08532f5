// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a crossing costs: five character devices, each of which crosses the cut in one way when it is asked anything, and does nothing else.
 * Five and not one, because what travels is decided per entry point.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define ECHO_DOWNS	100

struct echo {
	u64 small[4];
	u64 large[512];
	struct work_struct work;
	struct completion done;
	unsigned int worked;
};

static struct echo *echo;

/* Nothing travels. */
static long echo_null(struct file *file, unsigned int request, unsigned long arg)
{
	return 0;
}

/* 32 bytes travel in and back. */
static long echo_small(struct file *file, unsigned int request, unsigned long arg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(echo->small); i++)
		echo->small[i]++;
	return 0;
}

/* 4096 bytes travel in and back. */
static long echo_large(struct file *file, unsigned int request, unsigned long arg)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(echo->large); i++)
		echo->large[i]++;
	return 0;
}

/* ECHO_DOWNS calls of a kernel function. */
static long echo_down(struct file *file, unsigned int request, unsigned long arg)
{
	int i;

	for (i = 0; i < ECHO_DOWNS; i++)
		complete(&echo->done);
	return 0;
}

static void echo_work(struct work_struct *work)
{
	struct echo *e = container_of(work, struct echo, work);

	e->worked++;
}

/* Work that is waited for: an upcall within a downcall within an upcall. */
static long echo_nested(struct file *file, unsigned int request, unsigned long arg)
{
	unsigned int before = echo->worked;

	schedule_work(&echo->work);
	flush_work(&echo->work);
	return echo->worked == before + 1 ? 0 : -EIO;
}

#define ECHO_DEVICE(which)							\
	static const struct file_operations echo_##which##_fops = {		\
		.owner = THIS_MODULE,						\
		.unlocked_ioctl = echo_##which,					\
	};									\
	static struct miscdevice echo_##which##_device = {			\
		.minor = MISC_DYNAMIC_MINOR,					\
		.name = "echo_" #which,						\
		.fops = &echo_##which##_fops,					\
	}

ECHO_DEVICE(null);
ECHO_DEVICE(small);
ECHO_DEVICE(large);
ECHO_DEVICE(down);
ECHO_DEVICE(nested);

static struct miscdevice *const echo_devices[] = {
	&echo_null_device, &echo_small_device, &echo_large_device, &echo_down_device, &echo_nested_device,
};

static int __init echo_init(void)
{
	int i, err = 0;

	echo = kzalloc(sizeof(*echo), GFP_KERNEL);
	if (!echo)
		return -ENOMEM;
	INIT_WORK(&echo->work, echo_work);
	init_completion(&echo->done);
	for (i = 0; i < ARRAY_SIZE(echo_devices); i++) {
		err = misc_register(echo_devices[i]);
		if (err)
			goto out;
	}
	return 0;
out:
	while (i--)
		misc_deregister(echo_devices[i]);
	kfree(echo);
	return err;
}
module_init(echo_init);

static void __exit echo_exit(void)
{
	int i = ARRAY_SIZE(echo_devices);

	while (i--)
		misc_deregister(echo_devices[i]);
	kfree(echo);
}
module_exit(echo_exit);

MODULE_DESCRIPTION("Devices whose requests cross the cut in one way each");
MODULE_LICENSE("GPL");
