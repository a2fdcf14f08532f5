// SPDX-License-Identifier: GPL-2.0-only
/*
 * mii INTERFACE OP...: the MII requests of a network interface, in order, one line of result each.
 *
 *   phy             SIOCGMIIPHY: the PHY's address
 *   read=REG        SIOCGMIIREG
 *   write=REG:VALUE SIOCSMIIREG
 *
 * A failing request prints its errno's name and the next one runs. Numbers as in C.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), i;
	struct mii_ioctl_data *mii;
	unsigned short phy = 0;
	struct ifreq request;
	unsigned long command;
	char *rest;

	if (argc < 3 || s < 0)
		return 2;
	for (i = 2; i < argc; i++) {
		memset(&request, 0, sizeof(request));
		strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
		mii = (struct mii_ioctl_data *)&request.ifr_data;
		mii->phy_id = phy;
		command = SIOCGMIIREG;
		if (!strcmp(argv[i], "phy")) {
			command = SIOCGMIIPHY;
		} else if (!strncmp(argv[i], "read=", 5)) {
			mii->reg_num = strtoul(argv[i] + 5, NULL, 0);
		} else if (!strncmp(argv[i], "write=", 6)) {
			command = SIOCSMIIREG;
			mii->reg_num = strtoul(argv[i] + 6, &rest, 0);
			mii->val_in = *rest == ':' ? strtoul(rest + 1, NULL, 0) : 0;
		} else {
			fprintf(stderr, "mii: unknown operation %s\n", argv[i]);
			return 2;
		}
		if (ioctl(s, command, &request))
			printf("%s: %s\n", argv[i], strerrorname_np(errno));
		else if (command == SIOCGMIIPHY)
			printf("%s: %u\n", argv[i], phy = mii->phy_id);
		else if (command == SIOCGMIIREG)
			printf("%s: 0x%04x\n", argv[i], mii->val_out);
		else
			printf("%s: ok\n", argv[i]);
	}
	return 0;
}
