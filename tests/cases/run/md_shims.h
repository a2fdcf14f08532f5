/* SPDX-License-Identifier: GPL-2.0-only */
/* In place of user/md_shims.h, which is made for the kernel's own headers. */
#undef module_init
#undef module_exit
#undef module_param
#define module_init(f)	struct cases_nothing
#define module_exit(f)	struct cases_nothing
#define module_param(name, type, perm) struct cases_nothing
#undef EXPORT_SYMBOL
#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL(x) struct cases_nothing
#define EXPORT_SYMBOL_GPL(x) struct cases_nothing
