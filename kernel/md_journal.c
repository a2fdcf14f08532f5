// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a dead process had done: the releases that no pair tracks, noted as they are
 * made, and what was acquired that nothing can know of yet.
 *
 * The driver's own teardown, run by a fresh process (salvage), finds the fields as they were at
 * the last crossing, so it releases some things once more; those the journal passes over. What was
 * acquired again since is off it. An upcall that ends well forgets its notes.
 */
#include <linux/slab.h>
#include "md_runtime.h"

/* Under d->lock, or in the activation's own thread. */
static bool md_same(const struct md_done *a, const struct md_done *b)
{
	if (a->ended || b->ended)
		return a->ended == b->ended;
	return a->id == b->id && !memcmp(a->key, b->key, sizeof(a->key));
}

static void md_describe(struct md_driver *d, struct md_done *done, u32 id, u32 count, const u64 *key)
{
	int ended = id < d->m->downcall_count ? MD_DOWN_ENDED(d->downcalls[id]->flags) : -1;

	memset(done, 0, sizeof(*done));
	done->id = id;
	memcpy(done->key, key, min_t(u32, count, MD_KEYS_MAX) * sizeof(u64));
	if (ended >= 0 && ended < MD_KEYS_MAX)
		done->ended = key[ended];
}

static bool md_done_in(const struct md_done *list, const struct md_done *done)
{
	for (; list; list = list->next)
		if (md_same(list, done))
			return true;
	return false;
}

/* Takes one that is the same as @done off the list; the caller frees it. */
static struct md_done *md_done_take(struct md_done **list, const struct md_done *done)
{
	struct md_done *found;

	for (; (found = *list); list = &found->next) {
		if (!md_same(found, done))
			continue;
		*list = found->next;
		return found;
	}
	return NULL;
}

bool md_chain_salvages(const struct md_chain *chain)
{
	for (; chain; chain = chain->parent)
		if (chain->salvage)
			return true;
	return false;
}

/* It was held, and is given back in good order. */
static void md_held_drop(struct md_activation *act, const struct md_done *done)
{
	struct md_undo **at = &act->owed, *u;
	struct md_done held;

	while ((u = *at)) {
		md_describe(act->driver, &held, u->release, MD_KEYS_MAX, u->key);
		if (md_same(&held, done)) {
			*at = u->next;
			kfree(u);
			return;
		}
		at = &u->next;
	}
}

bool md_once(struct md_call *c)
{
	struct md_activation *act = c->act;
	struct md_driver *d = c->driver;
	struct md_done *done;
	int ended = MD_DOWN_ENDED(c->fn->flags);

	/* Asked once more, after the buffers. */
	if (c->noted || (ended >= 0 && !c->value[ended]))
		return !c->passed_over;
	c->noted = true;
	/* Without a note it might be done twice. */
	done = kmalloc(sizeof(*done), GFP_NOIO | __GFP_NOFAIL);
	md_describe(d, done, c->id, MD_KEYS_MAX, c->value);
	md_held_drop(act, done);
	if (md_chain_salvages(c->chain)) {
		spin_lock(&d->lock);
		c->passed_over = md_done_in(d->done, done) || md_done_in(act->done, done);
		spin_unlock(&d->lock);
		c->passed_over |= done->ended && md_late_is(d, done->ended);
	}
	if (c->passed_over) {
		kfree(done);
		atomic64_inc(&d->stat.passed_over);
		return false;
	}
	done->next = act->done;
	act->done = done;
	c->chain->worked = true;
	if (c->fn->late && c->fn->late(c->value, false))
		c->passed_over = md_late_put(c);
	return !c->passed_over;
}

void md_journal_reused(struct md_call *c, u32 release, u32 count, const u64 *key)
{
	struct md_driver *d = c->driver;
	struct md_done done, *found;

	md_describe(d, &done, release, count, key);
	kfree(md_done_take(&c->act->done, &done));
	md_late_again(d, done.ended, c->chain);
	if (!READ_ONCE(d->done))
		return;
	spin_lock(&d->lock);
	found = md_done_take(&d->done, &done);
	spin_unlock(&d->lock);
	kfree(found);
}

void md_holds(struct md_call *c, u32 release, u32 count, const u64 *key)
{
	struct md_activation *act = c->act;
	struct md_undo *u, *next;

	if (!act)
		return;
	md_journal_reused(c, release, count, key);
	/* What was held before something was published belongs to the driver's own structures by now. */
	if (act->owed && act->owed->at != act->bytes_out) {
		for (u = act->owed; u; u = next) {
			next = u->next;
			kfree(u);
		}
		act->owed = NULL;
	}
	u = kzalloc(sizeof(*u), GFP_NOIO | __GFP_NOFAIL);
	u->activation = act->id;
	u->instance = act->instance;
	u->instance_size = md_instance_size(c->driver, act->plan);
	u->at = act->bytes_out;
	u->release = release;
	memcpy(u->key, key, min_t(u32, count, MD_KEYS_MAX) * sizeof(u64));
	u->next = act->owed;
	act->owed = u;
}
EXPORT_SYMBOL_GPL(md_holds);

static void md_done_free(struct md_done *done)
{
	struct md_done *next;

	for (; done; done = next) {
		next = done->next;
		kfree(done);
	}
}

void md_journal_drop(struct md_activation *act)
{
	struct md_undo *u, *next;

	for (u = act->owed; u; u = next) {
		next = u->next;
		kfree(u);
	}
	act->owed = NULL;
	md_done_free(act->done);
	act->done = NULL;
}

/* It died: its notes stay until its instance is whole again, what nothing can point to is on the log. */
void md_journal_keep(struct md_activation *act)
{
	struct md_driver *d = act->driver;
	struct md_undo *u, *held = NULL;
	struct md_done **end;

	/* Oldest first, for the log has its newest in front. */
	while ((u = act->owed)) {
		act->owed = u->next;
		if (u->at == act->bytes_out) {
			u->next = held;
			held = u;
		} else {
			kfree(u);
		}
	}
	spin_lock(&d->lock);
	for (end = &act->done; *end; end = &(*end)->next)
		;
	*end = d->done;
	WRITE_ONCE(d->done, act->done);
	act->done = NULL;
	for (; held; held = held->next)
		list_add(&held->node, &d->undo);
	list_for_each_entry(u, &d->undo, node) {
		if (u->activation != act->id)
			continue;
		u->unseen |= u->at == act->bytes_out;
		/* Another attempt counts anew. */
		u->at = U64_MAX;
	}
	spin_unlock(&d->lock);
}

/* Under d->lock: nothing is left half done. */
void md_journal_forget(struct md_driver *d)
{
	struct md_done *done = d->done;

	WRITE_ONCE(d->done, NULL);
	md_done_free(done);
}
