// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quarantine: what a dead upcall left half done is met by nobody.
 *
 * Tainted is a *root*: the instance that others were acquired for, in the end what
 * probe was called with. Until its teardown, which the undo log does, no user code runs for it: other upcalls
 * fail at once, deferred ones are dropped, the gate stays closed. A call that belongs to
 * no known instance is taken for one of a tainted root; a taint without a known root is everybody's (root 0).
 *
 * A call that died is on @exposed from its death until its caller has decided: in between it counts as tainted.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include "md_runtime.h"

#define MD_ROOT_DEPTH	8

struct md_taint {
	struct list_head node;
	u64 root;
	const char *entry;
	u32 users;		/* calls that have not decided */
	bool lasting;
	bool hopeless;		/* what the runtime can do has been tried */
};

/* The instance that @k is, or is part of, by what was acquired for it; 0: unknown. Under d->lock. */
static u64 md_instance_around(struct md_driver *d, u64 k)
{
	u64 around = 0, named = 0;
	struct rb_node *rb;
	struct md_undo *u;
	u32 i;

	list_for_each_entry(u, &d->undo, node) {
		if (u->instance == k)
			return k;
		if (u->instance && k - u->instance < u->instance_size)
			around = u->instance;
		for (i = 0; i < ARRAY_SIZE(u->key); i++)
			if (u->key[i] == k && u->instance)
				named = u->instance;
	}
	for (rb = rb_first_cached(&d->allocs); rb; rb = rb_next(rb)) {
		struct md_alloc *a = container_of(rb, struct md_alloc, range.rb);

		if (a->instance == k)
			return k;
		if (a->instance && k - a->instance < a->instance_size)
			around = a->instance;
	}
	return around ?: named;
}

/* Under d->lock. False: nothing is known of @k. */
bool md_root_of(struct md_driver *d, u64 k, u64 *root)
{
	struct md_alloc *a;
	struct md_range *r;
	int depth;
	u64 next;

	for (depth = 0; k && depth < MD_ROOT_DEPTH; depth++) {
		r = md_range_first(&d->allocs, k, k);
		a = r ? container_of(r, struct md_alloc, range) : NULL;
		next = a ? a->instance : md_instance_around(d, k);
		if (!a && !next) {
			*root = 0;
			return false;
		}
		if (next == k || next == MD_NOBODY)
			break;
		k = next;
	}
	*root = k;
	return true;
}

u64 md_instance_of(const struct md_plan *p, const u64 *args)
{
	return p->param_count && p->params[0].pass != MD_PASS_SCALAR ? args[0] : 0;
}

bool md_instance_is(const struct md_driver *d, const struct md_plan *p, const char *type)
{
	u16 id = p->param_count ? p->params[0].type : MD_TYPE_NONE;

	return id < d->m->type_count && !strcmp(d->m->types[id].name, type);
}

u64 md_instance_size(struct md_driver *d, const struct md_plan *p)
{
	u16 type = p->param_count ? p->params[0].type : MD_TYPE_NONE;

	return type < d->m->type_count ? d->m->types[type].size : 1;
}

/* ---- who is tainted ------------------------------------------------------------ */

/* From now on its death may matter to others. */
void md_expose(struct md_activation *act)
{
	struct md_driver *d = act->driver;

	spin_lock(&d->lock);
	if (list_empty(&act->exposed))
		list_add(&act->exposed, &d->exposed);
	spin_unlock(&d->lock);
}

void md_cover(struct md_activation *act)
{
	struct md_driver *d = act->driver;

	spin_lock(&d->lock);
	list_del_init(&act->exposed);
	spin_unlock(&d->lock);
}

void md_releases(struct md_activation *act)
{
	if (!act || act->releases)
		return;
	WRITE_ONCE(act->releases, true);
	md_expose(act);
}

/* Does a taint of @tainted concern one who is called for @root? */
static bool md_concerns(u64 tainted, bool known, u64 root, u64 instance, bool teardown)
{
	if (!tainted)
		return true;
	/* The module's own end brings the teardown of its instances about. */
	if (!instance)
		return !teardown;
	return !known || root == tainted;
}

bool md_quarantined(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	bool teardown = p->on_death == MD_UNDO, known, concerned = false;
	struct md_activation *act;
	struct md_taint *t;
	u64 root, other;

	if (likely(list_empty_careful(&d->taints) && list_empty_careful(&d->exposed)))
		return false;
	spin_lock(&d->lock);
	known = md_root_of(d, instance, &root);
	list_for_each_entry(t, &d->taints, node)
		concerned |= md_concerns(t->root, known, root, instance, teardown);
	list_for_each_entry(act, &d->exposed, exposed) {
		if (!READ_ONCE(act->session->dead))
			continue;
		if (!md_root_of(d, act->instance, &other))
			other = 0;
		concerned |= md_concerns(other, known, root, instance, teardown);
	}
	spin_unlock(&d->lock);
	return concerned;
}

static struct md_taint *md_taint_find(struct md_driver *d, u64 root)
{
	struct md_taint *t;

	list_for_each_entry(t, &d->taints, node)
		if (t->root == root)
			return t;
	return NULL;
}

/* Under d->lock: that of @root, made of *@spare if there is none. */
static struct md_taint *md_taint_at(struct md_driver *d, u64 root, const char *entry, struct md_taint **spare)
{
	struct md_taint *t = md_taint_find(d, root);

	if (t)
		return t;
	t = *spare;
	*spare = NULL;
	t->root = root;
	t->entry = entry;
	list_add_tail(&t->node, &d->taints);
	return t;
}

/* Until @chain decides, at least. The root is noted now: what leads to it may end. */
void md_taint(struct md_driver *d, u64 instance, const char *entry, struct md_chain *chain)
{
	struct md_taint *spare;

	if (chain->tainted)
		return;
	spare = kzalloc(sizeof(*spare), GFP_NOIO | __GFP_NOFAIL);
	spin_lock(&d->lock);
	if (!md_root_of(d, instance, &chain->root))
		chain->root = 0;
	chain->tainted = true;
	md_taint_at(d, chain->root, entry, &spare)->users++;
	spin_unlock(&d->lock);
	kfree(spare);
}

/* Is anything left of @root that @activation did not make? Under d->lock. */
static bool md_left(struct md_driver *d, u64 root, u64 activation)
{
	struct rb_node *rb;
	struct md_undo *u;
	u64 other;

	if (!root)
		return true;
	list_for_each_entry(u, &d->undo, node)
		if (u->activation != activation && md_root_of(d, u->instance, &other) && other == root)
			return true;
	for (rb = rb_first_cached(&d->allocs); rb; rb = rb_next(rb)) {
		struct md_alloc *a = container_of(rb, struct md_alloc, range.rb);

		if (a->activation != activation && md_root_of(d, a->instance, &other) && other == root)
			return true;
	}
	return false;
}

/* The memory that is left of @root nobody can give back: it is lost, and belongs to no instance. */
static void md_orphan(struct md_driver *d, u64 root)
{
	struct rb_node *rb;
	u64 other;

	for (rb = rb_first_cached(&d->allocs); rb; rb = rb_next(rb)) {
		struct md_alloc *a = container_of(rb, struct md_alloc, range.rb);

		if (md_root_of(d, a->range.start, &other) && other == root)
			a->instance = MD_NOBODY;
	}
}

/* Under d->lock: if nothing is half done, nobody asks what the dead had done. */
static bool md_taint_none(struct md_driver *d)
{
	if (!list_empty(&d->taints))
		return false;
	md_journal_forget(d);
	return true;
}

/*
 * The call is over, which may have left something half done that no other can go on from. A probe
 * that failed has not: all there was of its instance went with it.
 */
void md_taint_decide(struct md_driver *d, u64 activation, struct md_chain *chain)
{
	const char *entry = NULL;
	bool lasts = false, none;
	struct md_taint *t;

	spin_lock(&d->lock);
	t = md_taint_find(d, chain->root);
	if (t) {
		/* None: it was made anew since. */
		if (t->users)
			t->users--;
		if (chain->half && md_left(d, t->root, activation)) {
			entry = t->lasting ? NULL : t->entry;
			t->lasting = true;
		} else if (chain->half && !t->lasting) {
			md_orphan(d, t->root);
		}
		lasts = t->lasting;
		if (!lasts && !t->users) {
			list_del(&t->node);
			kfree(t);
		}
	}
	none = md_taint_none(d);
	spin_unlock(&d->lock);
	if (lasts)
		md_gate_stall(d, chain);
	else if (none)
		md_gate_unstall(d);
	wake_up_all(&d->wait);
	if (entry && !READ_ONCE(d->leaving))
		queue_work(system_freezable_wq, &d->recover);
}

/* ---- teardown ------------------------------------------------------------------------ */

/* What is freed next a device may still write to. */
static void md_fence_device(struct md_driver *d, const struct md_plan *p, u64 instance)
{
	if (instance && md_instance_is(d, p, "struct pci_dev"))
		pci_clear_master((struct pci_dev *)instance);
}

bool md_taint_end(struct md_driver *d, u64 root)
{
	struct md_taint *t, *next;
	bool lasting = false, none;

	spin_lock(&d->lock);
	list_for_each_entry_safe(t, next, &d->taints, node) {
		if (root && t->root != root)
			continue;
		lasting |= t->lasting;
		list_del(&t->node);
		kfree(t);
	}
	none = md_taint_none(d);
	if (!none && root)
		md_journal_whole(d, root);
	spin_unlock(&d->lock);
	if (none)
		md_gate_unstall(d);
	wake_up_all(&d->wait);
	return lasting;
}

bool md_taint_next(struct md_driver *d, u64 *root, const char **entry)
{
	struct md_taint *t;
	bool found = false;

	spin_lock(&d->lock);
	list_for_each_entry(t, &d->taints, node) {
		if (!t->lasting || t->hopeless)
			continue;
		found = true;
		*root = t->root;
		*entry = t->entry;
		break;
	}
	spin_unlock(&d->lock);
	return found;
}

/* Calls that died have not said what they left. */
bool md_taint_undecided(struct md_driver *d)
{
	struct md_taint *t;
	bool undecided = false;

	spin_lock(&d->lock);
	list_for_each_entry(t, &d->taints, node)
		undecided |= t->users;
	spin_unlock(&d->lock);
	return undecided;
}

bool md_tainted(struct md_driver *d, u64 root)
{
	struct md_taint *t;

	spin_lock(&d->lock);
	t = md_taint_find(d, root);
	spin_unlock(&d->lock);
	return t;
}

void md_taint_hopeless(struct md_driver *d, u64 root)
{
	struct md_taint *t;

	spin_lock(&d->lock);
	t = md_taint_find(d, root);
	if (t)
		t->hopeless = true;
	spin_unlock(&d->lock);
}

void md_taint_again(struct md_driver *d, u64 root, const char *entry)
{
	struct md_taint *spare = kzalloc(sizeof(*spare), GFP_NOIO | __GFP_NOFAIL);
	struct md_chain chain = {};

	spin_lock(&d->lock);
	md_taint_at(d, root, entry, &spare)->lasting = true;
	spin_unlock(&d->lock);
	kfree(spare);
	md_gate_stall(d, &chain);
}

/* All of @root is gone. True if it was tainted for good. */
static bool md_torn(struct md_driver *d, u64 root)
{
	bool lasting = md_taint_end(d, root);

	spin_lock(&d->lock);
	if (root)
		md_orphan(d, root);
	spin_unlock(&d->lock);
	return lasting;
}

/* The root whose teardown @instance is a part of. Of what is unknown nothing is on the log, and nothing is over. */
static u64 md_root_torn(struct md_driver *d, u64 instance)
{
	u64 root = 0;

	spin_lock(&d->lock);
	if (instance && !md_root_of(d, instance, &root))
		root = MD_NOBODY;
	spin_unlock(&d->lock);
	return root;
}

/* In place of user code. Of a whole instance it is the end of the taint, too. True if there was anything to do. */
bool md_tear_down(struct md_driver *d, const struct md_plan *p, u64 instance, struct md_chain *chain)
{
	u64 root = md_root_torn(d, instance);
	bool any;

	md_gate_tearing(d, true);
	if (root == instance)
		md_fence_device(d, p, instance);
	any = md_undo_instance(d, instance, chain);
	md_gate_tearing(d, false);
	if (root == instance && (md_torn(d, root) || chain->half))
		pr_warn("microdriver: %s: the kernel half did %s: buffers that only the driver knew of are lost\n",
			d->name, p->name);
	return any;
}

void md_taint_salvaged(struct md_driver *d, const struct md_plan *p, u64 instance, struct md_chain *chain)
{
	u64 root = md_root_torn(d, instance);

	md_undo_unseen_of(d, root, chain);
	if (root == instance) {
		md_fence_device(d, p, instance);
		md_undo_instance(d, instance, chain);
		md_torn(d, root);
	} else if (md_recover_closing(d, p, instance)) {
		md_taint_end(d, root);
	}
}

void md_taint_show(struct seq_file *f, struct md_driver *d)
{
	struct md_taint *t;

	spin_lock(&d->lock);
	list_for_each_entry(t, &d->taints, node)
		seq_printf(f, "tainted: %s%s\n", t->entry, t->hopeless ? " (unbind its device)" : "");
	spin_unlock(&d->lock);
}

void md_taint_forget(struct md_driver *d)
{
	struct md_taint *t, *next;

	list_for_each_entry_safe(t, next, &d->taints, node)
		kfree(t);
	INIT_LIST_HEAD(&d->taints);
	md_journal_forget(d);
}
