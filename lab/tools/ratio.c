// SPDX-License-Identifier: GPL-2.0-only
/*
 * ratio FILE: pairs of measurements "native micro", one pair per line. Prints
 *
 *   pairs N native M1 micro M2 median R low L high H
 *
 * M1 and M2: medians of the columns. R: median of micro/native; L and H: its 95% interval by bootstrap (4000 samples of N pairs, drawn
 * with a fixed seed, so the same pairs give the same interval). With fewer than three pairs the interval is the range seen.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX 4096
#define SAMPLES 4000

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, n, sizeof(*v), ascending);
	return n & 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33) % below;
}

int main(int argc, char **argv)
{
	static double native[MAX], micro[MAX], ratio[MAX], sample[MAX], medians[SAMPLES];
	uint64_t state = 88172645463325252ull;
	double low, high, middle;
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	int n = 0, i, k;

	if (!f)
		return 2;
	while (n < MAX && fscanf(f, "%lf %lf", &native[n], &micro[n]) == 2) {
		if (native[n] <= 0 || micro[n] <= 0) {
			fprintf(stderr, "ratio: pair %d is not positive\n", n + 1);
			return 1;
		}
		ratio[n] = micro[n] / native[n];
		n++;
	}
	if (!n)
		return 1;
	for (k = 0; k < SAMPLES; k++) {
		for (i = 0; i < n; i++)
			sample[i] = ratio[draw(&state, n)];
		medians[k] = median(sample, n);
	}
	qsort(medians, SAMPLES, sizeof(*medians), ascending);
	low = medians[SAMPLES * 25 / 1000];
	high = medians[SAMPLES - 1 - SAMPLES * 25 / 1000];
	middle = median(ratio, n);
	if (n < 3) {
		low = ratio[0];
		high = ratio[n - 1];
	}
	printf("pairs %d native %.3f micro %.3f median %.5f low %.5f high %.5f\n",
	       n, median(native, n), median(micro, n), middle, low, high);
	return 0;
}
