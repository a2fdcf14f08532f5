// SPDX-License-Identifier: GPL-2.0-only
/* An ioctl that reads and writes the application's memory. */
#include <kernel.h>
struct request { u64 a, b; u32 c, d; };
struct own { u64 last; };

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static long ioctl(struct device *d, unsigned int cmd, unsigned long arg)
{
	struct own *o = dev_get_drvdata(d);
	struct request r;

	if (copy_from_user(&r, (void __user *)arg, sizeof(r)))
		return -EFAULT;
	if (cmd == 3)
		return -EINVAL;
	o->last += r.a ^ cmd;
	r.b = o->last;
	r.d++;
	return copy_to_user((void __user *)arg, &r, sizeof(r)) ? -EFAULT : 0;
}

static const struct kops ops = {
	.build = build,
	.ioctl = ioctl,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
