// SPDX-License-Identifier: GPL-2.0-only
/* now_us: the monotonic clock in microseconds (busybox's date has whole seconds only). */
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("%lld\n", (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	return 0;
}
