// SPDX-License-Identifier: GPL-2.0-only
/*
 * bar FILE SIZE OFFSET [clear=MASK | set=MASK]: one register of a device behind the driver's back, through sysfs resourceN. SIZE: 8, 16
 * or 32 bits. Prints the value that was there. The kernel must have been started with iomem=relaxed, or it refuses regions
 * that a driver claims.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static uint32_t get(volatile uint8_t *p, int size)
{
	return size == 8 ? *p : size == 16 ? *(volatile uint16_t *)p : *(volatile uint32_t *)p;
}

static void put(volatile uint8_t *p, int size, uint32_t value)
{
	if (size == 8)
		*p = value;
	else if (size == 16)
		*(volatile uint16_t *)p = value;
	else
		*(volatile uint32_t *)p = value;
}

int main(int argc, char **argv)
{
	unsigned long offset, length;
	uint32_t value, mask;
	uint8_t *map;
	struct stat st;
	int fd, size;

	if (argc < 4)
		return 2;
	size = atoi(argv[2]);
	offset = strtoul(argv[3], NULL, 0);
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	length = (st.st_size + 4095) & ~4095ul;
	if (offset + size / 8 > (unsigned long)st.st_size) {
		fprintf(stderr, "bar: the region has %ld bytes\n", (long)st.st_size);
		return 1;
	}
	map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	value = get(map + offset, size);
	printf("0x%0*x\n", size / 4, value);
	if (argc > 4) {
		mask = strtoul(strchr(argv[4], '=') + 1, NULL, 0);
		put(map + offset, size, argv[4][0] == 'c' ? value & ~mask : value | mask);
	}
	return 0;
}
