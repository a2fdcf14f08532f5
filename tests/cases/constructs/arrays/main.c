// SPDX-License-Identifier: GPL-2.0-only
/* Arrays of fixed size in a record, and one whose length is the allocation's. */
#include <kernel.h>
struct cell { u16 a; u32 b; };
struct own { u8 bytes[13]; u32 words[5]; struct cell cells[3]; struct cell *more; int n; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);
	int i;

	for (i = 0; i < 13; i++)
		o->bytes[i] = krandom();
	for (i = 0; i < 3; i++)
		o->cells[i].b = krandom();
	dev_set_drvdata(d, o);
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	kfree(o->more);
	o->n = krandom() % 7 + 1;
	o->more = kzalloc(o->n * sizeof(*o->more), GFP_KERNEL);
	return o->more ? 0 : -ENOMEM;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int i, sum = 0;

	o->bytes[n % 13] += n;
	o->words[n % 5] ^= o->bytes[12];
	o->cells[n % 3].a++;
	for (i = 0; o->more && i < o->n; i++) {
		o->more[i].b += i * n;
		sum += o->more[i].a + o->more[i].b;
	}
	return sum + o->cells[2].b;
}

static int show(struct device *d, char *buf)
{
	struct own *o = dev_get_drvdata(d);
	int i;

	for (i = 0; i < 13; i++)
		buf[i] = o->bytes[i];
	return 13;
}

static const struct kops ops = {
	.build = build,
	.open = open,
	.step = step,
	.show = show,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
