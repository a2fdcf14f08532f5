// SPDX-License-Identifier: GPL-2.0-only
/* Objects that point to each other at random: shared, in circles, to themselves, nowhere. */
#include <kernel.h>
struct node { u32 key; struct node *to[3]; struct node *peer; u16 visits; u8 mark; struct own *owner; };
struct own { struct node *nodes[12]; struct node *here; u32 sum; };

static int build(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_ATOMIC);
	int i, j, n = krandom() % 12 + 1;

	for (i = 0; i < n; i++) {
		o->nodes[i] = kzalloc(sizeof(struct node), GFP_ATOMIC);
		o->nodes[i]->key = krandom();
		o->nodes[i]->owner = o;
	}
	for (i = 0; i < n; i++) {
		for (j = 0; j < 3; j++)
			o->nodes[i]->to[j] = o->nodes[krandom() % 12];	/* some are NULL */
		o->nodes[i]->peer = o->nodes[krandom() % n];
	}
	o->here = o->nodes[0];
	dev_set_drvdata(d, o);
	return n;
}

static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct node *x = o->here;

	x->mark += n;
	x->to[n % 3] = o->nodes[n % 12];
	if (x->peer)
		x->peer->key ^= n;
	return x->visits;
}

/* Walks from node to node, and leaves traces. */
static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	struct node *x = o->here;
	int i;

	for (i = 0; i < 10 && x; i++) {
		x->visits++;
		x->key += i;
		o->sum += x->key + x->peer->mark;
		x = x->to[(x->key + n) % 3];
	}
	if (x)
		o->here = x;
	return o->sum;
}

/* Rewires two nodes while the kernel half does the same. */
static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);
	struct node *x = o->here, *y = x->peer;

	x->peer = y->peer;
	kernel_event(d);
	y->peer = x;
	y->owner->here = y;
	return x == y ? 1 : x->peer->key;
}

/* A node that comes into being in the user half. */
static long ioctl(struct device *d, unsigned int cmd, unsigned long arg)
{
	struct own *o = dev_get_drvdata(d);
	struct node *x = kzalloc(sizeof(*x), GFP_KERNEL);

	if (!x)
		return -ENOMEM;
	x->key = cmd;
	x->owner = o;
	x->peer = o->here;
	x->to[cmd % 3] = x;
	o->here->to[(cmd + 1) % 3] = x;
	kernel_event(d);
	return x->key + x->mark;
}

static const struct kops ops = {
	.build = build,
	.irq = irq,
	.step = step,
	.open = open,
	.ioctl = ioctl,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
