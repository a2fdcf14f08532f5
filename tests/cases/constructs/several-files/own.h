/* SPDX-License-Identifier: GPL-2.0-only */
struct own { int a, b; struct mutex lock, quiet; };
extern int shared;
void own_ready(struct own *o);
int own_add(struct own *o, int n);
int own_fast(struct own *o);
