// SPDX-License-Identifier: GPL-2.0-only
/* Coherent and streaming DMA memory.
 * Not run: no device, and the harness maps no memory
 */
#include <kernel.h>
struct descriptor { u64 address; u32 length, flags; };
struct own { struct descriptor *ring; dma_addr_t ring_at, buffer_at; void *buffer; };

static int open(struct device *d)
{
	struct own *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->ring = dma_alloc_coherent(d, 16 * sizeof(*o->ring), &o->ring_at, GFP_KERNEL);
	if (!o->ring)
		return -ENOMEM;
	o->buffer = __kmalloc(1024, GFP_KERNEL);
	o->buffer_at = dma_map_single_attrs(d, o->buffer, 1024, DMA_FROM_DEVICE, 0);
	o->ring[0].address = o->buffer_at;
	o->ring[0].flags = 1;
	dev_set_drvdata(d, o);
	return 0;
}

static void close(struct device *d)
{
	struct own *o = dev_get_drvdata(d);

	dma_unmap_single_attrs(d, o->buffer_at, 1024, DMA_FROM_DEVICE, 0);
	kfree(o->buffer);
	dma_free_coherent(d, 16 * sizeof(*o->ring), o->ring, o->ring_at);
	kfree(o);
}

static const struct kops ops = {
	.open = open,
	.close = close,
};

static int start(void)
{
	register_kops(&ops);
	return 0;
}
module_init(start);
