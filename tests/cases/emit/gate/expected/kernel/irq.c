// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "card.h"
#include "md_irq_gate.h"
static void card_count(struct card *card);

/* Entered by the kernel, and called by the driver in both of its files. */
#define __func__ "card_irq"
#define __FUNCTION__ __func__
#line 8 "irq.c"
irqreturn_t card_irq (int irq, void *cookie)
{
	struct card *card = cookie;

	spin_lock(&card->lock);
	card_count(card);
	spin_unlock(&card->lock);
	return IRQ_HANDLED;
}
#undef __FUNCTION__
#undef __func__
#line 16 "irq.c"


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

#include "md_irq_k.c"
