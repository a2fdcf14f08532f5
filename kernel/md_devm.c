// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device ends by itself when it is unbound (memory, register windows): an entry of the runtime's rides on the device's
 * devres list behind it, and so is released just before. It has no pointer to what it stands for, which may be gone.
 */
#include <linux/device.h>
#include "md_runtime.h"

struct md_devm {
	struct md_driver *driver;	/* holds a reference */
	u64 start;
	md_devm_end_t end;
};

static void md_devm_release(struct device *dev, void *res)
{
	struct md_devm *r = res;

	r->end(r->driver, r->start);
	md_driver_put(r->driver);
}

static int md_devm_match(struct device *dev, void *res, void *data)
{
	struct md_devm *r = res, *want = data;

	return r->driver == want->driver && r->start == want->start && r->end == want->end;
}

struct md_devm *md_devm_new(struct md_driver *d, u64 start, md_devm_end_t end)
{
	struct md_devm *r = devres_alloc(md_devm_release, sizeof(*r), GFP_NOIO);

	if (!r)
		return NULL;
	kref_get(&d->kref);
	r->driver = d;
	r->start = start;
	r->end = end;
	return r;
}

void md_devm_ride(struct device *dev, struct md_devm *r)
{
	devres_add(dev, r);
}

void md_devm_leave(struct device *dev, struct md_driver *d, u64 start, md_devm_end_t end)
{
	struct md_devm want = { .driver = d, .start = start, .end = end };

	if (!devres_destroy(dev, md_devm_release, md_devm_match, &want))
		md_driver_put(d);
}
