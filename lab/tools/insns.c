// SPDX-License-Identifier: GPL-2.0-only
/*
 * insns: how many instructions the machine has executed so far: "TOTAL KERNEL" (KERNEL: of those, at kernel addresses). Executes the
 * instruction that lab/plugins/insns.c waits for, and reads the answer from the serial port that the lab connects to it.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PORT "/dev/ttyS1"

int main(void)
{
	int fd = open(PORT, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC), n = 0, got;
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	struct termios raw;
	char line[128];

	if (fd < 0 || tcgetattr(fd, &raw))
		goto failed;
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	raw.c_cflag |= CLOCAL | CREAD;
	if (tcsetattr(fd, TCSANOW, &raw) || tcflush(fd, TCIFLUSH))
		goto failed;
	/* nopl 0x4d447631(%rax): does nothing on any machine, and no compiler emits it. */
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x31, 0x76, 0x44, 0x4d" ::: "memory");
	while (n < (int)sizeof(line) - 1 && poll(&wait, 1, 5000) > 0) {
		got = read(fd, line + n, sizeof(line) - 1 - n);
		if (got <= 0)
			break;
		n += got;
		line[n] = 0;
		if (strchr(line, '\n')) {
			fputs(line, stdout);
			return 0;
		}
	}
	fprintf(stderr, "insns: nobody counts instructions here\n");
	return 1;
failed:
	perror(PORT);
	return 1;
}
