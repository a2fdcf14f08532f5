/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Force-included between the kernel's kconfig.h and compiler_types.h when a
 * driver is compiled for user mode with the kernel's own headers.
 *
 * It switches off what would patch code at run time or leave descriptors in
 * sections that only a kernel loader reads. Nothing here may change the layout
 * of a record that both halves use; generated code asserts sizes and offsets.
 */
#ifndef MD_PRE_H
#define MD_PRE_H

/* With the hack, every static branch is assembled as taken. */
#undef CONFIG_HAVE_JUMP_LABEL_HACK

/* Descriptors and patch sites of the tracing and debugging machinery. */
#undef CONFIG_DYNAMIC_DEBUG
#undef CONFIG_DYNAMIC_DEBUG_CORE
#undef CONFIG_TRACEPOINTS
#undef CONFIG_PRINTK_INDEX
#undef CONFIG_HAVE_STATIC_CALL
#undef CONFIG_HAVE_STATIC_CALL_INLINE
#undef CONFIG_PREEMPT_DYNAMIC
#undef CONFIG_HAVE_PREEMPT_DYNAMIC
#undef CONFIG_HAVE_PREEMPT_DYNAMIC_CALL
#undef CONFIG_OBJTOOL

/* Every extern of this shared object is its own: stub, local version or placeholder. */
#pragma GCC visibility push(hidden)

#endif
