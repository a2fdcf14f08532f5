/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The one header that the runtime module, the host and both halves share.
 *
 * Protocol: a host process opens /dev/microdriver, asks HELLO where the windows
 * of the kernel's address space lie, maps one window each, loads the user half
 * and ATTACHes it. From then on every thread of the host that serves (a
 * u-thread) sits in BATON: one ioctl hands over what the thread has to say and
 * returns with what it has to do next.
 *
 * Ownership: a frame belongs to the thread that passes it; the kernel copies it
 * in and out and keeps no reference. Everything in it is checked on every entry.
 *
 * Padding: all members are naturally aligned, no holes; sizes are asserted at
 * the end of this file and again in the host.
 *
 * Change log
 *  1: first version
 *  2: MD_CALL_GATE_CLOSE, MD_CALL_GATE_OPEN, MD_IOC_CHECK
 */
#ifndef MICRODRIVER_WIRE_H
#define MICRODRIVER_WIRE_H

#include <linux/types.h>
#include <linux/ioctl.h>

#define MD_WIRE_VERSION		2
#define MD_NAME_MAX		64
#define MD_SLICE_ID_SIZE	16
#define MD_ARGS_MAX		12

/* Windows of the kernel's address space. User address = kernel address - base + chosen start. */
enum md_window {
	MD_WIN_DIRECT,		/* direct map: kmalloc, coherent DMA memory */
	MD_WIN_VMALLOC,		/* vmalloc: ioremapped registers, kernel stacks */
	MD_WIN_VMEMMAP,		/* struct page array: addresses only */
	MD_WIN_IMAGE,		/* kernel image and modules: static data */
	MD_WIN_COUNT
};

/* mmap offset that selects a window; length must be that of struct md_window_info. */
#define MD_WIN_OFFSET(w)	((__u64)(w) << 47)

struct md_window_info {
	__u64 size;		/* bytes */
	__u64 suggested;	/* user address that the runtime proposes */
};

struct md_hello {
	__u32 version;		/* in: MD_WIRE_VERSION of the host; out: of the module */
	__u32 reserved;
	struct md_window_info window[MD_WIN_COUNT];	/* out */
};

/* Where the user half holds one symbol of its table; index = index in struct md_module's table. */
struct md_user_symbol {
	__u64 address;
	__u64 size;		/* bytes; 0 for functions */
};

struct md_attach {
	__u32 version;
	__u32 symbol_count;
	__u64 symbols;			/* user pointer to struct md_user_symbol[] */
	__u8 slice_id[MD_SLICE_ID_SIZE];	/* must equal the kernel half's */
	char name[MD_NAME_MAX];		/* driver, as its .ko is named */
};

enum md_frame_kind {
	/* thread -> kernel */
	MD_READY = 1,		/* nothing to say: give me work */
	MD_RETURN,		/* the upcall is done; value = its result */
	MD_DOWNCALL,		/* call downcall `id` with arg[] */
	/* kernel -> thread */
	MD_UPCALL,		/* run entry point `id` with arg[], then MD_RETURN; value = jiffies now */
	MD_RESULT,		/* the downcall is done; value = its result */
	MD_EXIT,		/* the driver is gone: leave */
};

#define MD_FLAG_SPAWN		1u	/* out: this thread was the last idle one; start another first */

/*
 * Out, in every frame: some register window shares its page with another device,
 * so no page of it is mapped; accessors of the user half must use MD_CALL_MMIO.
 */
#define MD_FLAG_TRAP_MMIO	2u

/* Downcall ids that the runtime serves itself; those below belong to the driver. */
#define MD_CALL_RUNTIME		0xffff0000u
#define MD_CALL_MMIO_READ	(MD_CALL_RUNTIME + 1)	/* arg: address, size; value back */
#define MD_CALL_MMIO_WRITE	(MD_CALL_RUNTIME + 2)	/* arg: address, size, value */
#define MD_CALL_ALIVE		(MD_CALL_RUNTIME + 3)	/* a sign of life, and a sync point */
#define MD_CALL_GATE_CLOSE	(MD_CALL_RUNTIME + 4)	/* arg: enum md_gate_context; returns holding the gate, fields refreshed */
#define MD_CALL_GATE_OPEN	(MD_CALL_RUNTIME + 5)	/* arg: as at its close; writes back first */

#define MD_CALL_POINTER		(MD_CALL_RUNTIME + 6)	/* arg: pointer; as printk's %p would show it, ~0 where that is no number */

/* What else the lock that closed the gate keeps off. Nested closes add up. */
enum md_gate_context {
	MD_GATE_PLAIN,
	MD_GATE_BH,
	MD_GATE_IRQ,
};

struct md_frame {
	__u32 kind;
	__u32 id;
	__u32 flags;
	__u32 site;		/* MD_DOWNCALL: where the call stands, 0 = not said */
	__u64 value;
	__u64 arg[MD_ARGS_MAX];
};

/*
 * What a checking build of the user half asks of its own activation. Shadow: a
 * byte of MD_SHADOW_* for each byte of memory.
 */
enum md_check_op {
	MD_CHECK_PAGE = 1,	/* address: of a page of this process; its shadow to the page at value */
	MD_CHECK_COVERED,	/* value back: bytes that the plan has brought */
	MD_CHECK_NOTE,		/* at an upcall's end; address: bytes brought, size: bytes touched */
	MD_CHECK_REPORT,	/* address, size, flags, place: an access outside of the plan, for the log */
};

#define MD_SHADOW_IN	1u	/* the plan brought it */
#define MD_SHADOW_OUT	2u	/* the plan returns it */
#define MD_SHADOW_FREE	4u	/* no plan is needed: registers, the process's own; with the other two */
#define MD_CHECK_WRITE	1u
#define MD_CHECK_PLACES	8

struct md_check {
	__u32 op;
	__u32 flags;
	__u64 address;
	__u64 size;
	__u64 value;
	__u64 place[MD_CHECK_PLACES];	/* return addresses, innermost first, from the start of NAME.so; 0 ends */
};

#define MD_IOC_HELLO	_IOWR('M', 1, struct md_hello)
#define MD_IOC_ATTACH	_IOW('M', 2, struct md_attach)
#define MD_IOC_BATON	_IOWR('M', 3, struct md_frame)	/* or, cheaper, lseek(fd, frame, SEEK_SET) */
#define MD_IOC_CHECK	_IOWR('M', 4, struct md_check)

#define MD_WIRE_ASSERT(what) _Static_assert(what, #what)
MD_WIRE_ASSERT(sizeof(struct md_hello) == 8 + 16 * MD_WIN_COUNT);
MD_WIRE_ASSERT(sizeof(struct md_user_symbol) == 16);
MD_WIRE_ASSERT(sizeof(struct md_attach) == 16 + MD_SLICE_ID_SIZE + MD_NAME_MAX);
MD_WIRE_ASSERT(sizeof(struct md_frame) == 24 + 8 * MD_ARGS_MAX);
MD_WIRE_ASSERT(sizeof(struct md_check) == 32 + 8 * MD_CHECK_PLACES);

#endif
