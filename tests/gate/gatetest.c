// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hand-made kernel half whose entries come all the time on every CPU, from an interrupt
 * of QEMU's edu device, NAPI, a timer, a transmit path, counters that are read, and a thread; and a hand-made user
 * half (gatehost.c) that closes the gate among them. DOWN_LOOK, made while it is closed, is the judge.
 *
 * What was postponed must all come in the end: each sort counts what was asked for and
 * what was done. nocheck=1 leaves the gate's check out: then the judge must complain.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include "microdriver.h"
#include "gatetest.h"

static bool nocheck;
module_param(nocheck, bool, 0644);

/* A thread that waits for the gate makes a stalled one open when teardown begins. */
static bool waits = true;
module_param(waits, bool, 0644);

/* Nothing new is asked for: what was must be done in the end. */
static bool quiet;
module_param(quiet, bool, 0644);

#define EDU_RAISE	0x60
#define EDU_ACK		0x64
#define EDU_STATUS	0x24

static struct pci_dev *edu;
static void __iomem *regs;
static struct net_device *dev;
static struct napi_struct napi;
static struct timer_list timer;
static struct task_struct *waiter, *sender, *readers[2];
static struct hrtimer ticks[NR_CPUS];
static struct dentry *dir;

static DEFINE_SPINLOCK(lock);
static atomic_t active, violations;
static atomic_t done[7];
static unsigned long raised, sent, transmitted, rearmed, deferred, noted, bad_context, ship_wrong;
static unsigned long readings, backwards;
static atomic64_t seen;
static u64 field;
static void *thing;	/* what PLAN_FREE gives back */
static unsigned long freed;
static DEFINE_MUTEX(sleeping);
static bool stopping;

static DEFINE_PER_CPU(unsigned int, inside);
static struct md_gate gate = { .inside = &inside };
static struct md_module module;

/* ---- entries ------------------------------------------------------------------ */

static bool enter(unsigned int minds)
{
	return nocheck || md_gate_enter(&gate, minds);
}

static void leave(void)
{
	if (!nocheck)
		md_gate_leave(&gate);
}

static void critical(int kind)
{
	unsigned long flags;

	atomic_inc(&active);
	spin_lock_irqsave(&lock, flags);
	udelay(3);
	atomic_inc(&done[kind]);
	spin_unlock_irqrestore(&lock, flags);
	atomic_dec(&active);
}

static irqreturn_t handler(int irq, void *cookie)
{
	while (!enter(MD_GATE_LOCK))
		if (md_gate_mask_irq(&gate, irq))
			return IRQ_HANDLED;
	writel(readl(regs + EDU_STATUS), regs + EDU_ACK);
	critical(0);
	leave();
	return IRQ_HANDLED;
}

static int poll(struct napi_struct *n, int budget)
{
	while (!enter(MD_GATE_LOCK))
		if (md_gate_repoll(&gate, n))
			return 0;
	critical(1);
	leave();
	napi_complete_done(n, 0);
	return 0;
}

static void on_timer(struct timer_list *t)
{
	while (!enter(MD_GATE_LOCK))
		if (md_gate_rearm(&gate, t))
			return;
	critical(2);
	rearmed++;
	leave();
	if (!READ_ONCE(stopping))
		mod_timer(t, jiffies + 1);
}

static netdev_tx_t xmit(struct sk_buff *skb, struct net_device *d)
{
	while (!enter(MD_GATE_LOCK | MD_GATE_EXCLUDE | MD_GATE_ALONE))
		if (md_gate_stop_queue(&gate, d, skb))
			return NETDEV_TX_BUSY;
	critical(3);
	transmitted += skb->protocol == htons(ETH_P_802_3);
	dev_kfree_skb_any(skb);
	leave();
	return NETDEV_TX_OK;
}

static void stats(struct net_device *d, struct rtnl_link_stats64 *s)
{
	void *kept;

	while (!enter(MD_GATE_LOCK))
		if (md_gate_last(&gate, d, s))
			return;
	kept = md_gate_keep(&gate, d, sizeof(*s));
	critical(6);
	s->rx_packets = ++readings;
	/* Room for another reader to come first. */
	udelay(readings & 31);
	md_gate_kept(kept, s);
	leave();
}

static const struct net_device_ops ops = { .ndo_start_xmit = xmit, .ndo_get_stats64 = stats };

/* Nobody sees less than what somebody saw before he asked. */
static int read_thread(void *v)
{
	while (!kthread_should_stop()) {
		struct rtnl_link_stats64 s;
		s64 floor = atomic64_read(&seen), old;

		preempt_disable();
		dev_get_stats(dev, &s);
		preempt_enable();
		backwards += s.rx_packets < floor;
		do
			old = atomic64_read(&seen);
		while (old < (s64)s.rx_packets && atomic64_cmpxchg(&seen, old, s.rx_packets) != old);
		usleep_range(300, 900);
	}
	return 0;
}

static int wait_thread(void *v)
{
	while (!kthread_should_stop()) {
		bool in = false;

		while (waits && !(in = enter(MD_GATE_LOCK)))
			if (md_gate_wait(&gate, MD_GATE_LOCK))
				break;
		if (in) {
			critical(4);
			leave();
		}
		usleep_range(20, 60);
	}
	return 0;
}

static int send_thread(void *v)
{
	while (!kthread_should_stop()) {
		struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);

		if (skb && !READ_ONCE(quiet) && (long)(sent - READ_ONCE(transmitted)) < 500) {
			skb_put_zero(skb, 60);
			skb_reset_mac_header(skb);
			skb->dev = dev;
			skb->protocol = htons(ETH_P_802_3);
			/* Until the link watch has run, packets are dropped, and that is said. */
			if (dev_queue_xmit(skb) == NET_XMIT_SUCCESS)
				sent++;
		} else {
			kfree_skb(skb);
		}
		usleep_range(30, 80);
	}
	return 0;
}

static const struct md_deferral deferral;

static enum hrtimer_restart tick(struct hrtimer *t)
{
	static unsigned int n;
	u64 args[] = { n++ & 3 };

	if (!READ_ONCE(quiet)) {
		writel(1, regs + EDU_RAISE);
		raised++;
		napi_schedule(&napi);
	}
	if (!READ_ONCE(quiet) && !(n & 255)) {
		deferred++;
		md_defer(&module, &deferral, args);
	}
	hrtimer_forward_now(t, ns_to_ktime(250000));
	return READ_ONCE(stopping) ? HRTIMER_NORESTART : HRTIMER_RESTART;
}

/* ---- downcalls ------------------------------------------------------------------ */

static u64 look(struct md_call *c)
{
	bool context;
	int before, i, sum = 0, now = 0;

	md_call_begin(c);
	context = md_arg(c, 0) == MD_GATE_IRQ ? irqs_disabled() :
		  md_arg(c, 0) == MD_GATE_BH ? softirq_count() && !irqs_disabled() : in_atomic();
	for (i = 0; i < 5; i++)
		sum += atomic_read(&done[i]);
	before = atomic_read(&active);
	udelay(20);
	for (i = 0; i < 5; i++)
		now += atomic_read(&done[i]);
	if (before || now != sum || atomic_read(&active))
		atomic_inc(&violations);
	md_call_end(c);
	if (!context)
		bad_context++;
	return 0;
}

static u64 away(struct md_call *c)
{
	int before = atomic_read(&done[3]);

	md_call_begin(c);
	usleep_range(2000, 2500);
	md_call_end(c);
	return atomic_read(&done[3]) != before;
}

static u64 settle(struct md_call *c)
{
	md_call_begin(c);
	napi_disable(&napi);
	disable_irq(edu->irq);
	enable_irq(edu->irq);
	napi_enable(&napi);
	napi_schedule(&napi);
	md_call_end(c);
	return 0;
}

static u64 note(struct md_call *c)
{
	noted++;
	return md_arg(c, 0);
}

static void shipped(u64 *v)
{
	u64 args[] = { v[0] - 1 }, result;

	v[1] = current->pid;
	if (v[0] && md_upcall(&module, PLAN_SHIP, args, &result))
		ship_wrong++;
}

static u64 ship(struct md_call *c)
{
	u64 v[] = { md_arg(c, 0), 0 };

	md_call_ship(c, shipped, v);
	return v[1];
}

static u64 locks(struct md_call *c)
{
	md_call_begin(c);
	critical(5);
	md_call_end(c);
	return 0;
}

static u64 sleeps(struct md_call *c)
{
	md_call_begin(c);
	msleep(1);
	md_call_end(c);
	return 0;
}

static void shipped_take(u64 *v)
{
	mutex_lock(&sleeping);
}

static u64 take(struct md_call *c)
{
	md_locking(c, DOWN_GIVE, (u64)&sleeping);
	if (md_call_bad(c))
		return 0;
	md_call_ship(c, shipped_take, NULL);
	md_locked(c, DOWN_GIVE, (u64)&sleeping);
	return 0;
}

static void shipped_give(u64 *v)
{
	mutex_unlock(&sleeping);
}

static u64 give(struct md_call *c)
{
	md_unlocking(c, DOWN_GIVE, (u64)&sleeping);
	md_call_ship(c, shipped_give, NULL);
	return 0;
}

static void undo_give(struct md_call *c, const u64 *key)
{
	mutex_unlock((struct mutex *)key[0]);
}

static DECLARE_WAIT_QUEUE_HEAD(once_wait);
static atomic_t once_in, once_out;

static u64 once(struct md_call *c)
{
	md_acquiring(c, DOWN_ONCE, 1, 0, 0);
	if (md_call_bad(c)) {
		atomic_inc(&once_out);
		wake_up_all(&once_wait);
		return 0;
	}
	atomic_inc(&once_in);
	wake_up_all(&once_wait);
	wait_event_timeout(once_wait, atomic_read(&once_in) + atomic_read(&once_out) == 2, 10 * HZ);
	md_acquired(c, DOWN_ONCE, 1, 0, 0);
	return 0;
}

static void undo_once(struct md_call *c, const u64 *key)
{
}

/* Whoever waits for it need not. */
static unsigned long let_go;

static bool late_free(const u64 *key, bool put)
{
	let_go += put;
	return true;
}

static void undo_free(struct md_call *c, const u64 *key)
{
	kfree((void *)key[0]);
	freed++;
}

static u64 give_back(struct md_call *c)
{
	void *p = md_arg_opaque(c, 0, false);
	u64 key[] = { (u64)p };

	if (md_call_bad(c))
		return 0;
	md_release(c, p);
	if (!md_call_bad(c))
		undo_free(c, key);
	return 0;
}

static unsigned long steps;

static u64 step(struct md_call *c)
{
	md_arg_string(c, 0);
	md_arg(c, 1);
	return md_call_bad(c) ? 0 : ++steps;
}

static const struct md_downcall downcalls[] = {
	[DOWN_LOOK] = { "look", look, NULL, MD_DOWN_PURE | MD_DOWN_ATOMIC },
	[DOWN_SETTLE] = { "settle", settle, NULL, MD_DOWN_SETTLES },
	[DOWN_NOTE] = { "note", note, NULL, MD_DOWN_ATOMIC },
	[DOWN_SHIP] = { "ship", ship, NULL, MD_DOWN_SHIPPED | MD_DOWN_ATOMIC },
	[DOWN_LOCKS] = { "locks", locks, NULL, MD_DOWN_LOCKS | MD_DOWN_ATOMIC },
	[DOWN_SLEEPS] = { "sleeps", sleeps, NULL, MD_DOWN_PURE },
	[DOWN_TAKE] = { "take", take, NULL, MD_DOWN_SHIPPED },
	[DOWN_GIVE] = { "give", give, undo_give, MD_DOWN_SHIPPED },
	[DOWN_ONCE] = { "once", once, undo_once, 0 },
	[DOWN_AWAY] = { "away", away, NULL, MD_DOWN_PURE },
	[DOWN_STEP] = { "step", step, NULL, MD_DOWN_STEP | MD_DOWN_ANSWERS },
	[DOWN_WATCH] = { "watch", step, NULL, 0 },
	[DOWN_FREE] = { "free", give_back, undo_free,
			MD_DOWN_RELEASES | MD_DOWN_ONCE | MD_DOWN_ENDS(0), late_free },
};

/* ---- plans ------------------------------------------------------------------------- */

static const struct md_param scalar[] = { { MD_PASS_SCALAR, 8, MD_TYPE_NONE } };
static const struct md_field fields[] = { { 0, 8, 1, 8, MD_TYPE_NONE, MD_BYTES, MD_IN | MD_OUT } };
static const struct md_global globals[] = { { 0, 1, 0, fields } };

static const struct md_field pointers[] = { { 0, 8, 1, 8, MD_TYPE_NONE, MD_PTR_OPAQUE, MD_IN | MD_OUT } };
static const struct md_global things[] = { { 1, 1, 0, pointers } };

static const u64 any_call[] = { ~0ULL };
static const u64 lock_calls[] = { 1ULL << DOWN_TAKE | 1ULL << DOWN_GIVE };

#define PLAN(entry, death) { \
	.name = entry, .param_count = 1, .on_death = death, .result = { MD_PASS_SCALAR, 8, MD_TYPE_NONE }, \
	.params = scalar, .globals = globals, .global_count = 1, .calls = any_call }
static const struct md_plan plans[] = {
	[PLAN_HOLD] = PLAN("hold", MD_FAIL),
	[PLAN_DIE] = PLAN("die", MD_FAIL),
	[PLAN_TEARDOWN] = PLAN("teardown", MD_UNDO),
	[PLAN_DEFERRED] = PLAN("deferred", MD_FAIL),
	[PLAN_SETTLE] = PLAN("settle", MD_FAIL),
	[PLAN_SHIP] = PLAN("ship", MD_FAIL),
	[PLAN_RETRY] = PLAN("retry", MD_RETRY),
	[PLAN_ONCE] = PLAN("once", MD_FAIL),
	[PLAN_ALONE] = { .name = "alone", .param_count = 1, .on_death = MD_FAIL, .result = { MD_PASS_SCALAR, 8, MD_TYPE_NONE },
			 .params = scalar, .calls = any_call, .alone = true },
	[PLAN_LOCK] = { .name = "lock", .param_count = 1, .on_death = MD_FAIL, .result = { MD_PASS_SCALAR, 8, MD_TYPE_NONE },
			.params = scalar, .calls = lock_calls },
	[PLAN_FREE] = { .name = "free", .param_count = 1, .on_death = MD_FAIL, .result = { MD_PASS_SCALAR, 8, MD_TYPE_NONE },
			.params = scalar, .globals = things, .global_count = 1, .calls = any_call },
};

static DEFINE_SPINLOCK(snapshot);

static void hold(const u64 *args)
{
	spin_lock_bh(&snapshot);
}

static void unhold(const u64 *args)
{
	spin_unlock_bh(&snapshot);
}

static const struct md_deferral deferral = { PLAN_DEFERRED, MD_GATE_EXCLUDE, hold, unhold };

static const struct md_symbol symbols[] = {
	{ "field", &field, sizeof(field), MD_TYPE_NONE, MD_SYM_DATA },
	{ "thing", &thing, sizeof(thing), MD_TYPE_NONE, MD_SYM_DATA },
};
static const struct md_unit unit = { symbols, 0, 2, downcalls, 0, DOWN_COUNT };
static const struct md_unit *const units[] = { &unit };

static struct md_module module = {
	.name = "gatetest",
	.slice_id = GATETEST_SLICE_ID,
	.owner = THIS_MODULE,
	.plans = plans,
	.units = units,
	.plan_count = PLAN_COUNT,
	.unit_count = 1,
	.symbol_count = 2,
	.downcall_count = DOWN_COUNT,
	.gate = &gate,
};

/* ---- the test's own interface -------------------------------------------------------- */

/* "PLAN ARGUMENT": runs it in the writer's task. */
static ssize_t run_write(struct file *file, const char __user *user, size_t size, loff_t *at)
{
	unsigned int plan;
	u64 arg, result = 0;
	char text[32] = "";
	int err;

	if (size >= sizeof(text) || copy_from_user(text, user, size) ||
	    sscanf(text, "%u %llu", &plan, &arg) != 2)
		return -EINVAL;
	if (plan == PLAN_FREE && !thing)
		thing = kmalloc(64, GFP_KERNEL);
	err = md_upcall(&module, plan, &arg, &result);
	if (plan == PLAN_ALONE && !err && result)
		return -EBUSY;
	if (plan == PLAN_SHIP && result != current->pid)
		ship_wrong++;
	return err ?: size;
}

static const struct file_operations run_fops = { .write = run_write, .open = simple_open };

static int counts_show(struct seq_file *f, void *v)
{
	int i;

	for (i = 0; i < 7; i++)
		seq_printf(f, "done%d %d\n", i, atomic_read(&done[i]));
	seq_printf(f, "violations %d\nbad_context %lu\nship_wrong %lu\nbackwards %lu\n",
		   atomic_read(&violations), bad_context, ship_wrong, backwards);
	seq_printf(f, "raised %lu\nsent %lu\ntransmitted %lu\nrearmed %lu\ndeferred %lu\nnoted %lu\nfield %llu\n",
		   raised, sent, transmitted, rearmed, deferred, noted, field);
	seq_printf(f, "steps %lu\n", steps);
	seq_printf(f, "once_in %d\nonce_out %d\n", atomic_read(&once_in), atomic_read(&once_out));
	seq_printf(f, "freed %lu\nlet_go %lu\nmutex %s\n", freed, let_go, mutex_is_locked(&sleeping) ? "held" : "free");
	seq_printf(f, "irq_pending %u\n", readl(regs + EDU_STATUS));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counts);

static void start_tick(void *v)
{
	struct hrtimer *t = &ticks[smp_processor_id()];

	hrtimer_init(t, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	t->function = tick;
	hrtimer_start(t, ns_to_ktime(100000), HRTIMER_MODE_REL_PINNED_HARD);
}

static int open_dev(struct net_device *d)
{
	netif_start_queue(d);
	return 0;
}

static int __init gatetest_init(void)
{
	static struct net_device_ops mine;
	int err, cpu, i;

	edu = pci_get_device(0x1234, 0x11e8, NULL);
	if (!edu || pci_enable_device(edu))
		return -ENODEV;
	regs = pci_ioremap_bar(edu, 0);
	err = md_attach(&module);
	if (err)
		return err;
	mine = ops;
	mine.ndo_open = open_dev;
	dev = alloc_etherdev(0);
	dev->netdev_ops = &mine;
	eth_hw_addr_random(dev);
	netif_napi_add(dev, &napi, poll);
	err = register_netdev(dev);
	rtnl_lock();
	err = err ?: dev_open(dev, NULL);
	rtnl_unlock();
	napi_enable(&napi);
	timer_setup(&timer, on_timer, 0);
	err = err ?: request_irq(edu->irq, handler, IRQF_SHARED, "gatetest", &edu);
	if (err)
		pr_err("gatetest: %d\n", err);
	dir = debugfs_create_dir("gatetest", NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("counts", 0400, dir, NULL, &counts_fops);
	mod_timer(&timer, jiffies + 1);
	waiter = kthread_run(wait_thread, NULL, "gate-wait");
	sender = kthread_run(send_thread, NULL, "gate-send");
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		readers[i] = kthread_run(read_thread, NULL, "gate-read");
	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, start_tick, NULL, 1);
	return 0;
}

static void __exit gatetest_exit(void)
{
	int cpu, i;
	u64 zero = 0;

	WRITE_ONCE(stopping, true);
	for_each_online_cpu(cpu)
		hrtimer_cancel(&ticks[cpu]);
	debugfs_remove_recursive(dir);
	/* As a driver's exit: what stalled ends here. */
	md_upcall(&module, PLAN_TEARDOWN, &zero, NULL);
	kthread_stop(waiter);
	kthread_stop(sender);
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		kthread_stop(readers[i]);
	del_timer_sync(&timer);
	free_irq(edu->irq, &edu);
	napi_disable(&napi);
	unregister_netdev(dev);
	netif_napi_del(&napi);
	free_netdev(dev);
	md_detach(&module);
	iounmap(regs);
	pci_disable_device(edu);
	pci_dev_put(edu);
}

module_init(gatetest_init);
module_exit(gatetest_exit);
MODULE_LICENSE("GPL");
