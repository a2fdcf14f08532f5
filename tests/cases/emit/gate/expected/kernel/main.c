// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "card.h"
#include "md_main_gate.h"
struct card_private {
	struct card card;
	struct card_stats {
		u32 late;
	} stats;
};

static void card_tick(struct timer_list *t);

#define card_of(dev) (&((struct card_private *)netdev_priv(dev))->card)

#define __func__ "card_xmit"
#define __FUNCTION__ __func__
#line 16 "main.c"
static netdev_tx_t card_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct card *card = card_of(dev);

	spin_lock(&card->lock);
	card->events++;
	spin_unlock(&card->lock);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}
#undef __FUNCTION__
#undef __func__
#line 25 "main.c"


#define __func__ "card_stats"
#define __FUNCTION__ __func__
#line 27 "main.c"
static struct net_device_stats *card_stats(struct net_device *dev)
{
	card_irq(0, card_of(dev));
	return &dev->stats;
}
#undef __FUNCTION__
#undef __func__
#line 31 "main.c"


#define __func__ "card_stats64"
#define __FUNCTION__ __func__
#line 33 "main.c"
static void card_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	card_irq(0, card_of(dev));
	stats->rx_packets = card_of(dev)->events;
}
#undef __FUNCTION__
#undef __func__
#line 37 "main.c"


/* Kept in the kernel half for itself: it may wait for the gate. */
#define __func__ "card_settings"
#define __FUNCTION__ __func__
#line 40 "main.c"
static int card_settings(struct net_device *dev, struct card_private *priv)
{
	spin_lock_bh(&priv->card.lock);
	priv->card.mode++;
	spin_unlock_bh(&priv->card.lock);
	card_irq(0, &priv->card);
	return 0;
}
#undef __FUNCTION__
#undef __func__
#line 47 "main.c"


static int card_open(struct net_device *dev)
{
	return MD_UPCALL(MD_PLAN_card_open, int, md_error, md_value(dev));
}







static int card_stop(struct net_device *dev)
{
	return MD_UPCALL(MD_PLAN_card_stop, int, md_error, md_value(dev));
}







static void card_timeout(struct net_device *dev, unsigned int queue)
{
	MD_DEFER(md_deferral_card_timeout, md_value(dev), md_value(queue));
}





static void card_rx_mode(struct net_device *dev)
{
	MD_DEFER(md_deferral_card_rx_mode, md_value(dev));
}

#define __func__ "card_tick"
#define __FUNCTION__ __func__
#line 85 "main.c"
static void card_tick(struct timer_list *t)
{
	struct card_private *priv = from_timer(priv, t, card.timer);

	spin_lock(&priv->card.lock);
	priv->stats.late++;
	spin_unlock(&priv->card.lock);
}
#undef __FUNCTION__
#undef __func__
#line 92 "main.c"


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

#include "md_main_k.c"
