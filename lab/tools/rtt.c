// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtt: round trips in microseconds, medians, everything pinned to CPU 0.
 *
 *   rtt pipe               one byte there and back between two processes
 *   rtt keepalive DEVICE   a watchdog's keepalive request: natively a call, sliced an upcall
 *   rtt compare DEVICE     both, by one caller, in turns of 100, so that the machine's mood is the same; prints PIPE KEEPALIVE
 *
 * What reading the clock takes (a system call, where the TSC is not trusted) is no part of a round trip, and taken off.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/watchdog.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TURN 100
#define TURNS 40
#define WARM_UP 4

static int there[2], back[2], device = -1;
static double took[2][TURN * TURNS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int by_pipe(void)
{
	char c = 0;

	return write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1;
}

static int by_keepalive(void)
{
	return ioctl(device, WDIOC_KEEPALIVE, 0);
}

static int echo(int in, int out)
{
	char c;

	while (read(in, &c, 1) == 1) {
		if (write(out, &c, 1) != 1)
			return 1;
	}
	return 0;
}

/* The other process; 0 or -1. */
static int start_echo(void)
{
	pid_t child;

	if (pipe(there) || pipe(back))
		return -1;
	child = fork();
	if (!child) {
		close(there[1]);
		_exit(echo(there[0], back[1]));
	}
	return child < 0 ? -1 : 0;
}

static int nothing(void)
{
	return 0;
}

static int measure(int (*const way[2])(void), int turns)
{
	int turn, which, i;

	for (turn = -WARM_UP; turn < turns; turn++) {
		for (which = 0; which < 2; which++) {
			for (i = 0; way[which] && i < TURN; i++) {
				double begin = now();

				if (way[which]())
					return -1;
				if (turn >= 0)
					took[which][turn * TURN + i] = now() - begin;
			}
		}
	}
	return 0;
}

static double median(int which)
{
	qsort(took[which], TURN * TURNS, sizeof(took[which][0]), by_size);
	return took[which][TURN * TURNS / 2];
}

int main(int argc, char **argv)
{
	int (*const clock_alone[2])(void) = { nothing, NULL };
	int (*way[2])(void) = { NULL, NULL };
	const char *blank = "";
	cpu_set_t first;
	double clock;
	int which;

	if (argc == 2 && !strcmp(argv[1], "pipe")) {
		way[0] = by_pipe;
	} else if (argc == 3 && !strcmp(argv[1], "keepalive")) {
		way[1] = by_keepalive;
	} else if (argc == 3 && !strcmp(argv[1], "compare")) {
		way[0] = by_pipe;
		way[1] = by_keepalive;
	} else {
		fprintf(stderr, "usage: rtt pipe | rtt keepalive DEVICE | rtt compare DEVICE\n");
		return 2;
	}
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first)) {
		perror("rtt: sched_setaffinity");
		return 1;
	}
	/* First the other process, which shall not hold the device open. */
	if (way[0] && start_echo()) {
		perror("rtt: pipe");
		return 1;
	}
	if (way[1]) {
		device = open(argv[2], O_WRONLY);
		if (device < 0) {
			perror(argv[2]);
			return 1;
		}
	}
	if (measure(clock_alone, TURNS))
		return 1;
	clock = median(0);
	if (measure(way, TURNS)) {
		perror("rtt");
		return 1;
	}
	for (which = 0; which < 2; which++) {
		if (!way[which])
			continue;
		printf("%s%.3f", blank, median(which) - clock);
		blank = " ";
	}
	printf("\n");
	if (way[0]) {
		close(there[1]);
		wait(NULL);
	}
	return way[1] && write(device, "V", 1) != 1;
}
