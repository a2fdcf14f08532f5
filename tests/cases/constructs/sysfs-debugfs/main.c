// SPDX-License-Identifier: GPL-2.0-only
/* Attributes in sysfs, a file in debugfs. */
#include <kernel.h>
struct own { int value; };

static ssize_t value_show(struct device *d, struct device_attribute *a, char *buf)
{
	struct own *o = dev_get_drvdata(d);

	return sysfs_emit(buf, "%d\n", o->value);
}

static ssize_t value_store(struct device *d, struct device_attribute *a, const char *buf, size_t count)
{
	struct own *o = dev_get_drvdata(d);

	o->value += buf[0] - '0';
	return count;
}

static const struct device_attribute value = { { "value", 0644 }, value_show, value_store };

static ssize_t read(struct file *f, char __user *buf, size_t n, long long *pos)
{
	struct own *o = f->private_data;

	return copy_to_user(buf, &o->value, sizeof(o->value)) ? -EFAULT : 4;
}

static const struct file_operations fops = { .read = read };

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int open(struct device *d)
{
	debugfs_create_file("case", 0444, NULL, dev_get_drvdata(d), &fops);
	return device_create_file(d, &value);
}

static const struct kops ops = {
	.build = build,
	.open = open,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
