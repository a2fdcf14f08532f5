/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface between the small kernel of the cases and a case: what the kernel calls, and how (../specs). */
#ifndef CASES_KOPS_H
#define CASES_KOPS_H

struct device {
	void *driver_data;
	struct device *parent;
	const char *name;
	int id;
};

struct kops {
	/* Where nobody may sleep: the kernel half. */
	int (*build)(struct device *d);		/* called once, before all others: makes the objects */
	int (*irq)(struct device *d, int n);
	/* In process context. */
	int (*open)(struct device *d);
	int (*step)(struct device *d, int n);
	long (*ioctl)(struct device *d, unsigned int cmd, unsigned long arg);	/* arg: eight words of the application's */
	int (*show)(struct device *d, char *buf);	/* 64 bytes */
	int (*work)(void *data);		/* driver_data */
	void (*close)(struct device *d);	/* once, after all others */
};

#endif
