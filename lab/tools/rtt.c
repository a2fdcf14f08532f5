// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtt: round trips in microseconds, median of many, everything pinned to CPU 0.
 *
 *   rtt pipe               one byte there and back between two processes
 *   rtt keepalive DEVICE   a watchdog's keepalive request: natively a call, sliced an upcall
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

#define ROUNDS 4000
#define WARM_UP 400

static double took[ROUNDS];

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

static int pipe_round(int there, int back)
{
	char c = 0;

	return write(there, &c, 1) != 1 || read(back, &c, 1) != 1;
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

int main(int argc, char **argv)
{
	int there[2], back[2], device = -1;
	cpu_set_t first;
	pid_t child = 0;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first)) {
		perror("rtt: sched_setaffinity");
		return 1;
	}
	if (argc == 2 && !strcmp(argv[1], "pipe")) {
		if (pipe(there) || pipe(back)) {
			perror("rtt: pipe");
			return 1;
		}
		child = fork();
		if (!child) {
			close(there[1]);
			_exit(echo(there[0], back[1]));
		}
	} else if (argc == 3 && !strcmp(argv[1], "keepalive")) {
		device = open(argv[2], O_WRONLY);
		if (device < 0) {
			perror(argv[2]);
			return 1;
		}
	} else {
		fprintf(stderr, "usage: rtt pipe | rtt keepalive DEVICE\n");
		return 2;
	}
	for (int i = -WARM_UP; i < ROUNDS; i++) {
		double begin = now();
		int bad = child ? pipe_round(there[1], back[0]) : ioctl(device, WDIOC_KEEPALIVE, 0);

		if (bad) {
			perror("rtt");
			return 1;
		}
		if (i >= 0)
			took[i] = now() - begin;
	}
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	printf("%.3f\n", took[ROUNDS / 2]);
	if (child) {
		close(there[1]);
		waitpid(child, NULL, 0);
	} else if (write(device, "V", 1) != 1) {
		return 1;
	}
	return 0;
}
