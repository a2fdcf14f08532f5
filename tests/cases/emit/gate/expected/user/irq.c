// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "card.h"
#include "md_irq_u.h"
static void card_count(struct card *card);

/* Entered by the kernel, and called by the driver in both of its files. */
irqreturn_t card_irq (int irq, void *cookie)
{
	__builtin_trap(); /* only the address is used in this half */
}











/* Called by the user half: goes by its downcall, not by the wrapper. */
void card_kick(struct card *card)
{
	MD_DOWNCALL(MD_CALL_card_kick, md_value(card));
}


#include "md_irq_u.c"
