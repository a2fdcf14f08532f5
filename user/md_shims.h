/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included by generated units right after the driver's last #include: from
 * here on the driver's own text is compiled, so macros may take the place of
 * what the kernel's headers have defined.
 */
#ifndef MD_SHIMS_H
#define MD_SHIMS_H

#include <linux/init.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

/* The headers do without descriptors; what the driver's own text makes of the configuration is the same in both halves. */
#ifdef MD_DYNAMIC_DEBUG
#define CONFIG_DYNAMIC_DEBUG 1
#endif

/* ---- for whom this half is not a module: nothing lands in its sections ------- */

#define MD_NOTHING(line)	MD_NOTHING_(line)
#define MD_NOTHING_(line)	struct md_nothing_##line;

#undef MODULE_AUTHOR
#undef MODULE_DESCRIPTION
#undef MODULE_LICENSE
#undef MODULE_VERSION
#undef MODULE_ALIAS
#undef MODULE_INFO
#undef MODULE_SOFTDEP
#undef MODULE_FIRMWARE
#undef MODULE_IMPORT_NS
#undef MODULE_PARM_DESC
#undef MODULE_DEVICE_TABLE
#define MODULE_AUTHOR(x)		MD_NOTHING(__LINE__)
#define MODULE_DESCRIPTION(x)		MD_NOTHING(__LINE__)
#define MODULE_LICENSE(x)		MD_NOTHING(__LINE__)
#define MODULE_VERSION(x)		MD_NOTHING(__LINE__)
#define MODULE_ALIAS(x)			MD_NOTHING(__LINE__)
#define MODULE_INFO(x, y)		MD_NOTHING(__LINE__)
#define MODULE_SOFTDEP(x)		MD_NOTHING(__LINE__)
#define MODULE_FIRMWARE(x)		MD_NOTHING(__LINE__)
#define MODULE_IMPORT_NS(x)		MD_NOTHING(__LINE__)
#define MODULE_PARM_DESC(x, y)		MD_NOTHING(__LINE__)
#define MODULE_DEVICE_TABLE(x, y)	MD_NOTHING(__LINE__)

#undef module_param
#undef module_param_named
#undef module_param_unsafe
#undef module_param_string
#undef module_param_cb
#undef module_param_call
#undef module_param_array
#undef module_param_array_named
#undef module_param_hw
#undef module_param_hw_named
#undef module_param_hw_array
#define module_param(...)		MD_NOTHING(__LINE__)
#define module_param_named(...)		MD_NOTHING(__LINE__)
#define module_param_unsafe(...)	MD_NOTHING(__LINE__)
#define module_param_string(...)	MD_NOTHING(__LINE__)
#define module_param_cb(...)		MD_NOTHING(__LINE__)
#define module_param_call(...)		MD_NOTHING(__LINE__)
#define module_param_array(...)		MD_NOTHING(__LINE__)
#define module_param_array_named(...)	MD_NOTHING(__LINE__)
#define module_param_hw(...)		MD_NOTHING(__LINE__)
#define module_param_hw_named(...)	MD_NOTHING(__LINE__)
#define module_param_hw_array(...)	MD_NOTHING(__LINE__)

#undef EXPORT_SYMBOL
#undef EXPORT_SYMBOL_GPL
#undef EXPORT_SYMBOL_NS
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL(x)		MD_NOTHING(__LINE__)
#define EXPORT_SYMBOL_GPL(x)		MD_NOTHING(__LINE__)
#define EXPORT_SYMBOL_NS(x, y)		MD_NOTHING(__LINE__)
#define EXPORT_SYMBOL_NS_GPL(x, y)	MD_NOTHING(__LINE__)

/* The functions stay; who runs them is an entry point of the plan. Some drivers leave out the semicolon, which the kernel's own macros bring. */
#undef module_init
#undef module_exit
#define module_init(f) \
	static initcall_t md_module_init __attribute__((unused)) = f;
#define module_exit(f) \
	static exitcall_t md_module_exit __attribute__((unused)) = f;

#undef __init
#undef __exit
#undef __initdata
#undef __initconst
#undef __exitdata
#undef __ro_after_init
#undef __refdata
#undef __ref
#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __ro_after_init
#define __refdata
#define __ref

#include "md_names.h"

#endif
