// SPDX-License-Identifier: GPL-2.0-only
/*
 * The planner's side of a fault build (user/md_faults.c).
 *
 *   fault new                                   nothing is planned; before the first process starts
 *   fault arm KIND ENTRY CALL STEP TIMES VALUE TARGET   (TARGET: a downcall's name, or -)
 *   fault disarm                                struck N nothing N calls N since_ms M (since it first struck)
 *   fault struck                                succeeds if it did
 *   fault run LIMIT_S CMD...                    runs CMD in its own group; "code C ms M error_ms E": its exit code (hung: 255, and it is left
 *                                               alone), its duration, and the time from the strike to its end (-1: it did not strike)
 *   fault record                                begins a record of all crossings
 *   fault recorded                              ends it and prints it, a line for each upcall: ENTRY DOWNCALL,DOWNCALL,... ("+ DOWNCALL,..." goes on)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "md_faults_page.h"

static struct md_faults_page *page;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int map(int create)
{
	int fd = open(MD_FAULTS_FILE, O_RDWR | (create ? O_CREAT | O_TRUNC : 0), 0600);

	if (fd < 0 || (create && ftruncate(fd, sizeof(*page))))
		return -1;
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return page == MAP_FAILED ? -1 : 0;
}

static void arm(char **argv)
{
	page->armed = 0;
	__sync_synchronize();
	snprintf(page->kind, sizeof(page->kind), "%s", argv[0]);
	snprintf(page->entry, sizeof(page->entry), "%s", argv[1]);
	page->call = atoi(argv[2]);
	page->step = strtoul(argv[3], NULL, 0);
	page->times = atoi(argv[4]);
	page->value = strtoull(argv[5], NULL, 0);
	snprintf(page->target, sizeof(page->target), "%s", argv[6]);
	page->calls = page->struck = page->nothing = 0;
	page->first_ns = page->last_ns = 0;
	__atomic_store_n(&page->armed, 1, __ATOMIC_RELEASE);
}

static int disarm(void)
{
	__atomic_store_n(&page->armed, 0, __ATOMIC_RELEASE);
	printf("struck %u nothing %u calls %u since_ms %lld\n", page->struck, page->nothing, page->calls,
	       page->struck ? (long long)((now_ns() - page->first_ns) / 1000000) : -1);
	return 0;
}

static int run(int limit, char **argv)
{
	uint64_t begin = now_ns(), end, last;
	int status, code = 255;
	pid_t child = fork(), got;

	if (!child) {
		setpgid(0, 0);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (!(got = waitpid(child, &status, WNOHANG)) && now_ns() - begin < limit * 1000000000ull)
		usleep(500);
	end = now_ns();
	if (got == child)
		code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	else
		kill(-child, SIGKILL);
	last = page->last_ns;
	printf("code %d ms %llu error_ms %lld\n", code, (unsigned long long)(end - begin) / 1000000,
	       page->struck && last < end ? (long long)(end - last) / 1000000 : -1LL);
	return 0;
}

static void recorded(void)
{
	unsigned int i, j, n = page->crossings < MD_FAULTS_LOG ? page->crossings : MD_FAULTS_LOG;

	page->recording = 0;
	for (i = 0; i < n; i++) {
		const char *between = " ";
		int width = 0;

		if (page->log[i].step != MD_FAULTS_BEGIN)
			continue;
		printf("%s", page->log[i].name);
		for (j = i + 1; j < n; j++) {
			if (page->log[j].upcall != page->log[i].upcall)
				continue;
			if (width > 600) {
				printf("\n+");
				between = " ";
				width = 0;
			}
			width += printf("%s%s", between, page->log[j].name);
			between = ",";
		}
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	const char *op = argc > 1 ? argv[1] : "";

	if (map(!strcmp(op, "new"))) {
		perror(MD_FAULTS_FILE);
		return 2;
	}
	if (!strcmp(op, "new"))
		return 0;
	if (!strcmp(op, "arm") && argc == 9)
		arm(argv + 2);
	else if (!strcmp(op, "disarm"))
		return disarm();
	else if (!strcmp(op, "struck"))
		return !page->struck;
	else if (!strcmp(op, "run") && argc > 3)
		return run(atoi(argv[2]), argv + 3);
	else if (!strcmp(op, "record")) {
		page->upcalls = page->crossings = 0;
		memset(page->log, 0, sizeof(page->log));
		page->recording = 1;
	} else if (!strcmp(op, "recorded"))
		recorded();
	else
		return 2;
	return 0;
}
