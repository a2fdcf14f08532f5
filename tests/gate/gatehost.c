// SPDX-License-Identifier: GPL-2.0-only
/* The hand-made user half of gatetest.c, host and all: one thread per serving slot. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "microdriver_wire.h"
#include "gatetest.h"

static int fd;
static volatile uint64_t field __attribute__((aligned(4096)));
static volatile uint64_t thing __attribute__((aligned(4096)));
static __thread struct md_frame f;

static uint64_t call(uint32_t id, uint64_t arg)
{
	memset(&f, 0, sizeof(f));
	f.kind = MD_DOWNCALL;
	f.id = id;
	f.arg[0] = arg;
	if (ioctl(fd, MD_IOC_BATON, &f))
		_exit(1);
	return f.value;
}

static uint64_t call2(uint32_t id, const char *text, uint64_t arg)
{
	memset(&f, 0, sizeof(f));
	f.kind = MD_DOWNCALL;
	f.id = id;
	f.arg[0] = (uintptr_t)text;
	f.arg[1] = arg;
	if (ioctl(fd, MD_IOC_BATON, &f))
		_exit(1);
	return f.value;
}

static uint64_t hold(uint64_t n)
{
	uint64_t i, context;

	for (i = 0; i < n; i++) {
		context = i % 3;
		call(MD_CALL_GATE_CLOSE, context);
		call(DOWN_LOOK, context);
		field++;
		if (i & 1) {
			call(MD_CALL_GATE_CLOSE, MD_GATE_IRQ);
			call(DOWN_LOOK, MD_GATE_IRQ);
			call(MD_CALL_GATE_OPEN, MD_GATE_IRQ);
			call(DOWN_LOOK, context);
		}
		call(DOWN_LOCKS, 0);
		call(MD_CALL_GATE_OPEN, context);
		call(DOWN_LOCKS, 0);
	}
	return 0;
}

static uint64_t die(uint64_t how)
{
	if (how == DIE_NOT)
		return 0;
	/* A repetition finds what the first one left. */
	if (how == DIE_PUBLISHED && field == 1000000) {
		call(MD_CALL_GATE_CLOSE, MD_GATE_IRQ);
		field = 2000000;
		call(MD_CALL_GATE_OPEN, MD_GATE_IRQ);
		return 1;
	}
	call(MD_CALL_GATE_CLOSE, MD_GATE_IRQ);
	if (how == DIE_PUBLISHED)
		field = 1000000;
	if (how == DIE_CALLED)
		call(DOWN_LOCKS, 0);
	if (how == DIE_REFUSED)
		call(DOWN_SLEEPS, 0);
	call(DOWN_LOOK, MD_GATE_IRQ);
	if (how == DIE_HANGING)
		for (;;)
			;
	kill(getpid(), how == DIE_STOPPED ? SIGSTOP : SIGKILL);
	pause();
	return 0;
}

static uint64_t lock(uint64_t how)
{
	call(DOWN_TAKE, 0);
	if (how == LOCK_TWICE)
		call(DOWN_TAKE, 0);
	if (how == LOCK_STRAY)
		call(DOWN_SLEEPS, 0);
	if (how == LOCK_KEPT) {
		kill(getpid(), SIGKILL);
		pause();
	}
	return call(DOWN_GIVE, 0);
}

static uint64_t give_back(uint64_t how)
{
	if (how != FREE_NOT)
		call(DOWN_FREE, thing);
	if (how != FREE_ONLY)
		thing = 0;
	return 0;
}

/* How often something was transmitted that should not have been; of a long one, 1 if nothing ever was. */
static uint64_t alone(uint64_t n)
{
	uint64_t i, beside = 0;

	for (i = 0; i < n; i++)
		beside += call(DOWN_AWAY, 0);
	if (n)
		return beside;
	for (i = 0; i < 20000 && !beside; i++)
		beside = call(DOWN_AWAY, 0);
	return !beside;
}

/* The second attempt is given the results of the first one; a step that that did not come to it makes. */
static uint64_t tear_down(void)
{
	static char a[] = "a", b[] = "b";
	uint64_t first = field != 4000000, n;

	n = call2(DOWN_STEP, a, 7);
	n = n * 10 + call2(DOWN_STEP, a, 7);
	n = n * 10 + call2(DOWN_STEP, a, 8);
	n = n * 10 + call2(DOWN_STEP, b, 8);
	n = n * 10 + call2(DOWN_WATCH, b, 8);
	if (first) {
		field = 4000000;
		call2(DOWN_STEP, a, 9);
		kill(getpid(), SIGKILL);
		pause();
	}
	n = n * 10 + call2(DOWN_STEP, a, 9);
	n = n * 10 + call2(DOWN_STEP, a, 7);
	field = n;
	return 0;
}

static uint64_t run(uint32_t plan, uint64_t arg)
{
	uint64_t i;

	switch (plan) {
	case PLAN_HOLD:
		return hold(arg);
	case PLAN_DIE:
	case PLAN_RETRY:
		return die(arg);
	case PLAN_DEFERRED:
		call(MD_CALL_GATE_CLOSE, MD_GATE_PLAIN);
		call(DOWN_LOOK, MD_GATE_BH);	/* it came with BH or interrupts off */
		call(MD_CALL_GATE_OPEN, MD_GATE_PLAIN);
		return call(DOWN_NOTE, arg);
	case PLAN_SETTLE:
		for (i = 0; i < arg; i++)
			call(DOWN_SETTLE, 0);
		return 0;
	case PLAN_TEARDOWN:
		return arg == TEAR_DYING ? tear_down() : 0;
	case PLAN_SHIP:
		return call(DOWN_SHIP, arg);
	case PLAN_LOCK:
		return lock(arg);
	case PLAN_ONCE:
		return call(DOWN_ONCE, 0);
	case PLAN_ALONE:
		return alone(arg);
	case PLAN_FREE:
		return give_back(arg);
	default:
		return 0;
	}
}

static void *serve(void *v)
{
	(void)v;
	f.kind = MD_READY;
	for (;;) {
		uint64_t value;
		pthread_t more;

		if (ioctl(fd, MD_IOC_BATON, &f) || f.kind == MD_EXIT)
			_exit(0);
		if (f.flags & MD_FLAG_SPAWN)
			pthread_create(&more, NULL, serve, NULL);
		value = run(f.id, f.arg[0]);
		memset(&f, 0, sizeof(f));
		f.kind = MD_RETURN;
		f.value = value;
	}
}

int main(void)
{
	struct md_user_symbol symbols[] = { { (uintptr_t)&field, sizeof(field) }, { (uintptr_t)&thing, sizeof(thing) } };
	struct md_hello hello = { .version = MD_WIRE_VERSION };
	struct md_attach attach = { .version = MD_WIRE_VERSION, .symbol_count = 2 };
	int w;

	fd = open("/dev/microdriver", O_RDWR);
	if (fd < 0 || ioctl(fd, MD_IOC_HELLO, &hello))
		return 1;
	for (w = 0; w < MD_WIN_COUNT; w++)
		if (mmap((void *)hello.window[w].suggested, hello.window[w].size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED_NOREPLACE, fd, MD_WIN_OFFSET(w)) == MAP_FAILED)
			return 2;
	attach.symbols = (uintptr_t)symbols;
	memcpy(attach.slice_id, GATETEST_SLICE_ID, 16);
	strcpy(attach.name, "gatetest");
	if (ioctl(fd, MD_IOC_ATTACH, &attach)) {
		perror("attach");
		return 3;
	}
	serve(NULL);
}
