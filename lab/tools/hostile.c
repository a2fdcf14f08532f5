// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile DRIVER HALF.so SEED MESSAGES: in place of the host, processes that were taken over.
 *
 * Each child attaches as the host does, serves with the user half's own code until a point that its seed chooses, and from
 * there says what no user half says: pointers near, in and outside of objects, stale ones, numbers, other functions; calls
 * again that were made before; ids outside of the manifest; frames from the wrong thread, of the wrong kind; questions of a checking build;
 * mappings, attaches and forks that nobody expects. What is *well typed and wrong* (lengths, numbers, registers) is left alone:
 * that is class B. A child that is ended for what it said is followed by the next one, so the work depends on the seed and its number
 * only: "hostile ... SEED MESSAGES FIRST" goes on with child FIRST.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "md_user.h"

#define POOL	64
#define CALLS	512
#define CHILDREN 2

static struct shared {
	_Atomic unsigned long messages, offences, attached, upcalls;
} *shared;

static const struct md_user_tables *tables;
static int (*attach)(int, const struct md_host *);
static int (*serve)(int);
static void (*windows)(const unsigned long *);
static const char *driver;

static int fd;
static unsigned int style, patience, burst;
static __thread uint64_t state;
static uint64_t child_seed;
static unsigned long starts[MD_WIN_COUNT], sizes[MD_WIN_COUNT];
static unsigned long pool[POOL];
static unsigned int pooled;
static struct { unsigned long args[MD_ARGS_MAX]; unsigned int count; } said[CALLS];

static uint64_t rnd(void)
{
	if (!state)
		state = child_seed ^ (uint64_t)gettid() << 32 ^ 0x9e3779b97f4a7c15ULL;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned int below(unsigned int n)
{
	return (rnd() >> 11) % n;
}

static int is_pointer(unsigned long v)
{
	return v > UINT32_MAX && v < -4096UL;
}

static void remember(unsigned long v)
{
	if (is_pointer(v))
		pool[pooled++ % POOL] = v;
}

/* A pointer that the user half would not pass in place of @p. */
static unsigned long twisted(unsigned long p)
{
	const struct md_user_unit *unit = tables->units[below(tables->unit_count)];
	int w = below(MD_WIN_COUNT);

	switch (below(14)) {
	case 0: return 0;
	case 1: return 1 + below(4095);
	case 2: return below(1u << 31) + 4096;
	case 3: return p + 8 * (1 + below(64));
	case 4: return p - 8 * (1 + below(64));
	case 5: return p + 1 + below(7);
	case 6: return pool[below(POOL)] + 8 * below(16);
	case 7: return 0xdead000000000100UL + 0x22 * below(2);
	case 8: return 0xffff888000000000UL + (rnd() & 0x3fffffffUL);
	case 9: return 0xffffffff81000000UL + (rnd() & 0xffffffUL);
	case 10: return starts[w] + rnd() % sizes[w];
	case 11: return (unsigned long)&p + 8 * below(64);
	case 12: return -1UL - below(4095);
	default: return unit->entry_count ? (unsigned long)unit->entries[below(unit->entry_count)].function : p ^ 1UL << below(47);
	}
}

static long pass(struct md_frame *f)
{
	shared->messages++;
	return below(4) ? syscall(SYS_lseek, fd, f, SEEK_SET) : ioctl(fd, MD_IOC_BATON, f);
}

static void say(unsigned int kind, unsigned int id, const unsigned long *args, unsigned int count)
{
	struct md_frame f = { .kind = kind, .id = id, .site = below(8) ? 0 : rnd(), .value = -EIO };
	unsigned int i;

	for (i = 0; i < count && i < MD_ARGS_MAX; i++)
		f.arg[i] = args[i];
	/* The others are answered rather than punished. */
	if (kind != MD_DOWNCALL || (id != MD_CALL_ALIVE && id != MD_CALL_POINTER))
		shared->offences++;
	pass(&f);
}

static void ask(void)
{
	static __thread unsigned char page[4096] __attribute__((aligned(4096)));
	struct md_check c = {
		.op = below(7), .flags = below(4), .address = below(2) ? pool[below(POOL)] & -4096UL : twisted(pool[below(POOL)]),
		.size = below(64), .value = below(4) ? (unsigned long)page : twisted((unsigned long)page),
	};

	/* Reports end in the log as findings of a checking build: not what is asked for here. */
	if (c.op == MD_CHECK_REPORT)
		c.op = 77;
	shared->messages++;
	ioctl(fd, MD_IOC_CHECK, below(16) ? (void *)&c : (void *)twisted((unsigned long)&c));
}

/* What is answered, rather than punished: many of these. */
static void pester(void)
{
	unsigned long p = twisted(pool[below(POOL)]);

	switch (below(8)) {
	case 0: ask(); break;
	case 1: shared->messages++; ioctl(fd, rnd(), p); break;
	case 2: shared->messages++; syscall(SYS_lseek, fd, p, 1 + below(4)); break;
	case 3: say(MD_DOWNCALL, MD_CALL_ALIVE, &p, 1); break;
	default: say(MD_DOWNCALL, MD_CALL_POINTER, &p, 1);
	}
}

/* What is punished: one of these is a child's last word, most often. */
static void offend(unsigned int id, const unsigned long *args, unsigned int count)
{
	unsigned long a[MD_ARGS_MAX] = { 0 };
	unsigned int i, changed = 0;

	switch (below(10)) {
	case 0: say(MD_DOWNCALL, rnd(), args, count); return;
	case 1: say(MD_DOWNCALL, tables->downcall_count + below(8), args, count); return;
	case 2: say(MD_DOWNCALL, MD_CALL_RUNTIME + below(16), args, count); return;
	case 3: say(below(8), id, args, count); return;
	case 4: /* again, with what it said last time, true or not any more */
		id = below(tables->downcall_count);
		if (id >= CALLS || !said[id].count)
			return;
		args = said[id].args;
		count = said[id].count;
		break;
	case 5: a[0] = twisted(pool[below(POOL)]); a[1] = 1 << below(5); say(MD_DOWNCALL, MD_CALL_MMIO_READ, a, 2); return;
	case 6: a[0] = below(4); say(MD_DOWNCALL, MD_CALL_GATE_OPEN - below(2), a, 1); return;
	}
	memcpy(a, args, count * sizeof(*a));
	for (i = 0; i < count; i++)
		if (is_pointer(a[i]) && !below(2)) {
			a[i] = twisted(a[i]);
			changed++;
		}
	for (i = 0; !changed && i < count; i++)
		if (is_pointer(a[i])) {
			a[i] = twisted(a[i]);
			changed++;
		}
	if (changed)
		say(MD_DOWNCALL, id, a, count);
}

static void scandal(void)
{
	unsigned long p = twisted(pool[below(POOL)]);
	int other, w = below(MD_WIN_COUNT);

	shared->messages++;
	shared->offences++;
	switch (below(7)) {
	case 0: munmap((void *)starts[w], below(2) ? sizes[w] : 4096UL * (1 + below(64))); break;
	case 1: mmap(NULL, 4096UL << below(20), PROT_READ | PROT_WRITE, MAP_SHARED, fd, MD_WIN_OFFSET(w)); break;
	case 2: mmap((void *)(starts[w] & -4096UL), sizes[w], PROT_READ, MAP_SHARED | MAP_FIXED, fd, MD_WIN_OFFSET(w)); break;
	case 3: /* a child that holds on to the descriptor */
		if (!fork()) {
			ask();
			say(MD_READY, 0, NULL, 0);
			usleep(below(20000));
			_exit(0);
		}
		break;
	case 4:
		other = open("/dev/microdriver", O_RDWR);
		if (other >= 0) {
			struct md_attach a = { .version = below(3), .symbol_count = below(2) ? tables->symbol_count : rnd(), .symbols = p };

			memcpy(a.slice_id, tables->slice_id, sizeof(a.slice_id));
			snprintf(a.name, sizeof(a.name), "%s", below(2) ? driver : "");
			ioctl(other, MD_IOC_ATTACH, &a);
			close(other);
		}
		break;
	case 5: madvise((void *)starts[w], 1UL << 30, MADV_DONTNEED); break;
	case 6: if (below(2)) close(fd); else _exit(below(256)); break;
	}
}

/* Of no upcall: this thread is not expected to speak. */
static void *intrude(void *unused)
{
	for (;;) {
		usleep(below(3000));
		switch (below(16)) {
		case 0: say(MD_READY, 0, NULL, 0); break;
		case 1: if (!below(8)) say(MD_DOWNCALL, below(tables->downcall_count), pool, 4); break;
		case 2: if (!below(8)) say(MD_RETURN, 0, NULL, 0); break;
		case 3: if (!below(4)) scandal(); break;
		default: pester();
		}
	}
	return unused;
}

/* Called by the user half before and after each thing it says: the place to be another. */
static void trace(unsigned int kind, const char *name, unsigned int depth, unsigned long value, const unsigned long *args, unsigned int count)
{
	unsigned int id, i;

	for (i = 0; i < count; i++)
		remember(args[i]);
	remember(value);
	if (kind == MD_UPCALL)
		shared->upcalls++;
	if (kind != MD_DOWNCALL)
		return;
	for (id = 0; id < tables->downcall_count && tables->downcall_names[id] != name; id++)
		;
	if (id == tables->downcall_count)
		return;
	if (patience) {
		patience--;
	} else {
		for (i = 0; i < burst; i++)
			pester();
		if (style == 1)
			scandal();
		if (style != 2 || !below(4))
			offend(id, args, count);
		if (style == 3)
			for (i = 0; i < 8; i++)
				offend(id, args, count);
		patience = below(20);
	}
	if (id < CALLS) {
		memcpy(said[id].args, args, count * sizeof(*args));
		said[id].count = count;
	}
}

static void *serve_one(void *unused)
{
	serve(fd);
	return unused;
}

static void spawn(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, serve_one, NULL);
}

static void child(unsigned long number, uint64_t seed)
{
	const struct md_host host = { .trace = trace, .spawn = spawn };
	struct md_hello hello = { .version = MD_WIRE_VERSION };
	pthread_t thread;
	int err, w;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_seed = (seed + number * 0x2545f4914f6cdd1dULL) | 1;
	state = child_seed;
	rnd();
	style = below(4);
	patience = below(below(2) ? 12 : 90);
	burst = 16 + below(below(4) ? 256 : 2048);
	fd = open("/dev/microdriver", O_RDWR);
	if (fd < 0 || ioctl(fd, MD_IOC_HELLO, &hello))
		_exit(2);
	for (w = 0; w < MD_WIN_COUNT; w++) {
		void *p = mmap((void *)hello.window[w].suggested, hello.window[w].size, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_FIXED_NOREPLACE, fd, MD_WIN_OFFSET(w));

		if (p == MAP_FAILED)
			_exit(3);
		starts[w] = (unsigned long)p;
		sizes[w] = hello.window[w].size;
	}
	windows(starts);
	err = attach(fd, &host);
	if (err) {
		/* Between two modules, or two others serve: one comes again. */
		usleep(5000);
		_exit(4);
	}
	shared->attached++;
	if (!below(4))
		pthread_create(&thread, NULL, intrude, NULL);
	serve(fd);
	_exit(0);
}

/* How often a message is a question depends on how busy the machine is: one offence in so many messages at least. */
#define QUESTIONS 400

static unsigned long number_of(const char *text)
{
	return strtoul(text, NULL, 0);
}

int main(int argc, char **argv)
{
	unsigned long messages, number, next = 100000;
	pid_t running[CHILDREN] = { 0 };
	uint64_t seed;
	void *half;
	int i, status;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: hostile DRIVER HALF.so SEED MESSAGES [FIRST CHILD]\n");
		return 2;
	}
	driver = argv[1];
	half = dlopen(argv[2], RTLD_NOW);
	if (!half) {
		fprintf(stderr, "hostile: %s\n", dlerror());
		return 2;
	}
	tables = dlsym(half, "md_user_tables");
	*(void **)&attach = dlsym(half, "md_user_attach");
	*(void **)&serve = dlsym(half, "md_serve");
	*(void **)&windows = dlsym(half, "md_user_windows");
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!tables || !attach || !serve || !windows || shared == MAP_FAILED)
		return 2;
	seed = number_of(argv[3]) * 0x9e3779b97f4a7c15ULL;
	messages = number_of(argv[4]);
	number = argc > 5 ? number_of(argv[5]) : 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (shared->messages < messages || shared->offences * QUESTIONS < messages) {
		for (i = 0; i < CHILDREN; i++)
			if (!running[i]) {
				running[i] = fork();
				if (!running[i])
					child(number, seed);
				number++;
			}
		pid_t gone = wait(&status);
		for (i = 0; i < CHILDREN; i++)
			if (running[i] == gone)
				running[i] = 0;
		if (shared->messages >= next) {
			printf("at child %lu: %lu messages, %lu attached, %lu upcalls\n", number, shared->messages, shared->attached, shared->upcalls);
			next += 100000;
		}
	}
	for (i = 0; i < CHILDREN; i++)
		if (running[i])
			kill(running[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	printf("messages %lu\noffences %lu\nchildren %lu\nattached %lu\nupcalls %lu\n", shared->messages, shared->offences, number, shared->attached, shared->upcalls);
	return 0;
}
