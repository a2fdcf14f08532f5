// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "card.h"
#include "md_main_u.h"
struct card_private {
	struct card card;
	struct card_stats {
		u32 late;
	} stats;
};

static void card_tick(struct timer_list *t);

#define card_of(dev) (&((struct card_private *)netdev_priv(dev))->card)

static netdev_tx_t card_xmit(struct sk_buff *skb, struct net_device *dev)
{
	__builtin_trap(); /* only the address is used in this half */
}







static struct net_device_stats *card_stats(struct net_device *dev)
{
	__builtin_trap(); /* only the address is used in this half */
}


static void card_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	__builtin_trap(); /* only the address is used in this half */
}


/* Kept in the kernel half for itself: it may wait for the gate. */
static int card_settings(struct net_device *dev, struct card_private *priv)
{
	__builtin_trap(); /* only the address is used in this half */
}





static int card_open(struct net_device *dev)
{
	struct card *card = card_of(dev);

	card->timer.function = card_tick;
	mutex_lock(&card->config);
	card_kick(card);
	mutex_unlock(&card->config);
	return request_irq(card->irq, card_irq, 0, "card", card);
}

static int card_stop(struct net_device *dev)
{
	struct card *card = card_of(dev);

	spin_lock_irq(&card->lock);
	card->mode = 0;
	spin_unlock_irq(&card->lock);
	free_irq(card->irq, card);
	return 0;
}

static void card_timeout(struct net_device *dev, unsigned int queue)
{
	struct card *card = card_of(dev);

	spin_lock_irq(&card->lock);
	card->events = 0;
	spin_unlock_irq(&card->lock);
}

static void card_rx_mode(struct net_device *dev)
{
	card_of(dev)->mode = dev->flags;
}

static void card_tick(struct timer_list *t)
{
	__builtin_trap(); /* only the address is used in this half */
}





const struct net_device_ops card_ops = {
	.ndo_open = card_open,
	.ndo_stop = card_stop,
	.ndo_start_xmit = card_xmit,
	.ndo_get_stats = card_stats,
	.ndo_get_stats64 = card_stats64,
	.ndo_tx_timeout = card_timeout,
	.ndo_set_rx_mode = card_rx_mode,
};
int (*const card_settings_of)(struct net_device *, struct card_private *) = card_settings;

MODULE_LICENSE("GPL");

#include "md_main_u.c"
