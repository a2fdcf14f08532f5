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
 *
 * Locks, outermost first:
 *   session->sync (mutex)   mirrors, twins, visited objects
 *   session->map (rwsem)    which pages a fault may insert; also taken by faults
 *   driver->lock (spin)     state, current session, allocations, registers, log
 *   session->lock (spin)    threads and who runs what
 * None is held while user code runs, nor while a downcall handler runs.
 */
#ifndef MD_RUNTIME_H
#define MD_RUNTIME_H

#include <linux/atomic.h>
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
#define MD_OBJECTS_MAX		16384		/* visited by one activation */
#define MD_OBJECTS_FIRST	6
#define MD_PAGES_MAX		16384		/* mirror pages of one session */
#define MD_PAGES_KEEP		512		/* more than this are trimmed when idle */
#define MD_ELEMENTS_MAX		65536		/* elements visited behind one pointer */
#define MD_BUFFER_MAX		(1u << 20)	/* one bounce buffer */
#define MD_LOOK			(HZ / 20)	/* how often a busy process is looked after */
#define MD_FLOOD		10000		/* downcalls a second that no driver needs for a minute */
#define MD_INTERNED_MAX		4096		/* strings of one driver */
#define MD_SYMBOLS_MAX		65536
#define MD_SYMBOL_BYTES_MAX	(16u << 20)	/* writable globals of one user half */

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
	u64 instance;
	u16 type;
};

/* What the plan walk reached in one activation. */
struct md_object {
	struct md_range range;
	struct list_head live;	/* reachable in this walk */
	struct list_head root;	/* walks start here too */
	const struct md_visit *visit;
	u32 walk;
	u16 type;
	bool direct;		/* known memory: read without fault handling */
	bool writable;
	bool scrub;		/* not ours: its mirror ends with the activation */
	u8 bytes;		/* MD_IN | MD_OUT: plain bytes travel, bytes_size of them */
	u64 bytes_size;
};

/* Registers that the driver mapped; @port: cookie of a port range instead. */
struct md_mmio {
	struct list_head node;
	u64 start, size;
	bool mapped;
	bool port;
};

struct md_undo {
	struct list_head node;
	u64 activation;
	u64 instance;
	u32 release;
	u64 key[3];
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
	struct list_head mmio;
	struct list_head undo;		/* newest first */
	struct list_head interned;
	u32 interned_count;
	atomic64_t next_activation;
	atomic_t in_flight;		/* u-threads in downcall handlers */

	struct dentry *dir;
	struct md_counter *counters;	/* per plan */
	struct md_stat {
		atomic64_t upcalls, downcalls, bytes_in, bytes_out;
		atomic64_t restarts, failures, objects;
		atomic64_t stray_writes;	/* mirror bytes written that no plan returned */
	} stat;
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

struct md_session {
	struct kref kref;
	struct md_driver *driver;	/* NULL before ATTACH; holds a reference */
	struct pid *pid;
	struct mm_struct *mm;		/* identity only */
	void *files;			/* identity only: fl_owner of the opener */
	struct address_space mapping;
	u64 window[MD_WIN_COUNT];	/* user address, 0 = not mapped */

	struct mutex sync;
	struct rw_semaphore map;
	struct xarray pages;		/* by kernel page number below the top */
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
	u32 thread_count, idle_count;
	struct list_head threads, idle;
	wait_queue_head_t idle_wait;
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

struct md_activation {
	struct list_head node;
	struct md_driver *driver;
	struct md_session *session;
	struct md_thread *thread;
	const struct md_plan *plan;
	u32 plan_id;
	u64 id;
	u64 args[MD_ARGS_MAX], user_args[MD_ARGS_MAX];
	u64 instance;
	u64 result;
	int error;
	bool died;
	struct completion done;
	unsigned long started;
	unsigned long progress;		/* jiffies of the last sign of life */
	u64 downcalls;

	/* The walk; under session->sync. */
	struct rb_root_cached objects;
	struct list_head live, roots;
	u32 object_count, walk;
	struct md_object first[MD_OBJECTS_FIRST];	/* most upcalls need no more */
	u32 first_used;
	bool truncated;
	bool alone;			/* no other activation: what is dirty now is nobody's */
	u16 bad_type;			/* where a sync out failed */
	u32 bad_offset;
	u64 bytes_in, bytes_out;
};

/* One downcall in progress. */
struct md_call {
	struct md_driver *driver;
	struct md_session *session;	/* NULL while undoing */
	struct md_activation *act;	/* NULL while undoing */
	const struct md_downcall *fn;
	u32 id, site;
	const u64 *arg;
	int bad_arg;			/* -1: none */
	const char *bad_why;
	struct list_head temps;
};

/* ---- md_main.c ---- */
extern char *md_host_path, *md_half_dir;
extern uint md_timeout_ms, md_attach_ms;
extern int md_restarts;
extern bool md_spare, md_trap;
void md_debugfs_add(struct md_driver *d);
void md_debugfs_remove(struct md_driver *d);
const char *md_state_name(enum md_state state);

/* ---- md_session.c ---- */
extern const struct file_operations md_fops;
void md_session_get(struct md_session *s);
void md_session_put(struct md_session *s);
/* Ends the session now: fence, revoke the maps, kill the process, end what waits. May sleep. */
void md_session_kill(struct md_session *s);
/* The same with the log line of a failure, unless it was dead already. */
__printf(2, 3) void md_session_fail(struct md_session *s, const char *why, ...);
void md_session_leave(struct md_session *s);
int md_session_hand_over(struct md_session *s, struct md_activation *act);
struct md_session *md_current_session(void);
void md_watch(struct work_struct *work);

/* ---- md_driver.c ---- */
/* Also keeps the module's tables, until md_driver_leave(). */
struct md_driver *md_driver_find(const char *name);
void md_driver_leave(struct md_driver *d);
void md_driver_put(struct md_driver *d);
int md_driver_adopt(struct md_driver *d, struct md_session *s);
void md_driver_lost(struct md_driver *d, struct md_session *s, bool expected);
bool md_driver_serves(struct md_driver *d, struct md_session *s);
/* A live session, started if need be; holds a reference. */
struct md_session *md_driver_session(struct md_driver *d);
/* The session that serves now, or NULL; holds a reference. */
struct md_session *md_driver_current(struct md_driver *d);
int md_restarts_left(struct md_driver *d);
const char *md_restarts_text(struct md_driver *d, char *text, size_t size);

/* ---- md_call.c ---- */
void md_activation_end(struct md_activation *act, int error, u64 result);
void md_fail_sync(struct md_session *s, struct md_activation *act, int err);

/* ---- md_symbol.c ---- */
int md_symbols_check(struct md_session *s, struct md_driver *d, const struct md_user_symbol *table);
void md_symbols_free(struct md_session *s);
int md_tables_build(struct md_driver *d);
void md_tables_free(struct md_driver *d);
/* Symbol that covers kernel address @k, or -1. */
int md_symbol_at(struct md_driver *d, u64 k);
u64 md_to_user(struct md_session *s, u64 k);
int md_to_kernel(struct md_activation *act, u64 u, u16 type, u64 *k);
int md_opaque_to_kernel(struct md_activation *act, u64 u, u64 *k);
int md_function_to_kernel(struct md_session *s, u64 u, u64 *k);
bool md_user_symbol_at(struct md_session *s, u64 u, int *index, u64 *offset);
bool md_address_is_kernel(u64 k);
int md_window_of(u64 k);
u64 md_window_base(int window);
u64 md_window_size(int window);

/* ---- md_object.c ---- */
bool md_type_at(struct md_driver *d, u16 type, u64 size, u64 offset, u16 want);
bool md_alloc_covers(struct md_driver *d, u64 k, struct md_alloc *copy);
int md_alloc_add(struct md_driver *d, u64 k, u64 size, u16 type, u64 instance, struct device *dev);
bool md_alloc_end(struct md_driver *d, u64 k);
void md_alloc_free_all(struct md_driver *d);
struct md_object *md_object_at(struct md_activation *act, u64 k, u16 type);
struct md_object *md_object_add(struct md_activation *act, u64 k, u64 size, u16 type);
void md_object_free(struct md_activation *act, struct md_object *o);
void md_objects_free(struct md_activation *act);
/* Ends mirrors and visits of [k, k+size). */
void md_forget(struct md_driver *d, u64 k, u64 size);
void md_forget_object(struct md_driver *d, u64 k);

/* ---- md_sync.c ---- */
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
struct md_object *md_visit(struct md_activation *act, u64 k, u16 type, bool root, bool direct);
void md_visit_string(struct md_activation *act, u64 k, bool root);
void md_visit_any(struct md_activation *act, u64 k, bool root);
void md_handle(struct md_activation *act, u64 k, u16 type);
int md_fields_out(struct md_activation *act, struct md_object *o,
		  const struct md_field *fields, u32 count, u64 base);

/* ---- md_map.c ---- */
int md_mmap(struct file *file, struct vm_area_struct *vma);
struct md_page *md_page_get(struct md_session *s, u64 k, bool create);
void md_pages_trim(struct md_session *s);
void md_pages_free(struct md_session *s);
void md_scrub(struct md_session *s, u64 k, u64 size);
void md_revoke(struct md_session *s, u64 k, u64 size);
void md_revoke_all(struct md_session *s);

/* ---- md_mmio.c ---- */
int md_mmio_add(struct md_driver *d, u64 k, u64 size);
bool md_mmio_covers(struct md_driver *d, u64 k);
bool md_mmio_mapped(struct md_driver *d, u64 k);
bool md_mmio_end(struct md_driver *d, u64 k);
void md_mmio_free_all(struct md_driver *d);
int md_mmio_access(struct md_driver *d, bool write, u64 k, u64 size, u64 *value);

/* ---- md_down.c ---- */
int md_downcall(struct md_session *s, struct md_activation *act, struct md_frame *f);
const char *md_intern(struct md_driver *d, const char *text);
const char *md_intern_user(struct md_driver *d, u64 u);

/* ---- md_undo.c ---- */
void md_undo_activation(struct md_driver *d, u64 activation);
void md_undo_instance(struct md_driver *d, u64 instance);
void md_undo_forget(struct md_driver *d);

#endif
