// SPDX-License-Identifier: GPL-2.0-only
/*
 * nic INTERFACE [REQUEST]: one request of a network interface, without a word. Without REQUEST: prints what a healthy interface always answers alike.
 *
 *   link registers statistics eeprom wake message csum-off csum-on renegotiate
 *
 * Exit code: 0, or 1 with the errno's name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct ifreq request;
static int s;

static union {
	struct ethtool_regs regs;
	struct ethtool_stats stats;
	struct ethtool_eeprom eeprom;
	char room[70000];
} big;

static int ask(unsigned long command)
{
	return ioctl(s, command, &request) ? errno : 0;
}

static int tool(void *what)
{
	request.ifr_data = what;
	return ask(SIOCETHTOOL);
}

static int value(unsigned int command, unsigned int number, unsigned int *got)
{
	struct ethtool_value v = { .cmd = command, .data = number };
	int err = tool(&v);

	if (got)
		*got = v.data;
	return err;
}

static int eeprom(void)
{
	big.eeprom = (struct ethtool_eeprom){ .cmd = ETHTOOL_GEEPROM, .len = 32 };
	return tool(&big);
}

static int wake(int set)
{
	struct ethtool_wolinfo wol = { .cmd = ETHTOOL_GWOL };
	int err = tool(&wol);

	if (err || !set) {
		printf("wake 0x%x of 0x%x\n", wol.wolopts, wol.supported);
		return err;
	}
	wol.cmd = ETHTOOL_SWOL;
	return tool(&wol);
}

static int link_settings(struct ethtool_cmd *link)
{
	*link = (struct ethtool_cmd){ .cmd = ETHTOOL_GSET };
	return tool(link);
}

static int named(const char *what)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_cmd link;

	if (!strcmp(what, "link"))
		return link_settings(&link);
	if (!strcmp(what, "registers")) {
		big.regs = (struct ethtool_regs){ .cmd = ETHTOOL_GREGS, .len = 4096 };
		return tool(&big);
	}
	if (!strcmp(what, "statistics")) {
		int err = tool(&info);

		big.stats = (struct ethtool_stats){ .cmd = ETHTOOL_GSTATS, .n_stats = info.n_stats };
		return err ?: tool(&big);
	}
	if (!strcmp(what, "eeprom"))
		return eeprom();
	if (!strcmp(what, "wake"))
		return wake(1);
	if (!strcmp(what, "message"))
		return value(ETHTOOL_SMSGLVL, 7, NULL);
	if (!strcmp(what, "csum-off") || !strcmp(what, "csum-on"))
		return value(ETHTOOL_SRXCSUM, !strcmp(what, "csum-on"), NULL);
	if (!strcmp(what, "renegotiate"))
		return value(ETHTOOL_NWAY_RST, 0, NULL);
	return EINVAL;
}

static int all(void)
{
	struct ethtool_cmd link;
	unsigned int number = 0, i;
	int err;

	err = link_settings(&link);
	printf("link %d: %u %u %u %u\n", err, ethtool_cmd_speed(&link), link.duplex, link.autoneg, link.supported);
	err = value(ETHTOOL_GMSGLVL, 0, &number);
	printf("message %d: 0x%x\n", err, number);
	err = value(ETHTOOL_GRXCSUM, 0, &number);
	printf("csum %d: %u\n", err, number);
	err = value(ETHTOOL_GLINK, 0, &number);
	printf("up %d: %u\n", err, number);
	err = eeprom();
	printf("eeprom %d:", err);
	for (i = 0; i < 32; i++)
		printf(" %02x", big.eeprom.data[i]);
	printf("\nwake %d\n", wake(0));
	err = ask(SIOCGIFMTU);
	printf("mtu %d: %d\n", err, request.ifr_mtu);
	err = ask(SIOCGIFHWADDR);
	printf("address %d:", err);
	for (i = 0; i < 6; i++)
		printf(" %02x", (unsigned char)request.ifr_hwaddr.sa_data[i]);
	err = ask(SIOCGIFADDR);
	printf("\ninet %d: %s\n", err, err ? "" : inet_ntoa(((struct sockaddr_in *)&request.ifr_addr)->sin_addr));
	err = ask(SIOCGIFFLAGS);
	printf("flags %d: 0x%x\n", err, request.ifr_flags & 0xffff);
	return 0;
}

int main(int argc, char **argv)
{
	int err;

	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (argc < 2 || s < 0)
		return 2;
	strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
	err = argc > 2 ? named(argv[2]) : all();
	if (!err)
		return 0;
	printf("%s\n", strerrorname_np(err));
	return 1;
}
