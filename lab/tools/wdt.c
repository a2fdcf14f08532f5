// SPDX-License-Identifier: GPL-2.0-only
/*
 * wdt DEVICE OP...: opens a watchdog and applies the operations in order while it is open; one line of result each.
 *
 *   support gettimeout timeleft getpretimeout status bootstatus temp keepalive enable disable
 *   settimeout=N setpretimeout=N write=TEXT
 *   repeat=N      the rest of the operations N times, without output, until one fails
 *   ready         writes a line to standard output at once: whoever waits for it knows that all before it has happened
 *   wait          until standard input ends
 *   close         must be last; with write=V before it the watchdog stops, without it goes on
 *
 * A failing operation prints its errno's name and the next one runs; only a failing open ends the program (exit code 1).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int quiet;

static int failed(const char *op)
{
	if (!quiet)
		printf("%s: %s\n", op, strerrorname_np(errno));
	return -1;
}

static int number(int fd, const char *op, unsigned long request, int value)
{
	if (ioctl(fd, request, &value))
		return failed(op);
	if (!quiet)
		printf("%s: %d\n", op, value);
	return 0;
}

static int support(int fd)
{
	struct watchdog_info info = { 0 };

	if (ioctl(fd, WDIOC_GETSUPPORT, &info))
		return failed("support");
	if (!quiet)
		printf("support: options 0x%x firmware %u identity %.32s\n", info.options,
		       info.firmware_version, (char *)info.identity);
	return 0;
}

static int text(int fd, const char *s)
{
	if (write(fd, s, strlen(s)) < 0)
		return failed("write");
	if (!quiet)
		printf("write %s: ok\n", s);
	return 0;
}

static int wait_for_end(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static int apply(int fd, const char *op)
{
	const char *arg = strchr(op, '=');

	arg = arg ? arg + 1 : "";
	if (!strcmp(op, "support"))
		return support(fd);
	if (!strcmp(op, "gettimeout"))
		return number(fd, op, WDIOC_GETTIMEOUT, 0);
	if (!strcmp(op, "timeleft"))
		return number(fd, op, WDIOC_GETTIMELEFT, 0);
	if (!strcmp(op, "getpretimeout"))
		return number(fd, op, WDIOC_GETPRETIMEOUT, 0);
	if (!strcmp(op, "status"))
		return number(fd, op, WDIOC_GETSTATUS, 0);
	if (!strcmp(op, "bootstatus"))
		return number(fd, op, WDIOC_GETBOOTSTATUS, 0);
	if (!strcmp(op, "temp"))
		return number(fd, op, WDIOC_GETTEMP, 0);
	if (!strcmp(op, "keepalive"))
		return number(fd, op, WDIOC_KEEPALIVE, 0);
	if (!strcmp(op, "enable"))
		return number(fd, op, WDIOC_SETOPTIONS, WDIOS_ENABLECARD);
	if (!strcmp(op, "disable"))
		return number(fd, op, WDIOC_SETOPTIONS, WDIOS_DISABLECARD);
	if (!strncmp(op, "settimeout=", 11))
		return number(fd, op, WDIOC_SETTIMEOUT, atoi(arg));
	if (!strncmp(op, "setpretimeout=", 14))
		return number(fd, op, WDIOC_SETPRETIMEOUT, atoi(arg));
	if (!strncmp(op, "write=", 6))
		return text(fd, arg);
	if (!strcmp(op, "ready")) {
		puts("ready");
		return 0;
	}
	if (!strcmp(op, "wait"))
		return wait_for_end();
	fprintf(stderr, "wdt: unknown operation %s\n", op);
	exit(2);
}

int main(int argc, char **argv)
{
	int fd, i, n, from;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		return 2;
	fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		failed("open");
		return 1;
	}
	for (i = 2; i < argc && strncmp(argv[i], "repeat=", 7); i++) {
		if (!strcmp(argv[i], "close"))
			return close(fd) ? -failed("close") : 0;
		apply(fd, argv[i]);
	}
	if (i < argc) {
		quiet = 1;
		from = i + 1;
		for (n = atoi(argv[i] + 7); n > 0; n--)
			for (i = from; i < argc; i++)
				if (apply(fd, argv[i])) {
					quiet = 0;
					failed(argv[i]);
					return 1;
				}
	}
	return close(fd) ? -failed("close") : 0;
}
