// SPDX-License-Identifier: GPL-2.0-only
/*
 * flood ADDRESS SIZE [PAUSE_MS]: traffic in both directions that outlives its interface. Sends ICMP echo requests of SIZE bytes, 16 in
 * flight (with PAUSE_MS one, and so long a pause before the next), whatever becomes of them, until standard input ends. Prints what happened:
 *
 *   sent N answered M corrupt C longest_gap_ms G
 *
 * A gap is the time between two answers (or the start, or the end, and an answer). Corrupt: an answer whose bytes are not those sent.
 * A line "?" on standard input asks for the numbers so far (the gap then counts afresh).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOST_MS 20	/* an answer that takes longer no longer occupies the window */

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static unsigned short checksum(const unsigned char *p, int n)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i + 1 < n; i += 2)
		sum += p[i] << 8 | p[i + 1];
	if (n & 1)
		sum += p[n - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum & 0xffff);
}

int main(int argc, char **argv)
{
	long sent = 0, answered = 0, corrupt = 0, gap = 0, last, last_sent, t;
	unsigned char out[2048], in[4096], ask[16];
	struct icmphdr *request = (struct icmphdr *)out, *answer;
	struct sockaddr_in to = { .sin_family = AF_INET };
	int s, size, n, i, ended = 0, flying = 0, window = argc > 3 ? 1 : 16;
	struct pollfd wait[2];
	unsigned short id = getpid();
	/*
	 * Never refused for want of room: a driver that restarts its queue with netif_start_queue() leaves what waits in
	 * the queueing discipline there until the next packet comes.
	 */
	int room = 64 << 20;

	if (argc < 3 || !inet_aton(argv[1], &to.sin_addr))
		return 2;
	size = atoi(argv[2]);
	if (size < 8 || size > 1480)
		return 2;
	s = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (s < 0) {
		perror("flood");
		return 1;
	}
	if (setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		perror("flood: send buffer");
	for (i = 8; i < size; i++)
		out[i] = i * 7;
	request->type = ICMP_ECHO;
	request->un.echo.id = id;
	last = last_sent = now_ms();
	while (!ended) {
		wait[0] = (struct pollfd){ .fd = s, .events = POLLIN };
		wait[1] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
		if (argc > 3 && flying < window)
			poll(&wait[1], 1, atoi(argv[3]));
		poll(wait, 2, flying < window ? 0 : LOST_MS);
		t = now_ms();
		while ((n = recv(s, in, sizeof(in), 0)) > 0) {
			i = (in[0] & 15) * 4;
			answer = (struct icmphdr *)(in + i);
			if (n < i + 8 || answer->type != ICMP_ECHOREPLY || answer->un.echo.id != id)
				continue;
			answered++;
			if (n - i != size || memcmp(in + i + 8, out + 8, size - 8))
				corrupt++;
			if (t - last > gap)
				gap = t - last;
			last = t;
			if (flying)
				flying--;
		}
		if (wait[1].revents) {
			n = read(STDIN_FILENO, ask, sizeof(ask));
			ended = n <= 0;
			if (t - last > gap)
				gap = t - last;
			printf("sent %ld answered %ld corrupt %ld longest_gap_ms %ld\n", sent, answered, corrupt, gap);
			fflush(stdout);
			gap = 0;
			last = t;
		}
		if (flying >= window && t - last_sent >= LOST_MS)
			flying = 0;
		while (flying < window) {
			request->un.echo.sequence = htons(sent);
			request->checksum = 0;
			request->checksum = checksum(out, size);
			flying++;
			if (sendto(s, out, size, 0, (struct sockaddr *)&to, sizeof(to)) == size) {
				sent++;
				last_sent = t;
			} else {
				/* No carrier, no buffer, no route: this round is over. */
				flying = window;
				last_sent = t;
			}
		}
	}
	return 0;
}
