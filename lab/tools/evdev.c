// SPDX-License-Identifier: GPL-2.0-only
/*
 * evdev OP... </dev/input/eventN: the operations in order on the open input device.
 *
 *   describe              what the device says of itself
 *   expect=CODE:N,...     prints reports, one line each, until every CODE was seen and has the value N: the sum of a relative axis since the
 *                         operation began, the last value of anything else
 *   gone                  prints reports until the device is gone
 *
 * Events wait in the descriptor from when it was opened, so whoever opens it first may cause them before this program runs. What does not
 * come within ten seconds (patience=MS changes that) never will: exit code 1. Codes have their kernel names, or TYPE/CODE in numbers where the table below has none.
 */
#include <errno.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int patience_ms = 10000;

static const struct {
	const char *name;
	int type, code;
} names[] = {
#define REL(c) { #c, EV_REL, c }
#define ABS(c) { #c, EV_ABS, c }
#define KEY(c) { #c, EV_KEY, c }
	REL(REL_X), REL(REL_Y), REL(REL_WHEEL), REL(REL_HWHEEL), REL(REL_WHEEL_HI_RES), REL(REL_HWHEEL_HI_RES),
	ABS(ABS_X), ABS(ABS_Y),
	KEY(BTN_LEFT), KEY(BTN_RIGHT), KEY(BTN_MIDDLE), KEY(BTN_SIDE), KEY(BTN_EXTRA),
	{ "MSC_SCAN", EV_MSC, MSC_SCAN },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static struct {
	int type, code, want, value, seen;
} wanted[16];
static int wanted_count;

static const char *name_of(int type, int code)
{
	static char number[32];

	for (size_t i = 0; i < NAMES; i++)
		if (names[i].type == type && names[i].code == code)
			return names[i].name;
	snprintf(number, sizeof(number), "%d/%d", type, code);
	return number;
}

static void bits(const char *what, int type, int count)
{
	unsigned char set[(KEY_MAX + 8) / 8] = { 0 };

	if (ioctl(0, EVIOCGBIT(type, sizeof(set)), set) < 0)
		return;
	printf("%s:", what);
	for (int i = 0; i < count; i++)
		if (set[i / 8] >> (i % 8) & 1)
			printf(" %s", name_of(type, i));
	printf("\n");
}

static int describe(void)
{
	char name[128] = "", phys[128] = "", uniq[128] = "";
	struct input_id id = { 0 };
	struct input_absinfo abs;

	if (ioctl(0, EVIOCGID, &id) < 0) {
		printf("describe: %s\n", strerror(errno));
		return 1;
	}
	ioctl(0, EVIOCGNAME(sizeof(name)), name);
	ioctl(0, EVIOCGPHYS(sizeof(phys)), phys);
	ioctl(0, EVIOCGUNIQ(sizeof(uniq)), uniq);
	printf("name \"%s\" phys \"%s\" uniq \"%s\" id %04x:%04x:%04x:%04x\n", name, phys, uniq, id.bustype, id.vendor, id.product, id.version);
	bits("keys", EV_KEY, KEY_MAX + 1);
	bits("relative axes", EV_REL, REL_MAX + 1);
	bits("absolute axes", EV_ABS, ABS_MAX + 1);
	for (int axis = ABS_X; axis <= ABS_Y; axis++)
		if (!ioctl(0, EVIOCGABS(axis), &abs) && abs.maximum)
			printf("%s: %d to %d\n", name_of(EV_ABS, axis), abs.minimum, abs.maximum);
	return 0;
}

static int parse(char *list)
{
	wanted_count = 0;
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		char *colon = strchr(word, ':');
		size_t i = 0;

		if (colon)
			*colon = 0;
		while (i < NAMES && strcmp(names[i].name, word))
			i++;
		if (!colon || i == NAMES || wanted_count == 16) {
			fprintf(stderr, "evdev: %s: expected CODE:N\n", word);
			return 2;
		}
		wanted[wanted_count].type = names[i].type;
		wanted[wanted_count].code = names[i].code;
		wanted[wanted_count].want = atoi(colon + 1);
		wanted[wanted_count].value = wanted[wanted_count].seen = 0;
		wanted_count++;
	}
	return 0;
}

static int satisfied(void)
{
	for (int i = 0; i < wanted_count; i++)
		if (!wanted[i].seen || wanted[i].value != wanted[i].want)
			return 0;
	return wanted_count > 0;
}

static void note(const struct input_event *e)
{
	for (int i = 0; i < wanted_count; i++)
		if (wanted[i].type == e->type && wanted[i].code == e->code) {
			wanted[i].value = e->type == EV_REL ? wanted[i].value + e->value : e->value;
			wanted[i].seen = 1;
		}
}

/* Prints whole reports until what is wanted has come; -1: the device is gone. */
static int reports(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	struct input_event e;
	int inside = 0;

	while (poll(&in, 1, patience_ms) > 0) {
		if (read(0, &e, sizeof(e)) != sizeof(e)) {
			if (errno == ENODEV)
				return -1;
			printf("read: %s\n", strerror(errno));
			return 1;
		}
		if (e.type != EV_SYN) {
			printf("%s%s %d", inside++ ? ", " : "", name_of(e.type, e.code), e.value);
			note(&e);
			continue;
		}
		printf("%s%s\n", inside ? "" : "empty report", e.code == SYN_REPORT ? "" : " (events were lost)");
		inside = 0;
		if (satisfied())
			return 0;
	}
	printf("nothing more came\n");
	for (int i = 0; i < wanted_count; i++)
		printf("%s is %d, expected %d\n", name_of(wanted[i].type, wanted[i].code), wanted[i].value, wanted[i].want);
	return 1;
}

int main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc && rc == 0; i++) {
		if (!strcmp(argv[i], "describe")) {
			rc = describe();
		} else if (!strncmp(argv[i], "expect=", 7)) {
			rc = parse(argv[i] + 7);
			if (!rc)
				rc = reports();
			if (rc < 0)
				printf("gone\n");
		} else if (!strncmp(argv[i], "patience=", 9)) {
			patience_ms = atoi(argv[i] + 9);
		} else if (!strcmp(argv[i], "gone")) {
			wanted_count = 0;
			rc = reports() < 0 ? 0 : 1;
			printf(rc ? "still there\n" : "gone\n");
		} else {
			fprintf(stderr, "evdev: what is %s?\n", argv[i]);
			rc = 2;
		}
		fflush(stdout);
	}
	return rc < 0 ? 1 : rc;
}
