// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: device file, parameters, and what debugfs shows.
 *
 * The device is no misc device: misc_open() holds a global mutex while it calls
 * the open of its device, and the open of /dev/watchdog may wait for a host that
 * has to open this file first.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pid.h>
#include <linux/seq_file.h>
#include <generated/utsrelease.h>
#include "md_runtime.h"

/* Beside the modules: host and user halves fit one kernel, and another may be booted. */
#define MD_HOME	"/lib/modules/" UTS_RELEASE "/updates/microdrivers"

char *md_host_path = MD_HOME "/microdriver-host";
module_param_named(host, md_host_path, charp, 0644);
MODULE_PARM_DESC(host, "Path of the host; empty: hosts are started by hand");

bool md_confine = true;
module_param_named(confine, md_confine, bool, 0644);
MODULE_PARM_DESC(confine, "The host limits itself to what serving needs; off for tools that need more, such as sanitizers");

char *md_half_dir = MD_HOME;
module_param_named(dir, md_half_dir, charp, 0644);
MODULE_PARM_DESC(dir, "Directory of the user halves, NAME.so");

uint md_timeout_ms = 5000;
module_param_named(timeout_ms, md_timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms, "A user half without a sign of life for so long is killed");

uint md_call_ms = 120000;
module_param_named(call_ms, md_call_ms, uint, 0644);
MODULE_PARM_DESC(call_ms, "User code of one call that runs for so long in all is killed; 0: never");

uint md_attach_ms = 30000;
module_param_named(attach_ms, md_attach_ms, uint, 0644);
MODULE_PARM_DESC(attach_ms, "How long to wait for a host to attach");

uint md_gate_ms = 200;
module_param_named(gate_ms, md_gate_ms, uint, 0644);
MODULE_PARM_DESC(gate_ms, "User code that runs for so long with a shared lock held is killed; more on slow machines");

bool md_gate_off;
module_param_named_unsafe(gate_off, md_gate_off, bool, 0600);
MODULE_PARM_DESC(gate_off, "Close no gate: both halves meet. For the control of the tests, which must fail then");

uint md_slowness = 1;
module_param_named(slowness, md_slowness, uint, 0644);
MODULE_PARM_DESC(slowness, "What gate_ms is multiplied by; measured when the module is loaded");

int md_restarts = 5;
module_param_named(restarts, md_restarts, int, 0644);
MODULE_PARM_DESC(restarts, "Hosts started after failures until quiet_s seconds pass without one; -1: unlimited");

uint md_quiet_s = 1800;
module_param_named(quiet_s, md_quiet_s, uint, 0644);
MODULE_PARM_DESC(quiet_s, "Without a failure for so long, all restarts are there again");

bool md_spare = true;
module_param_named(spare, md_spare, bool, 0644);
MODULE_PARM_DESC(spare, "Keep a second, idle host attached");

bool md_trap;
module_param_named(trap, md_trap, bool, 0644);
MODULE_PARM_DESC(trap, "Map no registers: every access is checked in the kernel");

static struct dentry *md_root;

static struct class md_class = {
	.name = "microdriver",
};

static struct cdev md_cdev;
static dev_t md_number;

/* Under d->lock. */
static const char *md_state_name(const struct md_driver *d)
{
	switch (d->state) {
	case MD_DOWN:
		return d->failed_once ? "failed" : "attached";
	case MD_STARTING:
		return d->failed_once ? "restarting" : "attached";
	case MD_SERVING:
		if (d->teardown_only)
			return "given up";
		return list_empty(&d->taints) ? "serving" : "quarantined";
	case MD_GIVEN_UP:
		return "given up";
	default:
		return "detaching";
	}
}

static int stats_show(struct seq_file *f, void *v)
{
	struct md_driver *d = f->private;
	struct md_session *s = md_driver_current(d);
	s64 upcalls = 0;
	u32 i;

	for (i = 0; i < d->m->plan_count; i++)
		upcalls += atomic64_read(&d->counters[i].upcalls);
	seq_printf(f, "upcalls %lld\n", upcalls);
	seq_printf(f, "downcalls %lld\n", atomic64_read(&d->stat.downcalls));
	seq_printf(f, "bytes_in %lld\n", atomic64_read(&d->stat.bytes_in));
	seq_printf(f, "bytes_out %lld\n", atomic64_read(&d->stat.bytes_out));
	seq_printf(f, "restarts %lld\n", atomic64_read(&d->stat.restarts));
	seq_printf(f, "failures %lld\n", atomic64_read(&d->stat.failures));
	seq_printf(f, "objects %lld\n", atomic64_read(&d->stat.objects));
	seq_printf(f, "refused %lld\n", atomic64_read(&d->stat.refused));
	seq_printf(f, "recovered %lld\n", atomic64_read(&d->stat.recovered));
	seq_printf(f, "recovery_max_us %lld\n", atomic64_read(&d->stat.recovery_max_us));
	seq_printf(f, "passed_over %lld\n", atomic64_read(&d->stat.passed_over));
	seq_printf(f, "stray_writes %lld\n", atomic64_read(&d->stat.stray_writes));
	if (atomic64_read(&d->stat.poison_upcalls)) {
		seq_printf(f, "poison_upcalls %lld\n", atomic64_read(&d->stat.poison_upcalls));
		seq_printf(f, "poison_bytes_in %lld\n", atomic64_read(&d->stat.poison_bytes_in));
		seq_printf(f, "poison_bytes_touched %lld\n",
			   atomic64_read(&d->stat.poison_bytes_touched));
	}
	md_gate_show(f, d);
	md_defer_show(f, d);
	seq_printf(f, "mirror_pages %u\n", s ? READ_ONCE(s->page_count) : 0);
	seq_printf(f, "threads %u\n", s ? READ_ONCE(s->thread_count) : 0);
	for (i = 0; i < d->m->plan_count; i++)
		seq_printf(f, "entry.%s %lld\nentry.%s.failures %lld\n",
			   d->m->plans[i].name, atomic64_read(&d->counters[i].upcalls),
			   d->m->plans[i].name, atomic64_read(&d->counters[i].failures));
	if (s)
		md_session_put(s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int status_show(struct seq_file *f, void *v)
{
	struct md_driver *d = f->private;
	pid_t pid = 0, spare = 0;
	u32 calls = 0;
	char left[16];

	spin_lock(&d->lock);
	seq_printf(f, "state: %s\n", md_state_name(d));
	if (d->session) {
		pid = pid_nr(d->session->pid);
		calls = READ_ONCE(d->session->thread_count) - READ_ONCE(d->session->idle_count);
	}
	if (d->spare)
		spare = pid_nr(d->spare->pid);
	spin_unlock(&d->lock);
	seq_printf(f, "pid: %d\n", pid);
	seq_printf(f, "spare: %d\n", spare);
	seq_printf(f, "restarts left: %s\n", md_restarts_text(d, left, sizeof(left)));
	seq_printf(f, "calls: %u\n", calls);
	seq_printf(f, "gate: %s\n", md_gate_state_name(d));
	md_taint_show(f, d);
	seq_printf(f, "registers: %s\n", READ_ONCE(d->trap_mmio) ? "trapped" : "mapped");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

void md_debugfs_add(struct md_driver *d)
{
	d->dir = debugfs_create_dir(d->name, md_root);
	debugfs_create_file("stats", 0444, d->dir, d, &stats_fops);
	debugfs_create_file("status", 0444, d->dir, d, &status_fops);
}

void md_debugfs_remove(struct md_driver *d)
{
	debugfs_remove_recursive(d->dir);
}

/*
 * From here on nobody transmits or polls: what the gate keeps of the device goes, before its memory does. Its counters are
 * read once more after this; a new device at its address begins with nothing.
 */
static int md_netdev_event(struct notifier_block *block, unsigned long event, void *info)
{
	if (event == NETDEV_UNREGISTER || event == NETDEV_REGISTER)
		md_drivers_forget(netdev_notifier_info_to_dev(info));
	return NOTIFY_DONE;
}

static struct notifier_block md_netdev_block = {
	.notifier_call = md_netdev_event,
};

/* A machine of ten years ago does this loop in 0.1 ms; an emulated one takes ten times as long, or more. */
static void __init md_measure(void)
{
	u64 best = U64_MAX, x = 1;
	int i, run;

	for (run = 0; run < 8; run++) {
		ktime_t begin = ktime_get();

		for (i = 0; i < 50000; i++) {
			x = x * 6364136223846793005ULL + i;
			barrier();
		}
		best = min_t(u64, best, ktime_us_delta(ktime_get(), begin));
	}
	OPTIMIZER_HIDE_VAR(x);
	md_slowness = clamp_t(u64, div_u64(best, 50), 1, 50);
}

static int __init md_init_services(void)
{
	int err = md_defer_start();

	if (err)
		return err;
	err = register_netdevice_notifier(&md_netdev_block);
	if (err)
		md_defer_exit();
	return err;
}

static void md_exit_services(void)
{
	unregister_netdevice_notifier(&md_netdev_block);
	md_defer_exit();
}

static int __init md_init(void)
{
	struct device *dev;
	int err;

	md_windows_init();
	md_measure();
	err = md_init_services();
	if (err)
		return err;
	err = alloc_chrdev_region(&md_number, 0, 1, "microdriver");
	if (err)
		goto no_region;
	cdev_init(&md_cdev, &md_fops);
	md_cdev.owner = THIS_MODULE;
	err = cdev_add(&md_cdev, md_number, 1);
	if (err)
		goto no_cdev;
	err = class_register(&md_class);
	if (err)
		goto no_class;
	/* Without a devnode callback the node's mode is 0600. */
	dev = device_create(&md_class, NULL, md_number, NULL, "microdriver");
	if (IS_ERR(dev)) {
		err = PTR_ERR(dev);
		goto no_device;
	}
	md_root = debugfs_create_dir("microdriver", NULL);
	return 0;

no_device:
	class_unregister(&md_class);
no_class:
	cdev_del(&md_cdev);
no_cdev:
	unregister_chrdev_region(md_number, 1);
no_region:
	md_exit_services();
	return err;
}

static void __exit md_exit(void)
{
	debugfs_remove_recursive(md_root);
	device_destroy(&md_class, md_number);
	class_unregister(&md_class);
	cdev_del(&md_cdev);
	unregister_chrdev_region(md_number, 1);
	md_exit_services();
}

module_init(md_init);
module_exit(md_exit);
MODULE_DESCRIPTION("Runtime for drivers whose code runs in user processes");
MODULE_LICENSE("GPL");
