/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the runtime module: who holds what.
 *
 *   md_driver      one attached kernel half: tables, allocations, undo log,
 *                  registers. Lives from md_attach to md_detach, survives hosts.
 *   md_session     one open of the device: windows, mirror pages, u-threads.
 *                  Lives until the last descriptor and mapping is gone.
 *   md_thread      one u-thread of a session.
 *   md_activation  one upcall in progress. Owned by its caller; a u-thread
 *                  borrows it until md_activation_end().
 *   md_chain       the same upcall through all its attempts, with the one that it is
 *                  part of. On the caller's stack.
 *
 * Locks, outermost first:
 *   session->sync (mutex)   mirrors, twins, visited objects
 *   session->map (rwsem)    which pages a fault may insert; also taken by faults
 *   driver->lock (spin)     state, current session, allocations, registers, log
 *   session->lock (spin)    threads and who runs what
 *   gating->lock (spin, irqs off)     postponed entries, who holds the gate
 *   deferring->lock (spin, irqs off)  deferred entries
 * None is held while user code runs, nor while a downcall handler runs.
 */
#ifndef MD_RUNTIME_H
#define MD_RUNTIME_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include "microdriver.h"

#define MD_THREADS_MAX		64
#define MD_THREADS_FIRST	4		/* part of the session */
#define MD_OBJECTS_MAX		16384		/* visited by one activation */
#define MD_OBJECTS_FIRST	6
#define MD_RECENT		8
#ifndef MD_SEEN_FROM			/* the cases are short: theirs is lower */
#define MD_SEEN_FROM		4		/* walks of one activation before it keeps what it saw */
#endif
#define MD_SEEN_MAX		512		/* bytes of a record that are kept */
#define MD_COUNTERS_FIRST	16
#define MD_PAGES_MAX		16384		/* mirror pages of one session */
#define MD_PAGES_KEEP		512		/* more than this are trimmed when idle */
#define MD_ELEMENTS_MAX		65536		/* elements visited behind one pointer */
#define MD_BUFFER_MAX		(1u << 20)	/* one bounce buffer */
#define MD_LONG			(10 * HZ)	/* an upcall whose caller stirs now and then */
#define MD_LOOK			(HZ / 20)	/* how often a busy process is looked after */
#define MD_POSTPONED_MAX	64		/* of one sort, while the gate is closed */
#define MD_REQUESTS_READY	64		/* deferred entries for which memory stands by */
#define MD_WRITTEN_MAX		16		/* pages of a device that are told apart */
#define MD_HOLD_TRIES		64		/* walks under a lock that needed something new */
#define MD_LOCK_SPINS		1000		/* for a lock that must not be waited for */
#define MD_FLOOD		10000		/* downcalls a second that no driver needs for a minute */
#define MD_INTERNED_MAX		4096		/* strings of one driver */
#define MD_DONE_MAX		32768		/* notes of one upcall */
#define MD_ANY_PLAN		U32_MAX
#define MD_SYMBOLS_MAX		65536
#define MD_SYMBOL_BYTES_MAX	(16u << 20)	/* writable globals of one user half */

/*
 * What every crossing runs, side by side by who runs it: a switch of address
 * space makes the processor find each page again.
 */
#define __md_hot_call	__section(".text.hot.call")
#define __md_hot_serve	__section(".text.hot.serve")

/* A small constant @size, whole words: neither a call nor a string instruction, which take longer. */
static __always_inline void md_clear(void *p, const size_t size)
{
	u64 *word = p;
	size_t i;

	BUILD_BUG_ON(size % sizeof(*word));
#pragma GCC unroll 64
	for (i = 0; i < size / sizeof(*word); i++)
		WRITE_ONCE(word[i], 0);
}

/* ---- ranges ------------------------------------------------------------- */

struct md_range {
	struct rb_node rb;
	u64 start, last, subtree_last;
};

void md_range_insert(struct md_range *r, struct rb_root_cached *root);
void md_range_remove(struct md_range *r, struct rb_root_cached *root);
struct md_range *md_range_first(struct rb_root_cached *root, u64 start, u64 last);
struct md_range *md_range_next(struct md_range *r, u64 start, u64 last);

/* An allocation of the driver: known to the module until released. */
struct md_alloc {
	struct md_range range;
	struct md_driver *driver;
	struct device *dev;	/* frees it by itself (devm); holds a reference */
	u64 instance, instance_size;
	u64 activation;
	u16 type;
	bool mapped;		/* coherent: its pages themselves, no mirror */
};

/* What the plan walk reached in one activation. */
struct md_object {
	struct md_range range;		/* in act->objects, unless one of act->first */
	struct md_object *next_live;	/* reachable in this walk */
	struct md_object *next_root;	/* walks start here too */
	struct md_object *next_gone;
	const struct md_visit *visit;
	u64 low, high;			/* of the allocation around it: what is derived lies inside */
	u64 generation;			/* of the allocations that it was compared with */
	const struct md_plan *plan;	/* whose visit of it is @of_plan */
	const struct md_visit *of_plan;
	u32 walk;
	u16 type;
	bool direct;		/* known memory: read without fault handling */
	bool writable;
	bool scrub;		/* not ours: its mirror ends with the activation */
	bool own;		/* in an allocation of the driver */
	bool opaque;		/* nothing of it ever travels */
	bool rooted;		/* on act->roots */
	bool gone;		/* ended; freed when no list has it any more */
	u8 bytes;		/* MD_IN | MD_OUT: plain bytes travel, bytes_size of them */
	bool sized;		/* by the caller: bytes_size does not shrink */
	u64 bytes_size;
	/* Its bytes and its twin's after a walk that merged all of it; see md_unchanged(). */
	u64 *seen;
	const struct md_visit *seen_visit;	/* NULL: nothing of the kind */
	const u64 *from;	/* while it is merged: its bytes are taken from there */
	bool same;		/* and meanwhile: merging would do nothing */
};

/* Registers that the driver mapped; @port: cookie of a port range instead. */
struct md_mmio {
	struct list_head node;
	u64 start, size;
	struct device *dev;	/* unmaps it at unbinding, or NULL */
	bool mapped;
	bool port;
};

struct md_undo {
	struct list_head node;
	struct md_undo *next;	/* while its activation holds it */
	u64 activation;
	u64 instance, instance_size;
	u64 at;			/* bytes that its activation had published by then */
	u32 release;
	bool unseen;		/* its activation died before anything else was published */
	u64 key[MD_KEYS_MAX];
};

/* A release that no pair tracks, or a step of a teardown, made by an upcall that is not over, or died. */
struct md_done {
	struct md_done *next;
	u32 id;
	u32 plan;		/* of the teardown that it is a step of, or MD_ANY_PLAN */
	u64 instance;		/* of that one */
	u64 ended;		/* what it ended, 0: by its arguments only */
	u64 key[MD_KEYS_MAX];
	u64 rest;		/* a hash of the arguments that are not in @key */
	u64 value;		/* what it returned */
	u64 passed;		/* number of the session that has passed over it; 0: none */
};

/* ---- the gate ---------------------------------------------------------------- */

enum md_action {
	MD_ACTION_MASK_IRQ,
	MD_ACTION_STOP_QUEUE,
	MD_ACTION_REPOLL,
	MD_ACTION_REARM,
	MD_ACTION_LAST,
	MD_ACTION_WAIT,
	MD_ACTION_COUNT
};

/* Contexts that a held lock makes for the downcalls under it. */
enum md_context {
	MD_CONTEXT_FREE,
	MD_CONTEXT_PREEMPT,
	MD_CONTEXT_BH,
	MD_CONTEXT_IRQ,
};

struct md_masked_irq {
	int irq;
	u32 depth;	/* how often we disabled it */
};

/* No references: what ends is taken off (md_gate_forget, md_gate_purge). */
struct md_stopped_queue {
	struct net_device *dev;
	struct netdev_queue *queue;
};

struct md_postponed_poll {
	struct net_device *dev;
	struct napi_struct *napi;
};

struct md_gating {
	struct md_gate *gate;		/* NULL: the driver has none */
	const char *name;
	spinlock_t lock;
	wait_queue_head_t wait;		/* it opened, or its owner changed */
	struct md_chain *owner;
	u32 closes;			/* of the owner's chain */
	u32 settles;			/* the owner keeps it open */
	unsigned int want;		/* MD_GATE_*: reasons to be closed */
	u32 draining;
	u32 alone;			/* upcalls that MD_GATE_ALONE is for */
	unsigned long alone_until;
	struct delayed_work alone_tick;
	bool kept;			/* closed by a call that died; the owner is to put it right */
	bool stalled;			/* closed by a call that died, and nobody did */
	u32 tearing;			/* teardowns of what stalled */
	bool published;			/* something was written back since it closed */
	bool full;
	ktime_t since;
	u64 hold_max_us;
	atomic_t waiters;		/* in md_gate_wait() */
	u32 irq_count, queue_count, poll_count;
	struct md_masked_irq irqs[MD_POSTPONED_MAX];
	struct md_stopped_queue queues[MD_POSTPONED_MAX];
	struct md_postponed_poll polls[MD_POSTPONED_MAX];
	struct list_head kept_results;	/* of struct md_kept */
	atomic64_t closes_total, waits;
	atomic64_t contended[MD_ACTION_COUNT];
};

/* ---- deferred entries ---------------------------------------------------------- */

struct md_request {
	struct list_head node;
	const struct md_deferral *deferral;
	u64 args[MD_ARGS_MAX];
	u64 ticket;
	bool bh;		/* noted with bottom halves off */
	bool allocated;
};

struct md_deferring {
	struct md_request ready[MD_REQUESTS_READY];
	spinlock_t lock;
	wait_queue_head_t done;
	struct list_head pending, spare;
	struct md_request *running;
	struct md_session *server;	/* that runs it; no reference, under the lock */
	struct work_struct work;
	u64 tickets;
	u64 deferred, coalesced, lost, dropped;
	bool stopped;
	bool abandon;		/* what runs is not repeated */
};

struct md_chain {
	struct md_chain *parent;	/* the upcall in whose downcall this one was made */
	struct md_request *request;	/* it is a deferred entry */
	u64 root;			/* that it tainted, until it is over */
	bool tainted;
	bool half;			/* an attempt died and left something half done */
	bool released;			/* which a repetition would do twice */
	bool wrote;			/* an attempt that died had published something */
	bool salvage;			/* it ends what a dead process left half done */
	bool worked;			/* and this attempt has released something */
	u32 salvages;			/* attempts */
	u32 closes;			/* locks that its user code holds */
	u32 contexts[MD_GATE_IRQ + 1];	/* of each sort */
	bool cut;			/* an upcall that its downcall led to has failed */
	bool inside;			/* it runs a function of the kernel half that counts as entry */
	enum md_context context;	/* in a downcall: the one made for it */
	unsigned long irq_flags;
};

/* ---- the driver ----------------------------------------------------------- */

enum md_state {
	MD_DOWN,	/* no host; the next upcall starts one */
	MD_STARTING,
	MD_SERVING,
	MD_GIVEN_UP,
	MD_DETACHING,
};

struct md_counter {
	atomic64_t upcalls, failures;
};

struct md_driver {
	struct kref kref;
	struct list_head node;
	char name[MD_NAME_MAX];
	struct md_module *m;	/* NULL once detached */

	/* Flattened tables. */
	const struct md_symbol **symbols;
	u32 *by_address;	/* symbol indices sorted by kernel address */
	u64 symbols_start, symbols_end;
	const struct md_downcall **downcalls;

	spinlock_t lock;
	wait_queue_head_t wait;		/* state, session or in_flight changed */
	enum md_state state;
	struct md_session *session;	/* serves; holds a reference */
	struct md_session *spare;	/* attached, takes over; holds a reference */
	struct work_struct spare_work;
	struct delayed_work watch;
	int restarts_used;
	bool failed_once;
	bool trap_mmio;
	unsigned long last_failure;	/* jiffies */
	struct rb_root_cached allocs;
	u64 generation;			/* of allocs: counts what comes and goes */
	struct list_head mmio;
	struct list_head undo;		/* newest first */
	struct list_head pending;	/* downcalls that are about to change it */
	struct list_head interned;
	struct list_head taints;	/* roots in quarantine */
	struct list_head exposed;	/* activations whose death may make one */
	struct md_done *done;		/* by calls that died, newest first */
	u32 done_count;
	bool done_lost;			/* there were too many: what is not there may have been made, too */
	struct md_late *late;		/* releases that are put off */
	struct work_struct recover;
	struct task_struct *salvager;	/* its upcalls are salvage */
	bool leaving;			/* its module's exit has begun */
	bool teardown_only;		/* the session that serves was started beyond the restart limit */
	u32 interned_count;
	atomic64_t next_activation;
	atomic_t in_flight;		/* u-threads in downcall handlers */
	struct list_head calls;		/* downcalls in progress, and what they work on */

	struct dentry *dir;
	struct md_counter *counters;	/* per plan */
	struct md_counter first_counters[MD_COUNTERS_FIRST];
	struct md_stat {
		atomic64_t downcalls, bytes_in, bytes_out;
		atomic64_t restarts, failures, objects;
		atomic64_t shipped;
		atomic64_t refused;	/* upcalls of what is tainted */
		atomic64_t recovered;	/* instances that work again */
		atomic64_t passed_over;	/* releases that a dead process had made */
		atomic64_t recovery_max_us;
		atomic64_t stray_writes;	/* mirror bytes written that no plan returned */
		/* Of a checking build: */
		atomic64_t poison_upcalls, poison_violations, poison_bytes_in, poison_bytes_touched;
	} stat;

	/* Large: what every call looks at stands together above. */
	struct md_deferring deferring;
	struct md_gating gating;
};

struct md_interned {
	struct list_head node;
	char text[];
};

/* ---- the session ----------------------------------------------------------- */

struct md_page {
	void *mirror, *twin;
	u64 address;		/* of the kernel page it mirrors */
	struct md_page *next;	/* while being freed */
};

/* One symbol of the user half; writable ones are pinned and mapped, with a twin. */
struct md_mapped {
	u64 address, size;
	struct page **pages;
	int page_count;
	void *mapping;
	void *mirror, *twin;
};

enum md_where {
	MD_IDLE,	/* waits in BATON */
	MD_USER,	/* runs user code */
	MD_KERNEL,	/* in BATON with an activation */
};

struct md_thread {
	struct list_head node, idle;
	struct hlist_node hash;
	struct task_struct *task;	/* holds a reference */
	struct md_session *session;
	struct md_activation *act;
	enum md_where where;
	bool spawn;		/* it was the last idle one */
	int cpu;		/* bound to this one, -1: none */
};

struct md_shipment;

struct md_activation {
	struct list_head node;
	struct md_chain *chain;
	struct md_driver *driver;
	struct md_session *session;
	struct md_thread *thread;
	const struct md_plan *plan;
	u32 plan_id;
	u64 id;
	u64 instance;
	u64 result;
	int error;
	bool died;
	struct task_struct *caller;	/* md_ring() wakes it when it is over, and for each shipment */
	atomic_t rings;			/* it has not answered yet */
	struct md_shipment *shipment;
	struct list_head exposed;	/* in driver->exposed */
	struct md_done *done;		/* newest first */
	struct md_undo *owed;		/* newest first */
	struct md_undo *locks;		/* that the caller holds for it, newest first */
	bool releases;			/* by a downcall; what points there may not know yet */
	bool own_release;		/* the downcall in progress: what this activation allocated */
	bool done_lost;			/* of a teardown: there were too many */
	u32 done_count;
	bool pointers_out;		/* one was written back, or a downcall may have kept it */
	ktime_t held_since;		/* for md_gate_overdue() */
	u64 held_from;
	unsigned long started;
	unsigned long progress;		/* jiffies of the last sign of life */
	unsigned long in_user;		/* jiffies in user code before that */
	u64 downcalls;

	/* The walk; under session->sync. */
	struct rb_root_cached objects;	/* those that are not in @first */
	struct md_object *live, *last_live, *roots, *gone;
	u32 object_count, walk;
	u32 first_used;
	bool truncated;
	bool held;			/* under a deferral's lock: nothing new is made */
	bool again;			/* something new was needed */
	bool alone;			/* no other activation: what is dirty now is nobody's */
	bool refused;			/* a field was not brought, since the user half has written it */
	u16 bad_type;			/* where a sync out failed */
	u32 bad_offset;
	u64 bytes_in, bytes_out;

	/* From here on nothing is cleared before use. */
	u64 args[MD_ARGS_MAX], user_args[MD_ARGS_MAX];
	struct md_object first[MD_OBJECTS_FIRST];	/* most upcalls need no more */
};

struct md_session {
	struct kref kref;
	struct md_driver *driver;	/* NULL before ATTACH; holds a reference */
	u64 number;			/* nobody else's, before or after */
	struct pid *pid;
	struct mm_struct *mm;		/* identity only */
	void *files;			/* identity only: fl_owner of the opener */
	struct address_space mapping;
	u64 window[MD_WIN_COUNT];	/* user address, 0 = not mapped */

	struct mutex sync;
	struct rw_semaphore map;
	struct xarray pages;		/* by kernel page number below the top */
	struct md_page *recent[MD_RECENT];	/* some of them, by number; under sync */
	u32 page_count;
	struct list_head activations;	/* under sync */
	struct md_mapped *symbols;	/* same index as the driver's */
	u32 *by_user;			/* symbol indices sorted by user address */
	u32 symbol_count;

	spinlock_t lock;
	bool dead;
	bool leave;			/* threads are told MD_EXIT */
	bool failed;			/* its log line is written */
	bool attaching;
	bool released;			/* the file is gone */
	bool device_written;		/* registers or coherent memory, since md_watch_writes() */
	bool written_many;
	u32 written_count;
	u64 written[MD_WRITTEN_MAX];	/* pages of those: mapped for writing */
	bool checking;			/* its user half is a checking build */
	u32 thread_count, idle_count;
	struct md_thread *culprit;	/* whom md_watch() found wanting */
	struct list_head threads, idle;
	struct md_thread *by_task[MD_RECENT];	/* some of them; they live as long as the session */
	struct md_thread first[MD_THREADS_FIRST];
	int used;			/* @own is, by xchg() */
	struct md_activation own;	/* one that needs no allocation */
	wait_queue_head_t idle_wait;
};

/* Mostly free: then nothing asks whether to sleep. */
static inline void md_lock_sync(struct md_session *s)
{
	if (!mutex_trylock(&s->sync))
		mutex_lock(&s->sync);
}

/* One downcall in progress. */
struct md_call {
	struct md_driver *driver;
	struct md_session *session;	/* NULL while undoing */
	struct md_activation *act;	/* NULL while undoing */
	struct md_chain *chain;
	const struct md_downcall *fn;
	u32 id, site;
	u8 gate;			/* MD_AS_IT_IS and so on: by md_call_begin() */
	struct list_head node;		/* in driver->calls */
	u64 value[MD_ARGS_MAX];		/* arguments as the kernel knows them, once checked */
	const u64 *arg;
	bool noted, passed_over;	/* by md_once() */
	u64 rest;			/* a hash of the strings and functions among the arguments */
	u64 answer;			/* passed over: what was returned before */
	struct md_done *note;		/* of this call */
	struct list_head pending;	/* in driver->pending: what it acquires or gives back, until it has returned */
	u32 pending_release;
	u64 pending_key[3];		/* as md_releasing() has them */
	int bad_arg;			/* -1: none */
	const char *bad_why;
	struct list_head temps;
};

/* ---- md_main.c ---- */
extern char *md_host_path, *md_half_dir;
extern bool md_gate_off, md_confine;
extern uint md_timeout_ms, md_call_ms, md_attach_ms, md_gate_ms, md_slowness;
extern int md_restarts;
extern uint md_quiet_s;
extern bool md_spare, md_trap;
void md_debugfs_add(struct md_driver *d);
void md_debugfs_remove(struct md_driver *d);

/* ---- md_session.c ---- */
extern const struct file_operations md_fops;
void md_session_release(struct kref *kref);
static inline void md_session_get(struct md_session *s)
{
	kref_get(&s->kref);
}

static inline void md_session_put(struct md_session *s)
{
	kref_put(&s->kref, md_session_release);
}

/* Ends the session now: fence, revoke the maps, kill the process, end what waits. May sleep. */
void md_session_kill(struct md_session *s);
/* The same with the log line of a failure, unless it was dead already. */
__printf(2, 3) void md_session_fail(struct md_session *s, const char *why, ...);
void md_session_leave(struct md_session *s);

/* ---- md_thread.c ---- */
void md_thread_remove(struct md_session *s, struct md_thread *t);
int md_baton(struct md_session *s, struct md_frame __user *user);
int md_baton_check(struct md_session *s, struct md_check __user *user);
int md_session_hand_over(struct md_session *s, struct md_activation *act);
struct md_session *md_current_session(void);
struct md_activation *md_current_activation(void);
void md_watch(struct work_struct *work);

/* ---- md_driver.c ---- */
/* Also keeps the module's tables, until md_driver_leave(). */
struct md_driver *md_driver_find(const char *name);
void md_driver_leave(struct md_driver *d);
void md_driver_put(struct md_driver *d);
int md_driver_adopt(struct md_driver *d, struct md_session *s);
void md_driver_lost(struct md_driver *d, struct md_session *s, bool expected);
bool md_driver_serves(struct md_driver *d, struct md_session *s);
/* A live session, started if need be, for a @teardown whatever the restart limit; holds a reference. */
struct md_session *md_driver_session(struct md_driver *d, bool teardown);
/* The session that serves now, or NULL; holds a reference. */
struct md_session *md_driver_current(struct md_driver *d);
int md_restarts_left(struct md_driver *d);
const char *md_restarts_text(struct md_driver *d, char *text, size_t size);

void md_drivers_forget(const void *p);

/* ---- md_gate.c ---- */
void md_gate_init(struct md_driver *d);
void md_gate_finish(struct md_driver *d);
void md_gate_show(struct seq_file *f, struct md_driver *d);
const char *md_gate_state_name(struct md_driver *d);
/* @p, which entries may wait for, has ended. */
void md_gate_forget(struct md_driver *d, const void *p);
void md_gate_purge(struct md_gating *g, const u64 *values, u32 count);
unsigned long md_gate_lock(struct md_gating *g);
void md_gate_unlock(struct md_gating *g, unsigned long flags);
void md_gate_unwant(struct md_gating *g, unsigned int reason);
int md_gate_shut(struct md_gating *g, unsigned int reason);
void md_gate_tear(struct md_gating *g);
/* Under gating->lock, by contended actions: is it still closed? */
bool md_contended(struct md_gating *g, enum md_action action);
/* Around a deferred entry that excludes others. */
int md_gate_exclude(struct md_driver *d);
void md_gate_include(struct md_driver *d);
/* Around an upcall that is alone; false: it is not, and is not to be ended. */
bool md_alone_begin(struct md_driver *d, const struct md_chain *chain);
void md_alone_end(struct md_driver *d);

/* ---- md_keep.c ---- */
void md_keep_purge(struct md_gating *g, const void *owner);

/* ---- md_hold.c ---- */
/* md_call.gate */
#define MD_AS_IT_IS	0
#define MD_ENTERED	1	/* the downcall counts as entry */
#define MD_HELD_OPEN	2	/* its chain owns the gate */
#define MD_HELD_SHUT	3	/* it does, and the gate is closed */
int md_gate_close(struct md_activation *act, u64 context);
int md_gate_open(struct md_activation *act, u64 context);
bool md_chain_holds(const struct md_gating *g, const struct md_chain *chain);
/* The user half published something; it counts if it holds the gate. */
void md_gate_publish(struct md_driver *d, const struct md_chain *chain);
bool md_gate_lost(struct md_activation *act);
void md_gate_end(struct md_driver *d, struct md_chain *chain, bool sound);
void md_gate_stall(struct md_driver *d, struct md_chain *chain);
void md_gate_unstall(struct md_driver *d);
void md_gate_tearing(struct md_driver *d, bool on);
void md_settle_begin(struct md_call *c);
void md_settle_end(struct md_call *c);
bool md_gate_overdue(const struct md_thread *t);
void md_context_enter(struct md_chain *chain, enum md_context context);
enum md_context md_context_leave(struct md_chain *chain);
/* Does its user half hold what forbids to sleep? */
bool md_chain_atomic(const struct md_chain *chain);

/* ---- md_defer.c ---- */
int md_defer_start(void);
void md_defer_exit(void);
void md_defer_init(struct md_driver *d);
void md_defer_stop(struct md_driver *d);
void md_defer_show(struct seq_file *f, struct md_driver *d);
bool md_deferring(const struct md_driver *d);
void md_defer_serve(struct md_driver *d, struct md_session *s);
/* What has been noted so far is done; unless @chain is part of it, or holds the gate. */
void md_defer_flush(struct md_driver *d, const struct md_chain *chain);
/* [k, k + size) is about to end: no deferred entry works on it any more. */
void md_defer_release(struct md_driver *d, const struct md_chain *chain, u64 k, u64 size);

/* ---- md_ship.c ---- */
struct md_chain *md_current_chain(void);
void md_ship(struct md_activation *act, enum md_context context, void (*fn)(u64 *v), u64 *v);
bool md_ship_serve(struct md_activation *act);

/* ---- md_call.c ---- */
int md_upcall_chain(struct md_module *m, u32 plan, const u64 *args, u64 *result, struct md_chain *chain);
void md_activation_end(struct md_activation *act, int error, u64 result);
void md_ring(struct md_activation *act);
void md_fail_sync(struct md_session *s, struct md_activation *act, int err);

/* ---- md_symbol.c ---- */
int md_symbols_check(struct md_session *s, struct md_driver *d, const struct md_user_symbol *table);
void md_symbols_free(struct md_session *s);
int md_tables_build(struct md_driver *d);
void md_tables_free(struct md_driver *d);
/* Symbol that covers kernel address @k, or -1. */
int md_symbol_find(struct md_driver *d, u64 k);
static inline int md_symbol_at(struct md_driver *d, u64 k)
{
	return k - d->symbols_start < d->symbols_end - d->symbols_start ? md_symbol_find(d, k) : -1;
}
u64 md_to_user(struct md_session *s, u64 k);
int md_to_kernel(struct md_activation *act, u64 u, u16 type, u64 *k);
int md_opaque_to_kernel(struct md_activation *act, u64 u, bool cookie, u64 *k);
bool md_known(struct md_activation *act, u64 k, u16 type);
int md_function_to_kernel(struct md_session *s, u64 u, u16 set, u64 *k);
bool md_user_symbol_at(struct md_session *s, u64 u, int *index, u64 *offset);
void md_windows_init(void);

struct md_window_range {
	u64 base, size;
};
extern struct md_window_range md_windows[MD_WIN_COUNT];

static inline u64 md_window_base(int window)
{
	return md_windows[window].base;
}

static inline u64 md_window_size(int window)
{
	return md_windows[window].size;
}

static inline int md_window_of(u64 k)
{
	int w;

	for (w = 0; w < MD_WIN_COUNT; w++)
		if (k - md_windows[w].base < md_windows[w].size)
			return w;
	return -1;
}

/* In the half of all addresses that is the kernel's. tests/cases has both halves in one process. */
#ifndef MD_KERNELS
#define MD_KERNELS(k)	((s64)(k) < 0)
#endif

/* An address that may be followed: in a window, and not an error code. */
static inline bool md_address_is_kernel(u64 k)
{
	int w;

	if (!MD_KERNELS(k) || IS_ERR_VALUE((unsigned long)k))
		return false;
	w = md_window_of(k);
	return w >= 0 && w != MD_WIN_VMEMMAP;
}

/* As a handle, or an argument: a struct page too. No walk copies what lies behind one, but a kernel function may be given it. */
static inline bool md_address_names_kernel(u64 k)
{
	return MD_KERNELS(k) && !IS_ERR_VALUE((unsigned long)k) && md_window_of(k) >= 0;
}

/* ---- md_object.c ---- */
bool md_type_at(struct md_driver *d, u16 type, u64 size, u64 offset, u16 want);
struct md_extent {
	u64 start, last, activation;
	u16 type;
	bool mapped;
};
bool md_alloc_covers(struct md_driver *d, u64 k, struct md_extent *e);
/* The same in a walk, which may be under a lock. */
bool md_alloc_covers_in(struct md_activation *act, u64 k, struct md_extent *e);
int md_alloc_add(struct md_activation *act, u64 k, u64 size, u16 type, struct device *dev, bool mapped);
bool md_alloc_end(struct md_driver *d, u64 k);
void md_alloc_free_all(struct md_driver *d);
/* The objects that overlap [start, last], in no order; the first one after @o = NULL. */
struct md_object *md_object_next(struct md_activation *act, struct md_object *o, u64 start, u64 last);
struct md_object *md_object_at(struct md_activation *act, u64 k, u16 type);
struct md_object *md_object_add(struct md_activation *act, u64 k, u64 size, u16 type);
void md_object_free(struct md_activation *act, struct md_object *o);
void md_objects_sweep(struct md_activation *act);
void md_objects_free(struct md_activation *act);
/* Ends mirrors and visits of [k, k+size). */
void md_forget(struct md_driver *d, u64 k, u64 size);
void md_forget_object(struct md_driver *d, u64 k);

/* ---- md_sync.c ---- */
/* Is the whole record as it was brought? One look, where it lies in one piece. */
bool md_clean(struct md_activation *act, const struct md_object *o);
/* Of a whole record that lies in one piece, else NULL. */
const u64 *md_twin_of(struct md_activation *act, const struct md_object *o);
bool md_read(const struct md_object *o, void *to, u64 k, u64 size);
int md_bytes_in(struct md_activation *act, const struct md_object *o, u64 k, u64 size);
int md_bytes_out(struct md_activation *act, struct md_object *o, u64 k, u64 size);
int md_bits_out(struct md_activation *act, struct md_object *o, u64 k, u64 size);
int md_pointer_in(struct md_activation *act, u64 k, u64 u);
bool md_pointer_dirty(struct md_activation *act, u64 k, u64 *u);
int md_pointer_out(struct md_activation *act, struct md_object *o, u64 k, u64 u, u64 value);

/* ---- md_walk.c ---- */
int md_sync_begin(struct md_activation *act);
int md_sync_in(struct md_activation *act);
int md_sync_out(struct md_activation *act);
int md_sync_end(struct md_activation *act, u64 u, u64 *result);
void md_activation_retire(struct md_activation *act);
int md_fields_out(struct md_activation *act, struct md_object *o,
		  const struct md_field *fields, u32 count, u64 base);

/* ---- md_visit.c ---- */
void md_make_live(struct md_activation *act, struct md_object *o);
struct md_object *md_visit(struct md_activation *act, u64 k, u16 type, bool root, bool direct);
void md_visit_string(struct md_activation *act, u64 k, bool root);
void md_visit_any(struct md_activation *act, u64 k, u16 type, bool root);
int md_visit_owned(struct md_activation *act, u64 k, u64 size);
int md_visit_sized(struct md_activation *act, const struct md_param *p, u64 k, u64 size);
void md_follow(struct md_activation *act, const struct md_field *f, u64 k);
void md_handle(struct md_activation *act, u64 k, u16 type);

/* ---- md_map.c ---- */
int md_mmap(struct file *file, struct vm_area_struct *vma);
struct md_page *md_page_get(struct md_session *s, u64 k, bool create);
void md_pages_trim(struct md_session *s);
void md_pages_drop(struct md_session *s, u64 k, u64 size);
void md_pages_free(struct md_session *s);
void md_scrub(struct md_session *s, u64 k, u64 size);
void md_revoke(struct md_session *s, u64 k, u64 size);
/* The same once faults that saw what was there before have inserted their page. */
void md_revoke_settled(struct md_session *s, u64 k, u64 size);
bool md_mappable(u64 k, u64 size);
/* Is the page at @k memory that is mapped itself? */
bool md_mapped_page(struct md_driver *d, u64 k);	/* under d->lock */
bool md_is_mapped(struct md_driver *d, u64 k);
void md_revoke_all(struct md_session *s);
/* From now on session->device_written tells whether the process has written to a device. */
void md_watch_writes(struct md_session *s);

/* ---- md_shadow.c ---- */
int md_shadow_check(struct md_activation *act, struct md_check *c);
bool md_shadow_brought(struct md_activation *act, u64 u, u64 size);

/* ---- md_mmio.c ---- */
int md_mmio_add(struct md_driver *d, u64 k, u64 size, struct device *dev);
bool md_mmio_covers(struct md_driver *d, u64 k);
bool md_mmio_mapped(struct md_driver *d, u64 k);	/* under d->lock */
bool md_mmio_end(struct md_driver *d, u64 k);
void md_mmio_free_all(struct md_driver *d);
int md_mmio_access(struct md_driver *d, bool write, u64 k, u64 size, u64 *value);

/* ---- md_busy.c ---- */
void md_busy_begin(struct md_call *c);
void md_busy_end(struct md_call *c);
bool md_busy_wait(struct md_driver *d, u64 k, u64 size);

/* ---- md_down.c ---- */
int md_downcall(struct md_session *s, struct md_activation *act, struct md_frame *f);
const char *md_intern(struct md_driver *d, const char *text);
const char *md_intern_user(struct md_driver *d, u64 u);

/* ---- md_undo.c ---- */
bool md_undo_owes(struct md_driver *d, u64 activation);
/* What a call kept that said it failed; returns how much. */
int md_undo_failed(struct md_driver *d, u64 activation, struct md_chain *chain);
/* What nothing can point to: of one activation, or of all that are part of @root. */
void md_undo_unseen(struct md_driver *d, u64 activation, struct md_chain *chain);
void md_undo_unseen_of(struct md_driver *d, u64 root, struct md_chain *chain);
/* True if that freed memory, which what was published may point to. */
bool md_undo_activation(struct md_driver *d, u64 activation, struct md_chain *chain);
/* True if there was anything to do. */
bool md_undo_instance(struct md_driver *d, u64 instance, struct md_chain *chain);
void md_undo_forget(struct md_driver *d);
/* The downcall has returned: what it acquired is on the log, what it gave back is given back. */
void md_pending_end(struct md_call *c);
/* Release function @release with @key, MD_KEYS_MAX words. May sleep. */
void md_undo_call(struct md_driver *d, u32 release, const u64 *key, struct md_chain *chain);

/* ---- md_devm.c ---- */
/* @start is about to be ended by its device. */
typedef void (*md_devm_end_t)(struct md_driver *d, u64 start);
/* NULL: no memory. */
struct md_devm *md_devm_new(struct md_driver *d, u64 start, md_devm_end_t end);
void md_devm_ride(struct device *dev, struct md_devm *r);
/* It was ended otherwise. */
void md_devm_leave(struct device *dev, struct md_driver *d, u64 start, md_devm_end_t end);

/* ---- md_lock.c ---- */
/* Was something published under a lock that the caller still holds for the upcall? */
bool md_locks_published(const struct md_activation *act);
/* In that caller, when the upcall is over: they are given back if it died. */
void md_locks_end(struct md_activation *act);

/* ---- md_late.c ---- */
/* Was @k given back, in a release that is put off? */
bool md_late_is(struct md_driver *d, u64 k);
bool md_late_put(struct md_call *c);
void md_late_forget(struct md_driver *d, u64 k, u64 size);
void md_late_sweep(struct md_driver *d, struct md_chain *chain);
void md_late_again(struct md_driver *d, u64 k, struct md_chain *chain);
void md_late_all(struct md_driver *d);

/* ---- md_taint.c ---- */
#define MD_NOBODY	1	/* instance of what is lost */
u64 md_instance_of(const struct md_plan *p, const u64 *args);
/* As C writes the type: "struct pci_dev". */
bool md_instance_is(const struct md_driver *d, const struct md_plan *p, const char *type);
u64 md_instance_size(struct md_driver *d, const struct md_plan *p);
void md_expose(struct md_activation *act);
void md_cover(struct md_activation *act);
/* A downcall that ends or consumes something. @act: NULL while undoing. */
void md_releases(struct md_activation *act);
/* May user code run for it? Not until the instance is torn down. */
bool md_quarantined(struct md_driver *d, const struct md_plan *p, u64 instance);
void md_taint(struct md_driver *d, u64 instance, const char *entry, struct md_chain *chain);
void md_taint_decide(struct md_driver *d, u64 activation, struct md_chain *chain);
bool md_tear_down(struct md_driver *d, const struct md_plan *p, u64 instance, struct md_chain *chain);
/* A teardown by the user half, after another's death, is over: what it knew nothing of goes too. */
void md_taint_salvaged(struct md_driver *d, const struct md_plan *p, u64 instance, struct md_chain *chain);
bool md_root_of(struct md_driver *d, u64 k, u64 *root);	/* under d->lock */
/* All of @root is whole again, or gone. True if it was tainted for good. */
bool md_taint_end(struct md_driver *d, u64 root);
/* A root to be brought back, and who died; false: none. */
bool md_taint_next(struct md_driver *d, u64 *root, const char **entry);
bool md_taint_undecided(struct md_driver *d);
bool md_tainted(struct md_driver *d, u64 root);
void md_taint_hopeless(struct md_driver *d, u64 root);
/* It is quarantined from now on, for a reason of the runtime's own. */
void md_taint_again(struct md_driver *d, u64 root, const char *entry);
void md_taint_show(struct seq_file *f, struct md_driver *d);
void md_taint_forget(struct md_driver *d);

/* ---- md_journal.c ---- */
/* In a release that no pair tracks, or a step of a teardown: is it to be made? */
bool md_once(struct md_call *c);
/* It has been: what it returned is noted. Or it was passed over, and returns what it did before. */
u64 md_answer(struct md_call *c, u64 value);
/* A teardown is made of steps, which a second attempt does not make again; a release is one anywhere. */
static inline bool md_is_step(const struct md_call *c)
{
	return c->fn->flags & MD_DOWN_STEP && c->act->plan->on_death == MD_UNDO;
}

static inline bool md_is_noted(const struct md_call *c)
{
	return c->act && (c->fn->flags & MD_DOWN_ONCE || md_is_step(c));
}

/* An argument that is no word: what tells it from others. */
void md_once_of(struct md_call *c, const void *bytes, size_t size);
/* The step came to no end, for what it led to in the process died: another attempt makes it again. A release counts all the same. */
void md_journal_cut(struct md_call *c);
/* Under d->lock: the instances of @root are whole, or gone; what comes there is another. */
void md_journal_whole(struct md_driver *d, u64 root);
/* What lay in [k, k + size) is not what lies there now: steps that name it are to be made. */
void md_journal_fresh(struct md_call *c, u64 k, u64 size);
/* What @key says is acquired (again), whoever released it before. */
void md_journal_reused(struct md_call *c, u32 release, u32 count, const u64 *key);
/* The activation is over. */
void md_journal_drop(struct md_activation *act);
void md_journal_keep(struct md_activation *act);
void md_journal_forget(struct md_driver *d);
bool md_chain_salvages(const struct md_chain *chain);

/* ---- md_recover.c ---- */
void md_recover_work(struct work_struct *work);
/* In the task of a call, with what its plan holds. True: @instance is whole again. */
bool md_recover_here(struct md_driver *d, const struct md_plan *p, u64 instance, const struct md_chain *chain);
/* Would its own stop release what a dead call left? */
bool md_recover_part(struct md_driver *d, const struct md_plan *p, u64 instance);
/* It was to begin to work in the call that died: which may be repeated once it has been stopped. */
bool md_recover_opening(struct md_driver *d, const struct md_plan *p, u64 instance);
/* It ends its work now, by somebody's wish. */
bool md_recover_closing(struct md_driver *d, const struct md_plan *p, u64 instance);

#endif
