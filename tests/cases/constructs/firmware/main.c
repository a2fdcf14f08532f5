// SPDX-License-Identifier: GPL-2.0-only
/* A firmware request: an out pointer, and bytes of a length that a field tells. */
#include <kernel.h>
struct own { u32 sum; };

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int open(struct device *d)
{
	const struct firmware *fw;
	int err = request_firmware(&fw, "case.bin", d);

	if (err)
		return err;
	d->id = fw->size;
	release_firmware(fw);
	return 0;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	const struct firmware *fw;
	unsigned long i;

	if (request_firmware(&fw, "case.bin", d))
		return -EIO;
	for (i = 0; i < fw->size; i++)
		o->sum += fw->data[i];	/* DS0515 */
	release_firmware(fw);
	return 0;
}

static const struct kops ops = {
	.build = build,
	.open = open,
	.step = step,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
