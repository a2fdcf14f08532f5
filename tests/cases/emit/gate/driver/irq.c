// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "card.h"

static void card_count(struct card *card);

/* Entered by the kernel, and called by the driver in both of its files. */
irqreturn_t card_irq (int irq, void *cookie)
{
	struct card *card = cookie;

	spin_lock(&card->lock);
	card_count(card);
	spin_unlock(&card->lock);
	return IRQ_HANDLED;
}

static void card_count(struct card *card)
{
	pr_debug("%s: %u\n", __func__, ++card->events);
}

/* Called by the user half: goes by its downcall, not by the wrapper. */
void card_kick(struct card *card)
{
	if (card->irq)
		card_irq(card->irq, card);
}
