/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a generated kernel half hands to the runtime: tables, and the few calls
 * that its stubs and downcall handlers make. The tables are the marshaling
 * plan; the interpreter that walks them is in the runtime (md_sync.c), the only
 * place where bytes cross between the halves.
 *
 * Terms: an *object* is one record at one kernel address. A *visit* says which
 * of its fields one entry point reads (travel in) and writes (travel back) and
 * which pointers lead on. An *activation* is one upcall in progress.
 */
#ifndef MICRODRIVER_H
#define MICRODRIVER_H

#include <linux/types.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include "microdriver_wire.h"

struct md_module;
struct napi_struct;
struct net_device;
struct sk_buff;
struct timer_list;

#define MD_TYPE_NONE	0xffff	/* no record type: plain bytes or untyped */
#define MD_TYPE_BYTES	0xfffe	/* of an allocation site: plain bytes that travel while the activation lasts */

/* ---- types: layout facts for checking pointers ------------------------- */

/* A record of type @type nested by value at @offset (array elements each have an entry). */
struct md_embed {
	u32 offset;
	u16 type;
	u16 pad;
};

struct md_type {
	const char *name;
	u32 size;
	u32 embed_count;
	const struct md_embed *embeds;
};

/* ---- plans -------------------------------------------------------------- */

enum md_kind {
	MD_BYTES,	/* plain bytes, written back by byte; an aligned element of 1, 2, 4 or 8 as a whole */
	MD_BITS,	/* storage unit of bit-fields; only changed bits are written back */
	MD_PTR,		/* pointer to record @type: translate and visit */
	MD_PTR_ARRAY,	/* pointer to an array of record @type: visit every element of the allocation */
	MD_PTR_ANY,	/* void *: translate; visit by the run-time type of its allocation, else as @type, if the plan has one */
	MD_PTR_OPAQUE,	/* translate only; nobody looks behind it */
	MD_PTR_BYTES,	/* pointer to scalars: bring the whole allocation as bytes */
	MD_PTR_STRING,	/* char *: bring the string up to its NUL (MD_STRING_MAX at most) */
	MD_PTR_FUNC,	/* function pointer: through the symbol table */
	MD_EMBED,	/* record @type by value whose address is used: visit it in place */
};

#define MD_IN	1	/* the user half reads it */
#define MD_OUT	2	/* the user half writes it */
#define MD_COOKIE 4	/* MD_PTR_OPAQUE, MD_PTR_ANY: a small number will do as well */
#define MD_STRING_MAX 4096

/* @count elements of @size bytes, @stride apart, from @offset on. */
struct md_field {
	u32 offset;
	u32 size;
	u32 count;
	u32 stride;
	u16 type;	/* MD_PTR_FUNC: number of a function set, or MD_TYPE_NONE */
	u8 kind;	/* enum md_kind */
	u8 dir;		/* MD_IN | MD_OUT | MD_COOKIE; for MD_PTR_BYTES: direction of the pointed-to bytes too */
};

/* From an object at p another one at p + @offset is reached (container_of, private area). */
struct md_derived {
	s64 offset;
	u16 type;
	u16 pad[3];
};

/* What one entry point touches in objects of @type. */
struct md_visit {
	u16 type;
	u16 field_count;
	u16 derived_count;
	u16 pad;
	const struct md_field *fields;
	const struct md_derived *derived;
};

/* A global of the driver that an entry point touches; fields are relative to its start. */
struct md_global {
	u16 symbol;	/* index into the module's symbol table */
	u16 field_count;
	u32 pad;
	const struct md_field *fields;
};

enum md_pass {
	MD_PASS_SCALAR,
	MD_PASS_OBJECT,	/* pointer to record @type */
	MD_PASS_STRING,	/* const char * */
	MD_PASS_OPAQUE,	/* pointer that is only handed on: must still lie in an object */
	MD_PASS_FUNC,
	MD_PASS_ANY,	/* void * cookie: visited by run-time type, else passed as opaque */
	MD_PASS_VOID,	/* result only */
	MD_PASS_ARRAY,	/* pointer to as many bytes as argument @length says */
};

struct md_param {
	u8 pass;	/* enum md_pass */
	u8 size;	/* bytes of a scalar */
	u16 type;	/* MD_PASS_ARRAY: of its elements, MD_TYPE_NONE for plain bytes */
	u8 length;	/* MD_PASS_ARRAY: index of the hidden argument, behind the last parameter, that holds its bytes */
	u8 dir;		/* MD_PASS_ARRAY of plain bytes: MD_IN | MD_OUT */
	u16 pad;
};

enum md_on_death {
	MD_FAIL,	/* the caller gets -EIO (or the like) and what this call acquired is undone */
	MD_RETRY,	/* idempotent: run once more in a fresh process, then as MD_FAIL */
	MD_UNDO,	/* teardown: release all that the instance (argument 0) still holds; result is success */
};

#define MD_HOLDS_RTNL	1	/* its caller holds the network's configuration lock */

/* One entry point of the user half. */
struct md_plan {
	const char *name;
	u8 param_count;	/* without hidden arguments: those never reach the user half */
	u8 on_death;	/* enum md_on_death */
	u8 holds;	/* MD_HOLDS_* */
	u16 visit_count;
	struct md_param result;
	const struct md_param *params;
	const struct md_visit *visits;	/* sorted by type */
	const struct md_global *globals;
	u32 global_count;
	u32 hidden_count;	/* arguments behind the parameters: lengths of arrays */
	const u64 *calls;	/* a bit for each downcall that its text can lead to */
	bool endless;		/* a thread's main loop: nobody waits for its end */
	bool alone;		/* what minds MD_GATE_ALONE is kept out meanwhile */
	bool binds;		/* its first argument: of a device that it refuses there is nothing */
};

/* ---- symbols -------------------------------------------------------------- */

enum md_symbol_kind {
	MD_SYM_FUNCTION,
	MD_SYM_DATA,	/* writable, synchronised by plans */
	MD_SYM_CONST,	/* each half has its own equal copy */
	MD_SYM_OPAQUE,	/* only the address means something (&__this_module) */
};

struct md_symbol {
	const char *name;
	void *address;
	u32 size;
	u16 type;	/* record type, for DATA and CONST, or MD_TYPE_NONE */
	u8 kind;	/* enum md_symbol_kind */
	u8 pad;
};

/* What a function pointer of the user half's can name: numbers of symbols. */
struct md_function_set {
	const u16 *symbols;
	u32 count;
};

/* ---- downcalls ------------------------------------------------------------ */

struct md_call;

struct md_downcall {
	const char *name;
	u64 (*handler)(struct md_call *c);
	/* For a release function: release what @key names (md_release included, as its handler would). */
	void (*undo)(struct md_call *c, const u64 *key);
	u32 flags;	/* MD_DOWN_* */
	/*
	 * With MD_DOWN_ENDS, or NULL: is this the last reference, so that the release may be put off while a field names what
	 * ends? When it is put off (@put): gives up what others wait for.
	 */
	bool (*late)(const u64 *key, bool put);
};

#define MD_DOWN_SHIPPED	1	/* the call itself runs in the task that made the upcall */
#define MD_DOWN_SETTLES	2	/* no entry is postponed, and none will be, while it runs */
#define MD_DOWN_LOCKS	4	/* a function of the driver that may take a gated lock */
#define MD_DOWN_RELEASES 8	/* it ends or consumes something: who repeats what led to it does so twice */
#define MD_DOWN_PURE	16	/* nobody else sees that it ran: all others publish, under the gate */
#define MD_DOWN_ONCE	32	/* a release that no pair tracks: noted, so that salvage passes over it (docs/reference/recovery.md) */
#define MD_DOWN_ENDS(i)	(((i) + 1) << 8)	/* what argument @i points to ends: by whichever function, once */
#define MD_DOWN_ENDED(flags)	((int)((flags) >> 8 & 15) - 1)	/* that argument, or -1 */
#define MD_DOWN_UNDO	64	/* for the undo log only: no call of the user half's text */
#define MD_DOWN_ATOMIC	128	/* the driver's text calls it where nothing may sleep, too; nothing else is called there */
#define MD_DOWN_STEP	4096	/* a step of a teardown: noted there, so that a second attempt at the same one passes over it */
#define MD_DOWN_ANSWERS	8192	/* it returns a number: what is passed over returns what it did */

/* Type of what is allocated at one site: (downcall, site) is unique. */
struct md_alloc_site {
	u32 site;
	u16 downcall;
	u16 type;
};

/* Per-file slices of the tables, in translation units where the names are visible. */
struct md_unit {
	const struct md_symbol *symbols;	/* @symbol_first + i is the index of symbols[i] */
	u32 symbol_first, symbol_count;
	const struct md_downcall *downcalls;
	u32 downcall_first, downcall_count;
};

/* ---- the gate (docs/reference/gate.md) ---------------------------------------- */

#define MD_GATE_LOCK	1	/* closed: the user half holds a lock */
#define MD_GATE_EXCLUDE	2	/* closed: a deferred entry runs */
#define MD_GATE_ALONE	4	/* closed, for a short time: an upcall runs that writes what the entry writes too */

struct md_gate {
	unsigned int __percpu *inside;	/* entries on their way; only the sum means something */
	unsigned int closed;		/* MD_GATE_* */
	void *runtime;			/* struct md_driver *, NULL before md_attach */
};

/*
 * In the wrapper of an entry of the kernel half. False: the gate is closed for
 * one of the reasons in @minds; take the contended action. Any context. Entries
 * nest as contexts do. Leave on whichever CPU.
 */
static inline bool md_gate_enter(struct md_gate *gate, unsigned int minds)
{
	bool in;

	preempt_disable();
	this_cpu_inc(*gate->inside);
	/* Pairs with the one in md_gate_update(): it sees our count, or we see it closed. */
	smp_mb();
	in = !(READ_ONCE(gate->closed) & minds);
	if (unlikely(!in))
		this_cpu_dec(*gate->inside);
	preempt_enable();
	return in;
}

static inline void md_gate_leave(struct md_gate *gate)
{
	/* What the entry read and wrote comes before its count goes (x86 keeps that order). */
	barrier();
	this_cpu_dec(*gate->inside);
}

/*
 * Contended actions. True: arranged for, the entry is made good when the gate
 * opens; false: it opened meanwhile, enter again.
 */
bool md_gate_mask_irq(struct md_gate *gate, int irq);
bool md_gate_stop_queue(struct md_gate *gate, struct net_device *dev, struct sk_buff *skb);
bool md_gate_repoll(struct md_gate *gate, struct napi_struct *napi);
bool md_gate_rearm(struct md_gate *gate, struct timer_list *timer);
bool md_gate_last(struct md_gate *gate, const void *owner, void *result);
/* Around an entry whose contended action is the last: md_gate_kept() takes what md_gate_keep() gave. */
void *md_gate_keep(struct md_gate *gate, const void *owner, u32 size);
void md_gate_kept(void *kept, const void *result);
/* For entries that may sleep: waits until the gate is open. 0, or -EIO: it will not open by itself, give up. */
int md_gate_wait(struct md_gate *gate, unsigned int minds);
/* The same for those that must run whatever happened: a gate that stalled opens for them, with a line in the log. */
void md_gate_wait_end(struct md_gate *gate, unsigned int minds);

/* An entry that is put off into process context; generated, one per deferred entry point. */
struct md_deferral {
	u32 plan;
	u32 closes;	/* MD_GATE_EXCLUDE or 0 */
	/* The lock, taken in process context, under which what travels in is copied; or NULL. */
	void (*hold)(const u64 *args);
	void (*unhold)(const u64 *args);
};
/*
 * Any context. Runs md_upcall(@deferral->plan) soon; a repeat with equal @args that
 * has not begun is the same one. Done before any later upcall of this module begins, and
 * before any of its objects is released.
 */
void md_defer(struct md_module *m, const struct md_deferral *deferral, const u64 *args);

struct md_module {
	const char *name;
	u8 slice_id[MD_SLICE_ID_SIZE];
	struct module *owner;
	const struct md_type *types;
	const struct md_plan *plans;
	const struct md_unit *const *units;
	const struct md_alloc_site *sites;
	const struct md_function_set *function_sets;
	u32 function_set_count;
	u32 type_count, plan_count, unit_count, site_count;
	u32 symbol_count, downcall_count;
	struct md_gate *gate;			/* the generated half defines it, with MD_GATE; never NULL */
	void *runtime;				/* the runtime's own state; NULL before md_attach */
};

/* ---- calls made by generated code ------------------------------------------ */

/* Module init: register, start the host, wait until it serves. 0 or -errno. */
int md_attach(struct md_module *m);
/* Module exit, before the driver's own: from now on nothing is bound again. */
void md_leave(struct md_module *m);
/* Module exit, after the driver's own: stop the host, free everything. */
void md_detach(struct md_module *m);

/*
 * Run entry point @plan. @args: raw argument values (pointers as kernel
 * addresses), as many as the plan has parameters and hidden arguments. On 0, *@result is the (translated)
 * result; otherwise the negative errno that the stub maps to its return type.
 */
int md_upcall(struct md_module *m, u32 plan, const u64 *args, u64 *result);

/* In a downcall handler. Each md_arg_* checks; after the last one ask md_call_bad(). */
u64 md_arg(struct md_call *c, u32 i);					/* scalar */
void *md_arg_object(struct md_call *c, u32 i, u16 type);		/* NULL passes; else must be such an object */
void *md_arg_error(struct md_call *c, u32 i);				/* an error pointer, for callees that ask; else NULL */
void md_arg_needed(struct md_call *c, u32 i);				/* argument @i must not be NULL */
void *md_arg_opaque(struct md_call *c, u32 i, bool cookie);		/* any known object, registers, NULL; with @cookie a small number */
/* The same, but an object must be a record of one of @types. */
void *md_arg_among(struct md_call *c, u32 i, const u16 *types, u32 count, bool cookie);
void *md_arg_function(struct md_call *c, u32 i, u16 set);		/* one of this set; MD_TYPE_NONE: any function of the symbol table */
const char *md_arg_string(struct md_call *c, u32 i);			/* copy, freed when the downcall ends */
const char *md_arg_string_keep(struct md_call *c, u32 i);		/* interned until the module goes */
/*
 * Buffer of @size bytes. Inside a known object: its kernel address (bounds
 * checked). In the process's own memory: a bounce buffer, filled if MD_IN in
 * @dir and copied back after the handler if MD_OUT. NULL is refused unless
 * @size is 0. With MD_OUT, a buffer inside a typed object must lie in MD_BYTES
 * fields of the plan.
 */
void *md_arg_buffer(struct md_call *c, u32 i, size_t size, u8 dir);
/* Where the call stands, as the process says: unit << 16 | line, units from 1; 0 if it does not say. */
u32 md_call_site(struct md_call *c);
/* The process is ended for what it asked, @why: "called NAME: no ...". */
void md_refuse(struct md_call *c, const char *why);
/* Is it not to be made? An argument is bad, or a dead process has made it already, and this is salvage. */
bool md_call_bad(struct md_call *c);

/*
 * Around the call itself, after the last argument check and before the first
 * result. Between the two the context is what the user half believes it to be: BH or interrupts off
 * while it holds a gated spinlock; the gate held open for MD_DOWN_SETTLES;
 * entered for MD_DOWN_LOCKS. Not nested.
 */
void md_call_begin(struct md_call *c);
void md_call_end(struct md_call *c);
/* The same for MD_DOWN_SHIPPED: runs @fn(@v) in the task that made the upcall; @v: arguments, then the result. */
void md_call_ship(struct md_call *c, void (*fn)(u64 *v), u64 *v);

/* Results. Each returns the value to hand to the user half. */
u64 md_result_object(struct md_call *c, const void *p, u16 type);	/* NULL and ERR_PTR pass */
u64 md_result_opaque(struct md_call *c, const void *p);
u64 md_result_string(struct md_call *c, const char *s);
/* No RAM: what else a driver may map the kernel does not know of all devices. */
bool md_is_device_memory(u64 physical, u64 size);
/* @size 0: ask the page tables. @dev: the device that unmaps it by itself (devm), or NULL. */
u64 md_result_mmio(struct md_call *c, void __iomem *p, u64 size, struct device *dev);
#define MD_ALLOC_ZEROED	1
#define MD_ALLOC_COHERENT 2	/* a device writes it too: no mirror, its pages themselves are mapped; whole pages only, so no dma_pool's */
/* @dev: the device that frees it by itself (devm), or NULL. Type comes from the site. Objects not zeroed by the allocator are zeroed. */
u64 md_result_alloc(struct md_call *c, void *p, size_t size, u32 flags, struct device *dev);
/* Same for allocations whose type is fixed (alloc_etherdev and the like). */
u64 md_result_alloc_typed(struct md_call *c, void *p, size_t size, u16 type, u32 flags, struct device *dev);
/*
 * @p is about to be freed, or unmapped: ends the mirror, and waits for downcalls of other threads that
 * work on it. Call before the kernel function, and not that if md_call_bad() afterwards.
 */
void md_release(struct md_call *c, const void *p);

/* Undo log. @release: index of the release downcall; @key: its arguments. */
#define MD_KEYS_MAX	6
/* Before an acquire that must not be done twice. */
void md_acquiring(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2);
void md_acquired(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2);
/* Before a release: true if it is on the log (and takes it off); false: already released, the handler must do nothing. */
bool md_releasing(struct md_call *c, u32 release, u64 key0, u64 key1, u64 key2);
/*
 * The same for what soon belongs to the driver's own structures: it is owed only until something
 * that the user half wrote later has reached the kernel, or the call ends. @count keys.
 */
void md_holds(struct md_call *c, u32 release, u32 count, const u64 *key);
/* A sleeping lock (@key, 0: there is one only) that @release gives back: before and after it is taken, and before it is given back. */
void md_locking(struct md_call *c, u32 release, u64 key);
void md_locked(struct md_call *c, u32 release, u64 key);
void md_unlocking(struct md_call *c, u32 release, u64 key);

#endif
