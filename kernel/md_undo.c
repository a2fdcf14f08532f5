// SPDX-License-Identifier: GPL-2.0-only
/*
 * The undo log: what the driver acquired by downcalls and has not released.
 *
 * An entry remembers the activation that made it and that activation's instance
 * (its first argument). A failed call is undone by activation. A device is undone
 * by instance, and an instance includes what was acquired under objects that the
 * instance allocated or acquired: probe(pdev) allocates netdev, open(netdev)
 * requests the irq, so remove(pdev) gives it back.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include "md_runtime.h"

#define MD_FAMILY_MAX	256

#define MD_KEYS_TRACKED	3	/* of a release that is owed until it is made */

static bool md_same_debt(u32 a, const u64 *a_key, u32 b, const u64 *b_key)
{
	return a == b && !memcmp(a_key, b_key, MD_KEYS_TRACKED * sizeof(u64));
}

/* Under d->lock. */
static struct md_undo *md_owed(struct md_driver *d, u32 release, const u64 *key)
{
	struct md_undo *u;

	list_for_each_entry(u, &d->undo, node)
		if (md_same_debt(u->release, u->key, release, key))
			return u;
	return NULL;
}

/* Under d->lock: by a downcall that has not returned. */
static bool md_pending(struct md_driver *d, u32 release, const u64 *key)
{
	struct md_call *c;

	list_for_each_entry(c, &d->pending, pending)
		if (md_same_debt(c->pending_release, c->pending_key, release, key))
			return true;
	return false;
}

/* Under d->lock. From here until the downcall has returned nobody else acquires or gives back the same. */
static void md_pending_begin(struct md_call *c, u32 release, const u64 *key)
{
	if (!c->act || !list_empty(&c->pending))
		return;
	c->pending_release = release;
	memcpy(c->pending_key, key, sizeof(c->pending_key));
	list_add(&c->pending, &c->driver->pending);
}

void md_pending_end(struct md_call *c)
{
	if (list_empty(&c->pending))
		return;
	spin_lock(&c->driver->lock);
	list_del_init(&c->pending);
	spin_unlock(&c->driver->lock);
}

void md_acquiring(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2)
{
	const u64 key[MD_KEYS_TRACKED] = { key0, key1, key2 };
	struct md_driver *d = c->driver;
	bool owed;

	spin_lock(&d->lock);
	owed = md_pending(d, release, key) || md_owed(d, release, key);
	if (!owed)
		md_pending_begin(c, release, key);
	spin_unlock(&d->lock);
	if (owed)
		md_refuse(c, "first call: it was done, and not undone");
}
EXPORT_SYMBOL_GPL(md_acquiring);

void md_acquired(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2)
{
	struct md_driver *d = c->driver;
	struct md_undo *u;

	if (!c->act)
		return;
	/* An entry that is missing is a leak after a death, no more: no error for the caller. */
	u = kzalloc(sizeof(*u), GFP_NOIO | __GFP_NOFAIL);
	md_journal_reused(c, release, MD_KEYS_TRACKED, (const u64[]){ key0, key1, key2 });
	u->activation = c->act->id;
	u->at = c->act->bytes_out;
	u->instance = c->act->instance;
	u->instance_size = md_instance_size(d, c->act->plan);
	u->release = release;
	u->key[0] = key0;
	u->key[1] = key1;
	u->key[2] = key2;
	spin_lock(&d->lock);
	list_add(&u->node, &d->undo);
	spin_unlock(&d->lock);
}
EXPORT_SYMBOL_GPL(md_acquired);

bool md_releasing(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2)
{
	const u64 key[MD_KEYS_TRACKED] = { key0, key1, key2 };
	struct md_driver *d = c->driver;
	struct md_undo *found;

	spin_lock(&d->lock);
	found = md_owed(d, release, key);
	if (found) {
		list_del(&found->node);
		md_pending_begin(c, release, key);
	}
	spin_unlock(&d->lock);
	kfree(found);
	/* A repetition of the call could not do this again. */
	if (found) {
		md_gate_publish(d, c->chain);
		md_releases(c->act);
		c->chain->worked = true;
	}
	return found;
}
EXPORT_SYMBOL_GPL(md_releasing);

void md_undo_call(struct md_driver *d, u32 release, const u64 *key, struct md_chain *chain)
{
	const struct md_downcall *fn;
	struct md_call c = {
		.driver = d,
		.chain = chain,
		.id = release,
		.bad_arg = -1,
		.temps = LIST_HEAD_INIT(c.temps),
	};

	if (release >= d->m->downcall_count)
		return;
	fn = d->downcalls[release];
	c.fn = fn;
	memcpy(c.value, key, MD_KEYS_MAX * sizeof(u64));
	/* Not md_call_begin(): no lock's context is left to be made. */
	md_settle_begin(&c);
	if (fn->undo)
		fn->undo(&c, key);
	md_settle_end(&c);
	if (c.bad_arg >= 0)
		pr_warn("microdriver: %s: %s is not undone, since a call still works on what it ends\n",
			d->name, fn->name);
	/* Whether or not its text says that it settles. */
	md_gate_purge(&d->gating, key, MD_KEYS_MAX);
}

static void md_undo_one(struct md_driver *d, struct md_undo *u, struct md_chain *chain)
{
	md_undo_call(d, u->release, u->key, chain);
	kfree(u);
}

bool md_undo_owes(struct md_driver *d, u64 activation)
{
	struct md_undo *u;
	bool owes = false;

	spin_lock(&d->lock);
	list_for_each_entry(u, &d->undo, node)
		owes |= u->activation == activation;
	spin_unlock(&d->lock);
	return owes;
}

/* Under d->lock: does @k name an allocation of the driver's? */
static bool md_names_memory(struct md_driver *d, u64 k)
{
	struct md_range *r = md_range_first(&d->allocs, k, k);

	return r && r->start == k;
}

/* Under d->lock: does its release free memory of the driver's? */
static bool md_undo_frees(struct md_driver *d, const struct md_undo *u)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(u->key); i++)
		if (md_names_memory(d, u->key[i]))
			return true;
	return false;
}

/* Under d->lock: does @k lie in an allocation of the driver's, and made for which instance? */
static bool md_made_for(struct md_driver *d, u64 k, u64 *owner)
{
	struct md_range *r = md_range_first(&d->allocs, k, k);

	if (r)
		*owner = container_of(r, struct md_alloc, range)->instance;
	return r;
}

/* What is to be undone: the caller's choice, asked under d->lock. */
struct md_choice {
	bool (*wanted)(struct md_driver *d, const struct md_undo *u, struct md_choice *choice);
	u64 of;			/* an activation, or a root */
	bool frees;		/* answer: what was undone freed memory of the driver's */
	int count;		/* answer */
};

/* Newest first, and one at a time: undoing may sleep, and lead to anything. */
static void md_undo_chosen(struct md_driver *d, struct md_choice *choice, struct md_chain *chain)
{
	struct md_undo *u, *found;

	do {
		found = NULL;
		spin_lock(&d->lock);
		list_for_each_entry(u, &d->undo, node) {
			if (choice->wanted(d, u, choice)) {
				list_del(&u->node);
				found = u;
				choice->frees |= md_undo_frees(d, u);
				choice->count++;
				break;
			}
		}
		spin_unlock(&d->lock);
		if (found)
			md_undo_one(d, found, chain);
	} while (found);
}

static bool md_wanted_by_activation(struct md_driver *d, const struct md_undo *u, struct md_choice *choice)
{
	return u->activation == choice->of;
}

static bool md_wanted_unseen(struct md_driver *d, const struct md_undo *u, struct md_choice *choice)
{
	return u->unseen && u->activation == choice->of;
}

static bool md_wanted_unseen_of(struct md_driver *d, const struct md_undo *u, struct md_choice *choice)
{
	u64 root;

	return u->unseen && (!choice->of || !md_root_of(d, u->instance, &root) || root == choice->of);
}

bool md_undo_activation(struct md_driver *d, u64 activation, struct md_chain *chain)
{
	struct md_choice choice = { md_wanted_by_activation, activation };

	md_undo_chosen(d, &choice, chain);
	return choice.frees;
}

/*
 * Does it name nothing but the instance, memory allocated for it, the kernel's own resources, and numbers? Anything else (a
 * workqueue, a cache, a class) a driver may keep for its next device, in a variable of its own. Memory itself stays: a reference
 * that somebody took before the probe failed may lead to it.
 */
static bool md_wanted_of_failed(struct md_driver *d, const struct md_undo *u, struct md_choice *choice)
{
	u64 owner;
	u32 i;

	if (u->activation != choice->of || md_names_memory(d, u->key[0]))
		return false;
	for (i = 0; i < ARRAY_SIZE(u->key); i++) {
		u64 k = u->key[i];

		if (md_address_is_kernel(k) && k != u->instance && !(k >= __START_KERNEL_map && k < MODULES_VADDR) &&
		    !(md_made_for(d, k, &owner) && owner == u->instance))
			return false;
	}
	return true;
}

int md_undo_failed(struct md_driver *d, u64 activation, struct md_chain *chain)
{
	struct md_choice choice = { md_wanted_of_failed, activation };

	md_undo_chosen(d, &choice, chain);
	return choice.count;
}

void md_undo_unseen(struct md_driver *d, u64 activation, struct md_chain *chain)
{
	struct md_choice choice = { md_wanted_unseen, activation };

	md_undo_chosen(d, &choice, chain);
}

void md_undo_unseen_of(struct md_driver *d, u64 root, struct md_chain *chain)
{
	struct md_choice choice = { md_wanted_unseen_of, root };

	md_undo_chosen(d, &choice, chain);
}

struct md_family {
	u32 count;
	u64 member[MD_FAMILY_MAX];
};

/* Under d->lock: is @k a member, or inside an allocation made for one? */
static bool md_related(struct md_driver *d, const struct md_family *f, u64 k)
{
	u64 owner;
	u32 i;

	for (i = 0; i < f->count; i++)
		if (f->member[i] == k)
			return true;
	if (!md_made_for(d, k, &owner))
		return false;
	for (i = 0; i < f->count; i++)
		if (f->member[i] == owner)
			return true;
	return false;
}

/* Adds what the family's entries name, until nothing is new. */
static void md_family_grow(struct md_driver *d, struct md_family *f)
{
	struct md_undo *u;
	u32 before, i;

	do {
		before = f->count;
		list_for_each_entry(u, &d->undo, node) {
			if (!md_related(d, f, u->instance))
				continue;
			for (i = 0; i < ARRAY_SIZE(u->key); i++)
				if (f->count < MD_FAMILY_MAX && md_address_is_kernel(u->key[i]) &&
				    !md_related(d, f, u->key[i]))
					f->member[f->count++] = u->key[i];
			if (f->count < MD_FAMILY_MAX && !md_related(d, f, u->instance))
				f->member[f->count++] = u->instance;
		}
	} while (f->count != before && f->count < MD_FAMILY_MAX);
}

/* @instance 0: the module itself, that is, everything. */
bool md_undo_instance(struct md_driver *d, u64 instance, struct md_chain *chain)
{
	bool any = false;
	struct md_family *f = kzalloc(sizeof(*f), GFP_NOIO | __GFP_NOFAIL);
	struct md_undo *u, *found;

	f->member[f->count++] = instance;
	do {
		found = NULL;
		spin_lock(&d->lock);
		md_family_grow(d, f);
		list_for_each_entry(u, &d->undo, node) {
			if (!instance || md_related(d, f, u->instance)) {
				list_del(&u->node);
				found = u;
				break;
			}
		}
		spin_unlock(&d->lock);
		any |= !!found;
		if (found)
			md_undo_one(d, found, chain);
	} while (found);
	kfree(f);
	return any;
}

/* The module goes: what is left on the log the driver left to the kernel on purpose. */
void md_undo_forget(struct md_driver *d)
{
	struct md_interned *e, *next_e;
	struct md_undo *u, *next;

	list_for_each_entry_safe(u, next, &d->undo, node)
		kfree(u);
	INIT_LIST_HEAD(&d->undo);
	list_for_each_entry_safe(e, next_e, &d->interned, node)
		kfree(e);
	INIT_LIST_HEAD(&d->interned);
}
