/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CARD_H
#define CARD_H

#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/timer.h>

struct card {
	struct net_device *dev;
	spinlock_t lock;
	struct timer_list timer;
	struct mutex config;
	int irq;
	u32 events;
	u32 mode;
};

irqreturn_t card_irq(int irq, void *cookie);
void card_kick(struct card *card);

#endif
