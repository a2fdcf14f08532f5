/* SPDX-License-Identifier: GPL-2.0-only */
struct own { int a, b; };
extern int shared;
int own_add(struct own *o, int n);
int own_fast(struct own *o);
