// SPDX-License-Identifier: GPL-2.0-only
/*
 * hammer INTERFACE: management requests of a network interface, as fast as they are answered, until standard input ends: registers,
 * statistics, link, filters, checksum offload, wake-up, message level. None of them stops the card. Prints
 *
 *   operations N failed F
 *
 * Failed: refused with something else than "not supported".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static long operations, failed;
static struct ifreq request;
static int s;

static int ask(unsigned long command)
{
	int err = ioctl(s, command, &request) ? errno : 0;

	operations++;
	if (err && err != EOPNOTSUPP) {
		if (!failed++)
			printf("first failure: request 0x%lx: %s\n", command, strerrorname_np(err));
	}
	return err;
}

static int tool(void *what)
{
	request.ifr_data = what;
	return ask(SIOCETHTOOL);
}

static int value(unsigned int command, unsigned int number)
{
	struct ethtool_value v = { .cmd = command, .data = number };

	return tool(&v);
}

static void promiscuous(int on)
{
	request.ifr_data = NULL;
	if (ask(SIOCGIFFLAGS))
		return;
	request.ifr_flags = on ? request.ifr_flags | IFF_PROMISC : request.ifr_flags & ~IFF_PROMISC;
	ask(SIOCSIFFLAGS);
}

static void group(unsigned long command, int i)
{
	memset(&request.ifr_hwaddr, 0, sizeof(request.ifr_hwaddr));
	request.ifr_hwaddr.sa_family = AF_UNSPEC;
	memcpy(request.ifr_hwaddr.sa_data, (char[]){ 1, 0, 0x5e, 0, 1, i }, 6);
	ask(command);
}

int main(int argc, char **argv)
{
	struct pollfd end = { .fd = STDIN_FILENO, .events = POLLIN };
	static union {
		struct ethtool_regs regs;
		struct ethtool_stats stats;
		char room[70000];
	} big;
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_wolinfo wol;
	struct ethtool_cmd link;
	unsigned int counters, registers;
	int i;

	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (argc < 2 || s < 0)
		return 2;
	strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
	if (tool(&info))
		return 1;
	counters = info.n_stats;
	registers = info.regdump_len;
	for (i = 0; !poll(&end, 1, 0); i++) {
		if (registers && registers < 65536) {
			big.regs = (struct ethtool_regs){ .cmd = ETHTOOL_GREGS, .len = registers };
			tool(&big);
		}
		if (counters && counters < 8192) {
			big.stats = (struct ethtool_stats){ .cmd = ETHTOOL_GSTATS, .n_stats = counters };
			tool(&big);
		}
		link = (struct ethtool_cmd){ .cmd = ETHTOOL_GSET };
		tool(&link);
		value(ETHTOOL_SMSGLVL, 7);
		value(ETHTOOL_SRXCSUM, i & 1);
		wol = (struct ethtool_wolinfo){ .cmd = ETHTOOL_GWOL };
		if (!tool(&wol)) {
			wol.cmd = ETHTOOL_SWOL;
			wol.wolopts = 0;
			tool(&wol);
		}
		promiscuous(i & 1);
		group(SIOCADDMULTI, i & 31);
		group(SIOCDELMULTI, i & 31);
	}
	value(ETHTOOL_SRXCSUM, 1);
	promiscuous(0);
	printf("operations %ld failed %ld\n", operations, failed);
	return 0;
}
