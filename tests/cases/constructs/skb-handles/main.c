// SPDX-License-Identifier: GPL-2.0-only
/* Packets are handles: a few fields, never their bytes.
 * Not run: no network
 */
#include <kernel.h>
struct own { struct sk_buff *skb[4]; u64 bytes; };

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	o->skb[n & 3] = __netdev_alloc_skb(d, 64, GFP_KERNEL);
	if (!o->skb[n & 3])
		return -ENOMEM;
	o->bytes += o->skb[n & 3]->len;
	return 0;
}

static void close(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	int i;

	for (i = 0; i < 4; i++)
		if (o->skb[i])
			kfree_skb(o->skb[i]);
}

static const struct kops ops = {
	.step = step,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
