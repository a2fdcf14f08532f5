// SPDX-License-Identifier: GPL-2.0-only
/*
 * stream ADDRESS PORT: one TCP connection to a server that sends everything back, with data under way in both directions all the time,
 * until standard input ends. A line "?" on standard input asks:
 *
 *   bytes N corrupt C longest_gap_ms G state open|closed
 *
 * A gap is the time between two arrivals since the last time asked (or until now). Gentle: a machine that is emulated has other things to do.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define UNDER_WAY 16384
#define PIECE 1024

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static unsigned char pattern(unsigned long at)
{
	return at * 7 + (at >> 8);
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned long sent = 0, received = 0, corrupt = 0;
	unsigned char buffer[PIECE];
	int s, i, n, one = 1, open = 1, ended = 0;
	long last, gap = 0, t;

	if (argc < 3 || !inet_aton(argv[1], &to.sin_addr))
		return 2;
	to.sin_port = htons(atoi(argv[2]));
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to))) {
		perror("stream");
		return 1;
	}
	setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(s, F_SETFL, O_NONBLOCK);
	last = now_ms();
	while (!ended) {
		struct pollfd wait[2] = { { STDIN_FILENO, POLLIN, 0 }, { open ? s : -1, POLLIN, 0 } };

		poll(wait, 2, 2);
		t = now_ms();
		while (open && (n = recv(s, buffer, sizeof(buffer), 0)) >= 0) {
			if (!n) {
				open = 0;
				break;
			}
			for (i = 0; i < n; i++)
				corrupt += buffer[i] != pattern(received + i);
			received += n;
			if (t - last > gap)
				gap = t - last;
			last = t;
		}
		if (open && errno != EAGAIN && errno != EINTR)
			open = 0;
		if (wait[0].revents) {
			n = read(STDIN_FILENO, buffer, 16);
			ended = n <= 0;
			if (t - last > gap)
				gap = t - last;
			printf("bytes %lu corrupt %lu longest_gap_ms %ld state %s\n", received, corrupt, gap, open ? "open" : "closed");
			fflush(stdout);
			gap = 0;
		}
		if (open && sent - received < UNDER_WAY) {
			for (i = 0; i < PIECE; i++)
				buffer[i] = pattern(sent + i);
			n = send(s, buffer, PIECE, MSG_NOSIGNAL);
			if (n > 0)
				sent += n;
		}
	}
	return 0;
}
