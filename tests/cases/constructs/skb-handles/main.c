// SPDX-License-Identifier: GPL-2.0-only
/* Packets are handles: a few fields, never their bytes. */
#include <kernel.h>
struct own { struct sk_buff *skb[4]; u64 bytes; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);

	o->skb[2] = __netdev_alloc_skb(d, 64, GFP_ATOMIC);
	dev_set_drvdata(d, o);
	return 0;
}

/* The data path, in the kernel half. */
static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (!o->skb[n & 3])
		return 0;
	o->skb[n & 3]->data[0] = n;
	netif_rx(o->skb[n & 3]);
	o->skb[n & 3] = __netdev_alloc_skb(d, 32, GFP_ATOMIC);
	return 1;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (o->skb[n & 3])
		kfree_skb(o->skb[n & 3]);
	o->skb[n & 3] = __netdev_alloc_skb(d, 64, GFP_KERNEL);
	if (!o->skb[n & 3])
		return -ENOMEM;
	kernel_event(d);
	if (o->skb[n & 3])
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
	.build = build,
	.irq = irq,
	.step = step,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
