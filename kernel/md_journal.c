// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a dead process had done: the releases that no pair tracks, noted as they are
 * made, the steps of a teardown, and what was acquired that nothing can know of yet.
 *
 * The driver's own teardown, run by a fresh process (salvage), finds the fields as they were at
 * the last crossing, so it releases some things once more; those the journal passes over. What was
 * acquired again since is off it. An upcall that ends well forgets its notes.
 *
 * Of most kernel functions nobody knows what they do. In a teardown each is a step: a second attempt
 * at the same one, for the same instance, passes over as many calls with these arguments as the first
 * one made, and gives their results again in the order in which they came, so a loop ends as it did.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include "md_runtime.h"

/* Under d->lock, or in the activation's own thread. */
static bool md_same(const struct md_done *a, const struct md_done *b)
{
	if (a->ended || b->ended)
		return a->ended == b->ended;
	return a->id == b->id && a->plan == b->plan && a->instance == b->instance && a->rest == b->rest &&
	       !memcmp(a->key, b->key, sizeof(a->key));
}

static void md_describe(struct md_driver *d, struct md_done *done, u32 id, u32 count, const u64 *key)
{
	int ended = id < d->m->downcall_count ? MD_DOWN_ENDED(d->downcalls[id]->flags) : -1;

	memset(done, 0, sizeof(*done));
	done->id = id;
	done->plan = MD_ANY_PLAN;
	memcpy(done->key, key, min_t(u32, count, MD_KEYS_MAX) * sizeof(u64));
	if (ended >= 0 && ended < MD_KEYS_MAX)
		done->ended = key[ended];
}

static u64 md_mix(u64 hash, u64 value)
{
	return (hash ^ value) * GOLDEN_RATIO_64 + 1;
}

void md_once_of(struct md_call *c, const void *bytes, size_t size)
{
	if (md_is_noted(c))
		c->rest = md_mix(c->rest, jhash(bytes, size, 0));
}

static struct md_done *md_done_new(struct md_call *c)
{
	/* Without a note it might be done twice. */
	struct md_done *done = kmalloc(sizeof(*done), GFP_NOIO | __GFP_NOFAIL);
	u32 i;

	md_describe(c->driver, done, c->id, MD_KEYS_MAX, c->value);
	done->rest = c->rest;
	for (i = MD_KEYS_MAX; i < MD_ARGS_MAX; i++)
		if (c->value[i])
			done->rest = md_mix(done->rest, c->value[i]);
	if (c->fn->flags & MD_DOWN_ONCE)
		return done;
	done->plan = c->act->plan_id;
	done->instance = c->act->instance;
	return done;
}

static bool md_done_in(const struct md_done *list, const struct md_done *done)
{
	for (; list; list = list->next)
		if (md_same(list, done))
			return true;
	return false;
}

/* Under d->lock. What a dead process did twice is passed over twice, in the order in which it did it; what it ended, always. */
static bool md_done_pass(struct md_call *c, const struct md_done *done)
{
	struct md_done *list, *found = NULL;

	for (list = c->driver->done; list; list = list->next)
		if (md_same(list, done) && (done->ended || list->passed != c->session->number))
			found = list;
	if (!found)
		return c->driver->done_lost || (done->ended && md_done_in(c->act->done, done));
	found->passed = c->session->number;
	c->answer = found->value;
	return true;
}

/* Takes one that is the same as @done off the list; the caller frees it. */
static struct md_done *md_done_take(struct md_done **list, u32 *count, const struct md_done *done)
{
	struct md_done *found;

	for (; (found = *list); list = &found->next) {
		if (!md_same(found, done))
			continue;
		WRITE_ONCE(*list, found->next);
		(*count)--;
		return found;
	}
	return NULL;
}

static void md_done_free(struct md_done *done)
{
	struct md_done *next;

	for (; done; done = next) {
		next = done->next;
		kfree(done);
	}
}

/* What a driver's fields name it has written since the older half of so many; of a teardown's all count. */
static void md_done_limit(struct md_activation *act)
{
	struct md_done *last = act->done;
	u32 i;

	if (act->done_count < MD_DONE_MAX)
		return;
	act->done_lost |= act->plan->on_death == MD_UNDO;
	act->done_count = MD_DONE_MAX / 2;
	for (i = 1; i < act->done_count; i++)
		last = last->next;
	md_done_free(last->next);
	last->next = NULL;
}

static void md_done_add(struct md_call *c, struct md_done *done)
{
	struct md_activation *act = c->act;

	md_done_limit(act);
	done->next = act->done;
	act->done = done;
	act->done_count++;
	c->note = done;
	c->chain->worked = true;
}

u64 md_answer(struct md_call *c, u64 value)
{
	if (!(c->fn->flags & MD_DOWN_ANSWERS))
		return value;
	if (c->note)
		c->note->value = value;
	return c->passed_over ? c->answer : value;
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
	done = md_done_new(c);
	md_held_drop(act, done);
	if (md_chain_salvages(c->chain)) {
		spin_lock(&d->lock);
		c->passed_over = md_done_pass(c, done);
		spin_unlock(&d->lock);
		c->passed_over |= done->ended && md_late_is(d, done->ended);
	}
	if (c->passed_over) {
		kfree(done);
		atomic64_inc(&d->stat.passed_over);
		return false;
	}
	md_done_add(c, done);
	if (c->fn->late && c->fn->late(c->value, false))
		c->passed_over = md_late_put(c);
	return !c->passed_over;
}

void md_journal_reused(struct md_call *c, u32 release, u32 count, const u64 *key)
{
	struct md_driver *d = c->driver;
	struct md_done done, *found;

	md_describe(d, &done, release, count, key);
	found = md_done_take(&c->act->done, &c->act->done_count, &done);
	if (found == c->note)
		c->note = NULL;
	kfree(found);
	md_late_again(d, done.ended, c->chain);
	if (!READ_ONCE(d->done))
		return;
	spin_lock(&d->lock);
	found = md_done_take(&d->done, &d->done_count, &done);
	spin_unlock(&d->lock);
	kfree(found);
}

/* Drops the steps that @drop is true of; releases stay. */
static void md_done_drop(struct md_done **link, u32 *count, bool (*drop)(const struct md_done *done, const void *what), const void *what)
{
	struct md_done *done;

	while ((done = *link)) {
		if (done->plan == MD_ANY_PLAN || !drop(done, what)) {
			link = &done->next;
			continue;
		}
		WRITE_ONCE(*link, done->next);
		(*count)--;
		kfree(done);
	}
}

static bool md_done_is(const struct md_done *done, const void *what)
{
	return done == what;
}

void md_journal_cut(struct md_call *c)
{
	if (c->note->plan == MD_ANY_PLAN)
		return;
	md_done_drop(&c->act->done, &c->act->done_count, md_done_is, c->note);
	c->note = NULL;
}

struct md_done_root {
	struct md_driver *d;
	u64 root;
};

static bool md_done_of_root(const struct md_done *done, const void *what)
{
	const struct md_done_root *of = what;
	u64 root;

	return done->instance == of->root || (md_root_of(of->d, done->instance, &root) && root == of->root);
}

void md_journal_whole(struct md_driver *d, u64 root)
{
	const struct md_done_root of = { d, root };

	md_done_drop(&d->done, &d->done_count, md_done_of_root, &of);
}

struct md_done_range {
	const struct md_done *but;
	u64 k, size;
};

static bool md_done_in_range(const struct md_done *done, const void *what)
{
	const struct md_done_range *in = what;
	u32 i;

	for (i = 0; i < MD_KEYS_MAX; i++)
		if (done->key[i] - in->k < in->size)
			return done != in->but;
	return false;
}

void md_journal_fresh(struct md_call *c, u64 k, u64 size)
{
	const struct md_done_range in = { c->note, k, max(size, 1ULL) };
	struct md_driver *d = c->driver;

	if (!c->act)
		return;
	md_done_drop(&c->act->done, &c->act->done_count, md_done_in_range, &in);
	if (!READ_ONCE(d->done))
		return;
	spin_lock(&d->lock);
	md_done_drop(&d->done, &d->done_count, md_done_in_range, &in);
	spin_unlock(&d->lock);
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
	act->done_count = 0;
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
	d->done_lost |= act->done_lost || d->done_count + act->done_count > MD_DONE_MAX * 2;
	if (!d->done_lost) {
		for (end = &act->done; *end; end = &(*end)->next)
			;
		*end = d->done;
		WRITE_ONCE(d->done, act->done);
		d->done_count += act->done_count;
		act->done = NULL;
	}
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
	/* There were too many. */
	md_done_free(act->done);
	act->done = NULL;
}

/* Under d->lock: nothing is left half done. */
void md_journal_forget(struct md_driver *d)
{
	struct md_done *done = d->done;

	WRITE_ONCE(d->done, NULL);
	d->done_count = 0;
	d->done_lost = false;
	md_done_free(done);
}
