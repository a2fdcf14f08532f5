/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user half's side of the runtime, linked into every NAME.so.
 *
 * Generated units hand over their entry points and symbols; md_user.c flattens
 * them, the host dlopens the .so, looks up md_user_half() and starts threads in
 * md_serve(). Plain C types only: generated units include this header together
 * with the kernel's own headers, md_user.c together with libc's.
 */
#ifndef MD_USER_H
#define MD_USER_H

#include "microdriver_wire.h"

/* Address of one symbol of the module's table as this half has it; same index as in the kernel half. */
struct md_user_ref {
	void *address;
	unsigned long size;
};

/* One entry point: index = plan id. */
struct md_user_entry {
	__u32 plan;
	__u32 param_count;
	const char *name;
	void *function;
};

struct md_user_unit {
	const struct md_user_ref *symbols;
	__u32 symbol_first, symbol_count;
	const struct md_user_entry *entries;
	__u32 entry_count;
};

/* Defined once per user half, in the generated tables file. */
struct md_user_tables {
	const char *name;
	__u8 slice_id[MD_SLICE_ID_SIZE];
	const struct md_user_unit *const *units;
	__u32 unit_count, symbol_count, plan_count, downcall_count;
	const char *const *downcall_names;
	const __u8 *downcall_params;		/* parameters per downcall */
	__u32 gated;				/* spinlocks go by the gate */
};
extern const struct md_user_tables md_user_tables __attribute__((visibility("default")));

/* ---- for generated stubs ---- */

/*
 * Assembly stubs of downcalls jump here with the id in %eax and the arguments
 * where the C calling convention left them.
 */
void md_trampoline(void);
/* From C stubs. @args: MD_ARGS_MAX at most. */
unsigned long md_downcall(unsigned int id, unsigned int count, const unsigned long *args);
/* Formats as the kernel's vsnprintf does; result lives until md_format_done. */
char *md_format(const char *format, __builtin_va_list arguments);
void md_format_done(char *text);
/* Where the next downcall of this thread stands, if that matters: for what it allocates, or for its lock class. */
extern __thread unsigned int md_site __attribute__((tls_model("initial-exec")));
/* Nonzero when register accesses must be downcalls (MD_FLAG_TRAP_MMIO). */
extern int md_mmio_trapped;
unsigned long md_mmio_read(const volatile void *address, unsigned int size);
void md_mmio_write(unsigned long value, volatile void *address, unsigned int size);

/* A live value for jiffies, which would stand still in a mirror. */
unsigned long md_jiffies(unsigned int hz);

/* ---- for the host ---- */

/* @kind: enum md_frame_kind; @name of entry point or downcall; @depth of nesting; @value on RETURN/RESULT. */
typedef void (*md_trace_fn)(unsigned int kind, const char *name, unsigned int depth,
			    unsigned long value, const unsigned long *args, unsigned int count);

struct md_host {
	md_trace_fn trace;	/* NULL: no trace */
	void (*spawn)(void);	/* start one more thread in md_serve */
};

/* ATTACH on @fd. 0 or -errno. The windows must be mapped. */
int md_user_attach(int fd, const struct md_host *host);
/* Serves until MD_EXIT (returns 0) or an error (-errno). Called by each u-thread. */
int md_serve(int fd);
/* Tells the user half where the host mapped the windows (MD_WIN_COUNT addresses). */
void md_user_windows(const unsigned long *starts);

#endif
