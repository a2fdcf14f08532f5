// SPDX-License-Identifier: GPL-2.0-only
/* Coherent memory, which both halves see at once, and streaming memory, whose bytes travel. */
#include <kernel.h>
struct descriptor { u64 address; u32 length, flags; };
struct own { struct descriptor *ring; dma_addr_t ring_at, buffer_at; void *buffer; int sum; };

static int build(struct device *d)
{
	dev_set_drvdata(d, kzalloc(sizeof(struct own), GFP_ATOMIC));
	return 0;
}

static int open(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	if (o->ring)
		return -EBUSY;
	o->ring = dma_alloc_coherent(d, 16 * sizeof(*o->ring), &o->ring_at, GFP_KERNEL);
	if (!o->ring)
		return -ENOMEM;
	o->buffer = __kmalloc(256, GFP_KERNEL);
	o->buffer_at = dma_map_single_attrs(d, o->buffer, 256, DMA_FROM_DEVICE, 0);
	o->ring[0].address = o->buffer_at;
	o->ring[0].flags = 1;
	return 0;
}

/* In the kernel half, and in place of the device. */
static int irq(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);
	int i;

	if (!o->ring)
		return 0;
	for (i = 0; i < 16; i++) {
		if (o->ring[i].flags & 1)
			o->ring[i].length += n + i;
		o->ring[i].flags ^= n;
	}
	return o->sum++;
}

static int step(struct device *d, int n)
{
	struct own *o = dev_get_drvdata(d);

	if (!o->ring)
		return -ENODEV;
	o->ring[n].flags |= 1;
	kernel_event(d);
	o->sum += o->ring[n].length;
	return o->ring[n].flags;
}

static int show(struct device *d, char *buf)
{
	struct own *o = dev_get_drvdata(d);
	u8 *bytes = o->buffer;

	if (!o->ring)
		return 0;
	dma_unmap_single_attrs(d, o->buffer_at, 256, DMA_FROM_DEVICE, 0);
	buf[0] = bytes[3];
	o->buffer_at = dma_map_single_attrs(d, o->buffer, 256, DMA_FROM_DEVICE, 0);
	return 1;
}

static void close(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	if (o->ring) {
		dma_unmap_single_attrs(d, o->buffer_at, 256, DMA_FROM_DEVICE, 0);
		kfree(o->buffer);
		dma_free_coherent(d, 16 * sizeof(*o->ring), o->ring, o->ring_at);
	}
	kfree(o);
}

static const struct kops ops = {
	.build = build,
	.irq = irq,
	.open = open,
	.step = step,
	.show = show,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
