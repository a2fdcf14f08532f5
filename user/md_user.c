// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user half's serve loop. One frame per crossing, no allocation in the
 * loop: a u-thread may run while the system suspends or reclaims memory.
 *
 * A thread that is in a downcall sits in the kernel; an upcall that the downcall
 * leads to takes another thread. So a thread's depth never exceeds one upcall
 * and one downcall.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include "md_faults.h"
#include "md_local.h"
#include "md_poison.h"
#include "md_user.h"

#define EXPORTED __attribute__((visibility("default")))

__thread unsigned int md_site __attribute__((tls_model("initial-exec")));
int md_mmio_trapped;

/* Bases that the kernel's headers compute addresses from: here, the windows. */
unsigned long page_offset_base, vmalloc_base, vmemmap_base;

static struct md_host host;
static unsigned long windows[MD_WIN_COUNT];
static struct md_user_ref *symbols;
/* A copy beside the other variables of the serve loop: each page is found again after every switch. */
static struct md_user_entry first_entries[32], *entries = first_entries;
static unsigned int entry_count;

struct serving {
	int fd;
	struct md_frame frame;
};

static __thread struct serving *self __attribute__((tls_model("initial-exec")));

/* ---- last words ----------------------------------------------------------- */

/* The kernel's log: a host started by the kernel has no terminal, and one that serves opens nothing. */
static int kernel_log = -1;

void md_say(int level, const char *format, va_list arguments)
{
	char text[400];
	int n, fd = kernel_log;

	n = snprintf(text, sizeof(text), "<%d>microdriver: %s: ", level, md_user_tables.name);
	n += vsnprintf(text + n, sizeof(text) - n, format, arguments);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	if (write(fd < 0 ? STDERR_FILENO : fd, fd < 0 ? text + 3 : text, fd < 0 ? n - 3 : n) < 0)
		n = 0;
}

static void say(int level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	md_say(level, format, arguments);
	va_end(arguments);
}

/* The kernel's struct bug_entry, as its WARN and BUG leave them in __bug_table. */
struct bug {
	int32_t address, file;
	uint16_t line, flags;
};

#define BUG_WARNING	1
#define BUG_ONCE	2
#define BUG_DONE	4

extern struct bug __start___bug_table[] __attribute__((weak, visibility("hidden")));
extern struct bug __stop___bug_table[] __attribute__((weak, visibility("hidden")));

static struct bug *find_bug(uintptr_t address)
{
	struct bug *b;

	for (b = __start___bug_table; b < __stop___bug_table; b++)
		if ((uintptr_t)&b->address + b->address == address)
			return b;
	return NULL;
}

/* ud2: a WARN goes on behind it, a BUG ends here. */
static void on_illegal(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;
	struct bug *b = find_bug(c->uc_mcontext.gregs[REG_RIP]);
	const char *file = b ? (char *)&b->file + b->file : "?";

	if (b && (b->flags & BUG_WARNING)) {
		if (!(b->flags & BUG_ONCE) || !(b->flags & BUG_DONE))
			say(4, "WARNING at %s:%u\n", file, b->line);
		b->flags |= BUG_DONE;
		c->uc_mcontext.gregs[REG_RIP] += 2;
		return;
	}
	if (b)
		say(2, "BUG at %s:%u\n", file, b->line);
	else
		say(2, "illegal instruction at 0x%lx\n", (unsigned long)info->si_addr);
	signal(number, SIG_DFL);
	raise(number);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	say(2, "signal %d: access to 0x%lx from 0x%lx\n", number, (unsigned long)info->si_addr,
	    (unsigned long)c->uc_mcontext.gregs[REG_RIP]);
	signal(number, SIG_DFL);
	raise(number);
}

static void catch(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	sigaction(number, &action, NULL);
}

/* Any other signal in a downcall would invent an -EINTR. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGABRT);
	sigdelset(&all, SIGTRAP);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* ---- attach ------------------------------------------------------------------ */

EXPORTED void md_user_windows(const unsigned long *starts)
{
	memcpy(windows, starts, sizeof(windows));
	page_offset_base = starts[MD_WIN_DIRECT];
	vmalloc_base = starts[MD_WIN_VMALLOC];
	vmemmap_base = starts[MD_WIN_VMEMMAP];
}

static int flatten(void)
{
	const struct md_user_tables *tables = &md_user_tables;
	unsigned int i, j;

	symbols = calloc(tables->symbol_count + 1, sizeof(*symbols));
	if (tables->plan_count > sizeof(first_entries) / sizeof(*first_entries))
		entries = calloc(tables->plan_count, sizeof(*entries));
	if (!symbols || !entries)
		return -ENOMEM;
	entry_count = tables->plan_count;
	for (i = 0; i < tables->unit_count; i++) {
		const struct md_user_unit *unit = tables->units[i];

		for (j = 0; j < unit->symbol_count; j++)
			symbols[unit->symbol_first + j] = unit->symbols[j];
		for (j = 0; j < unit->entry_count; j++)
			if (unit->entries[j].plan < tables->plan_count)
				entries[unit->entries[j].plan] = unit->entries[j];
	}
	return 0;
}

EXPORTED int md_user_attach(int fd, const struct md_host *h)
{
	struct md_attach attach = { .version = MD_WIRE_VERSION };
	int err;

	if (h)
		host = *h;
	kernel_log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	err = flatten();
	if (err)
		return err;
	catch(SIGILL, on_illegal);
	catch(SIGSEGV, on_fault);
	catch(SIGBUS, on_fault);

	md_faults_attach(fd, windows);
	attach.symbol_count = md_user_tables.symbol_count;
	attach.symbols = (uintptr_t)symbols;
	memcpy(attach.slice_id, md_user_tables.slice_id, MD_SLICE_ID_SIZE);
	snprintf(attach.name, sizeof(attach.name), "%s", md_user_tables.name);
	if (ioctl(fd, MD_IOC_ATTACH, &attach))
		return -errno;
	md_poison_attach(fd, windows);
	return 0;
}

/* ---- downcalls ------------------------------------------------------------------ */

/* Without libc's wrapper, whose page and errno's would have to be found again after every switch. */
static int pass_baton(struct serving *s)
{
	long result;

	__asm__ volatile("syscall" : "=a" (result)
			 : "0" (SYS_lseek), "D" (s->fd), "S" (&s->frame), "d" (SEEK_SET)
			 : "rcx", "r11", "memory");
	if (result)
		return result;
	md_mmio_trapped = !!(s->frame.flags & MD_FLAG_TRAP_MMIO);
	return 0;
}

static unsigned long downcall(unsigned int id, unsigned int count, const unsigned long *args)
{
	struct serving *s = self;
	struct md_frame *f = &s->frame;
	unsigned int i;
	int err;

	f->kind = MD_DOWNCALL;
	f->id = id;
	f->flags = 0;
	f->site = md_site;
	f->value = 0;
	md_site = 0;
	for (i = 0; i < MD_ARGS_MAX; i++)
		f->arg[i] = i < count ? args[i] : 0;
	if (md_faults_before(f))
		return f->value;
	err = pass_baton(s);
	if (err) {
		/* The kernel has ended this session; it kills the process as well. */
		if (err != -EINTR)
			say(3, "downcall %u failed: %d\n", id, err);
		_exit(1);
	}
	md_faults_after(f);
	if (id < MD_CALL_RUNTIME || id > MD_CALL_ALIVE)
		md_poison_crossed();
	return f->value;
}

unsigned long md_downcall(unsigned int id, unsigned int count, const unsigned long *args)
{
	const char *name = id < md_user_tables.downcall_count ?
			   md_user_tables.downcall_names[id] : "registers";
	unsigned long value;
	int error = errno;

	if (!host.trace) {
		value = downcall(id, count, args);
	} else {
		host.trace(MD_DOWNCALL, name, 1, 0, args, count);
		value = downcall(id, count, args);
		host.trace(MD_RESULT, name, 1, value, args, 0);
	}
	errno = error;
	return value;
}

/* From the trampoline: @registers are the six register arguments, @stack those after. */
unsigned long md_downcall_registers(unsigned int id, const unsigned long *registers,
				    const unsigned long *stack);
unsigned long md_downcall_registers(unsigned int id, const unsigned long *registers,
				    const unsigned long *stack)
{
	unsigned int count = md_user_tables.downcall_params[id], i;
	unsigned long args[MD_ARGS_MAX];

	if (count > MD_ARGS_MAX)
		count = MD_ARGS_MAX;
	for (i = 0; i < count; i++)
		args[i] = i < 6 ? registers[i] : stack[i - 6];
	return md_downcall(id, count, args);
}

/* A stub jumps here with the id in %eax; return address and stack arguments at %rsp. */
__asm__(
"	.text\n"
"	.globl	md_trampoline\n"
"	.hidden	md_trampoline\n"
"	.type	md_trampoline, @function\n"
"md_trampoline:\n"
"	.cfi_startproc\n"
"	endbr64\n"
"	pushq	%rbp\n"
"	.cfi_def_cfa_offset 16\n"
"	.cfi_offset %rbp, -16\n"
"	movq	%rsp, %rbp\n"
"	.cfi_def_cfa_register %rbp\n"
"	andq	$-16, %rsp\n"
"	pushq	%r9\n"
"	pushq	%r8\n"
"	pushq	%rcx\n"
"	pushq	%rdx\n"
"	pushq	%rsi\n"
"	pushq	%rdi\n"
"	movl	%eax, %edi\n"
"	movq	%rsp, %rsi\n"
"	leaq	16(%rbp), %rdx\n"
"	call	md_downcall_registers\n"
"	leave\n"
"	.cfi_def_cfa %rsp, 8\n"
"	ret\n"
"	.cfi_endproc\n"
"	.size	md_trampoline, . - md_trampoline\n");

unsigned long md_mmio_read(const volatile void *address, unsigned int size)
{
	const unsigned long args[] = { (unsigned long)address, size };

	return md_downcall(MD_CALL_MMIO_READ, 2, args);
}

void md_mmio_write(unsigned long value, volatile void *address, unsigned int size)
{
	const unsigned long args[] = { (unsigned long)address, size, value };

	md_downcall(MD_CALL_MMIO_WRITE, 3, args);
}

/* The kernel's jiffies and this clock run alike; their distance is noted once. */
static unsigned long first_jiffies, first_ns;

static unsigned long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000UL + now.tv_nsec;
}

static void note_jiffies(unsigned long jiffies)
{
	first_jiffies = jiffies;
	first_ns = now_ns();
}

unsigned long md_jiffies(unsigned int hz)
{
	return first_jiffies + (now_ns() - first_ns) / (1000000000UL / hz);
}

/* ---- serving ---------------------------------------------------------------------- */

typedef unsigned long (*function6)(unsigned long, unsigned long, unsigned long, unsigned long,
				   unsigned long, unsigned long);
typedef unsigned long (*function12)(unsigned long, unsigned long, unsigned long, unsigned long,
				    unsigned long, unsigned long, unsigned long, unsigned long,
				    unsigned long, unsigned long, unsigned long, unsigned long);

static unsigned long upcall(const struct md_user_entry *entry, const unsigned long *a)
{
	unsigned long value;

	if (host.trace)
		host.trace(MD_UPCALL, entry->name, 0, 0, a, entry->param_count);
	md_poison_begin();
	md_faults_begin(entry->name, a, entry->param_count);
	/* A callee ignores what it has no parameter for. */
	if (entry->param_count <= 6)
		value = ((function6)entry->function)(a[0], a[1], a[2], a[3], a[4], a[5]);
	else
		value = ((function12)entry->function)(a[0], a[1], a[2], a[3], a[4], a[5],
						      a[6], a[7], a[8], a[9], a[10], a[11]);
	md_faults_end();
	md_poison_end();
	if (host.trace)
		host.trace(MD_RETURN, entry->name, 0, value, a, 0);
	return value;
}

/*
 * Restartable sequences cost a u-thread a visit to its user memory at every
 * switch, and nothing in it uses them. glibc copes: it asks before it relies on them.
 */
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

static void leave_rseq(void)
{
	const unsigned long registered = 32, unregister = 1, signature = 0x53053053;

	if (&__rseq_offset && &__rseq_size && __rseq_size)
		syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset, registered,
			unregister, signature);
}

EXPORTED int md_serve(int fd)
{
	struct serving s = { .fd = fd, .frame = { .kind = MD_READY } };
	int err;

	block_signals();
	leave_rseq();
	self = &s;
	for (;;) {
		const struct md_user_entry *entry;
		unsigned long value;

		err = pass_baton(&s);
		if (err == -EINTR) {
			s.frame.kind = MD_READY;
			continue;
		}
		if (err)
			break;
		if (s.frame.kind == MD_EXIT)
			break;
		entry = s.frame.kind == MD_UPCALL && s.frame.id < entry_count ?
			&entries[s.frame.id] : NULL;
		if (!entry || !entry->function) {
			err = -EPROTO;
			break;
		}
		if ((s.frame.flags & MD_FLAG_SPAWN) && host.spawn)
			host.spawn();
		md_site = 0;
		if (!first_ns)
			note_jiffies(s.frame.value);
		value = upcall(entry, (unsigned long *)s.frame.arg);
		s.frame.kind = MD_RETURN;
		s.frame.id = 0;
		s.frame.flags = 0;
		s.frame.site = 0;
		s.frame.value = value;
	}
	self = NULL;
	return err;
}
