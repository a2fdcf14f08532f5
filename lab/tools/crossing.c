// SPDX-License-Identifier: GPL-2.0-only
/*
 * crossing DEVICE...: what one request of each device takes, and, measured in turn with them on the same processor, round trips between two
 * processes through a pipe, an eventfd and a futex. Prints "NAME MICROSECONDS" lines, medians. What reading the clock takes is taken off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TURN 50
#define TURNS 40
#define WARM_UP 4
#define WAYS_MAX 16

struct way {
	const char *name;
	int (*once)(const struct way *way);
	int in, out;
	uint32_t *word;		/* futex: 0 it is the caller's turn, 1 the other's */
	double took[TURN * TURNS];
};

static struct way ways[WAYS_MAX];
static int count;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int by_clock(const struct way *w)
{
	return 0;
}

static int by_ioctl(const struct way *w)
{
	return ioctl(w->out, 0, 0);
}

static int by_pipe(const struct way *w)
{
	char c = 0;

	return write(w->out, &c, 1) != 1 || read(w->in, &c, 1) != 1;
}

static int by_eventfd(const struct way *w)
{
	uint64_t n = 1;

	return write(w->out, &n, sizeof(n)) != sizeof(n) || read(w->in, &n, sizeof(n)) != sizeof(n);
}

static void pass(uint32_t *word, uint32_t to)
{
	__atomic_store_n(word, to, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void await(uint32_t *word, uint32_t turn)
{
	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) != turn)
		syscall(SYS_futex, word, FUTEX_WAIT, !turn, NULL, NULL, 0);
}

static int by_futex(const struct way *w)
{
	pass(w->word, 1);
	await(w->word, 0);
	return 0;
}

/* The other process of a way: answers until its parent ends. */
static int start_other(const struct way *w, int in, int out)
{
	size_t size = w->once == by_pipe ? 1 : sizeof(uint64_t);
	pid_t child = fork();
	uint64_t n;

	if (child)
		return child < 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (w->word) {
		for (;;) {
			await(w->word, 1);
			pass(w->word, 0);
		}
	}
	while (read(in, &n, size) == size && write(out, &n, size) == size)
		;
	_exit(1);
}

static struct way *add(const char *name, int (*once)(const struct way *))
{
	struct way *w = &ways[count++];

	w->name = name;
	w->once = once;
	return w;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct way *w)
{
	qsort(w->took, TURN * TURNS, sizeof(w->took[0]), by_value);
	return w->took[TURN * TURNS / 2];
}

static int measure(void)
{
	int turn, i;
	struct way *w;

	for (turn = -WARM_UP; turn < TURNS; turn++) {
		for (w = ways; w < ways + count; w++) {
			for (i = 0; i < TURN; i++) {
				double begin = now();

				if (w->once(w)) {
					perror(w->name);
					return 1;
				}
				if (turn >= 0)
					w->took[turn * TURN + i] = now() - begin;
			}
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int there[2], back[2], i;
	cpu_set_t first;
	struct way *w;
	double clock;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (argc < 2 || argc > WAYS_MAX - 4 || sched_setaffinity(0, sizeof(first), &first)) {
		fprintf(stderr, "usage: crossing DEVICE...\n");
		return 2;
	}
	add("clock", by_clock);
	w = add("pipe", by_pipe);
	if (pipe(there) || pipe(back))
		return 1;
	w->out = there[1];
	w->in = back[0];
	if (start_other(w, there[0], back[1]))
		return 1;
	w = add("eventfd", by_eventfd);
	w->out = eventfd(0, 0);
	w->in = eventfd(0, 0);
	if (w->out < 0 || w->in < 0 || start_other(w, w->out, w->in))
		return 1;
	w = add("futex", by_futex);
	w->word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->word == MAP_FAILED || start_other(w, -1, -1))
		return 1;
	for (i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');

		w = add(slash ? slash + 1 : argv[i], by_ioctl);
		w->out = open(argv[i], O_RDWR);
		if (w->out < 0) {
			perror(argv[i]);
			return 1;
		}
	}
	if (measure())
		return 1;
	clock = median(&ways[0]);
	for (w = ways + 1; w < ways + count; w++)
		printf("%s %.3f\n", w->name, median(w) - clock);
	return 0;
}
