// SPDX-License-Identifier: GPL-2.0-only
/* What the small kernel of the cases does beside handing out memory (harness.c): one thread, so nothing ever waits. */
#include <kernel.h>

void _raw_spin_lock(spinlock_t *l) { l->locked++; }
void _raw_spin_unlock(spinlock_t *l) { l->locked--; }
unsigned long _raw_spin_lock_irqsave(spinlock_t *l) { l->locked++; return 1; }
void _raw_spin_unlock_irqrestore(spinlock_t *l, unsigned long flags) { l->locked -= flags; }
void mutex_lock(struct mutex *m) { m->locked++; }
void mutex_unlock(struct mutex *m) { m->locked--; }
void cases_lock_init(void *l) { *(int *)l = 0; }
bool __list_del_entry_valid(struct list_head *n) { return n->next->prev == n && n->prev->next == n; }
void rcu_read_lock(void) { }
void rcu_read_unlock(void) { }
void synchronize_rcu(void) { }
void complete(struct completion *c) { c->done++; }
void wait_for_completion(struct completion *c) { c->done = 0; }
void cases_init_work(struct work_struct *w, void (*f)(struct work_struct *)) { w->data = 0; w->func = f; }
bool schedule_work(struct work_struct *w) { w->data++; w->func(w); return true; }
bool cancel_work_sync(struct work_struct *w) { bool was = w->data; w->data = 0; return was; }
