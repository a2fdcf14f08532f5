// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sounds that can be recognised in a recording, and a PCM device step by step. The lab describes recordings in the same terms
 * (src/DriverSlicer.Lab/Recording.cs).
 *
 * sound make FORMAT CHANNELS PART...: samples to standard output
 *   FORMAT    u8 or s16
 *   CHANNELS  1, 2, left or right (two, one of them silent)
 *   PART      level=L:FRAMES  a constant of L * 256, or -L * 256 on the right; survives any change of rate
 *             ramp=FRAMES     no two frames in a row are equal: tells whether each one arrived, at the card's own rate
 *             zero=FRAMES
 *
 * sound pcm DEVICE OP...: opens a PCM device (pcmC0D0p plays, pcmC0D0c records), applies the operations in order; a line of result each
 *   setup=FORMAT:CHANNELS:RATE:BUFFER:PERIOD   the last two in frames; prints what the card made of it. Nothing starts by itself
 *   play=FILE     writes it whole      record=N   reads N frames
 *   start pause release resume drain drop prepare state
 *   reach=N       until the card has come to frame N      until=STATE     5 s at most each
 *   still=MS      the card's position does not move for so long
 *   ready wait    a line to standard output at once; until standard input ends
 *
 * A failing operation prints its errno's name and the next one runs; only a failing open ends the program (exit code 1).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sound/asound.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const states[] = {
	"OPEN", "SETUP", "PREPARED", "RUNNING", "XRUN", "DRAINING", "PAUSED", "SUSPENDED", "DISCONNECTED",
};

/* ---- samples ------------------------------------------------------------------------------------------------------------ */

static void put(int bytes, int value)
{
	int16_t s16 = value;
	uint8_t u8 = (value >> 8) + 128;

	fwrite(bytes == 1 ? (void *)&u8 : (void *)&s16, bytes, 1, stdout);
}

static void put_frame(int bytes, const char *channels, int value)
{
	put(bytes, strcmp(channels, "right") ? value : 0);
	if (strcmp(channels, "1"))
		put(bytes, strcmp(channels, "left") ? -value : 0);
}

static int make(int argc, char **argv)
{
	int bytes = strcmp(argv[0], "u8") ? 2 : 1, i, n, level;

	for (i = 2; i < argc; i++) {
		if (sscanf(argv[i], "level=%d:%d", &level, &n) == 2) {
			while (n-- > 0)
				put_frame(bytes, argv[1], level * 256);
		} else if (sscanf(argv[i], "ramp=%d", &n) == 1) {
			/* 97 values of eight bits, 24,832 of sixteen */
			for (level = 0; level < n; level++)
				put_frame(bytes, argv[1], 0x1000 + (bytes == 1 ? level % 97 * 256 : level % (97 * 256)));
		} else if (sscanf(argv[i], "zero=%d", &n) == 1) {
			while (n-- > 0)
				put_frame(bytes, argv[1], 0);
		} else {
			return 2;
		}
	}
	return fflush(stdout) ? 1 : 0;
}

/* ---- a device ----------------------------------------------------------------------------------------------------------- */

struct pcm {
	int fd;
	size_t frame;		/* bytes */
};

static void result(const char *op, int rc)
{
	printf("%s: %s\n", op, rc < 0 ? strerrorname_np(errno) : "ok");
}

static void want(struct snd_pcm_hw_params *p, int what, unsigned int value)
{
	struct snd_interval *i = &p->intervals[what - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	i->min = i->max = value;
	i->integer = 1;
}

static unsigned int got(const struct snd_pcm_hw_params *p, int what)
{
	return p->intervals[what - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL].min;
}

static void only(struct snd_pcm_hw_params *p, int what, unsigned int bit)
{
	struct snd_mask *m = &p->masks[what - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(m, 0, sizeof(*m));
	m->bits[bit / 32] = 1u << bit % 32;
}

static int configure(struct pcm *pcm, const char *format, const unsigned int n[4])
{
	struct snd_pcm_sw_params sw = { .avail_min = 1, .period_step = 1, .stop_threshold = n[2], .start_threshold = LONG_MAX };
	struct snd_pcm_hw_params hw = { .rmask = ~0u };
	size_t i;

	memset(hw.masks, 0xff, sizeof(hw.masks));
	for (i = 0; i < sizeof(hw.intervals) / sizeof(hw.intervals[0]); i++)
		hw.intervals[i].max = UINT_MAX;
	only(&hw, SNDRV_PCM_HW_PARAM_ACCESS, (unsigned int)SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	only(&hw, SNDRV_PCM_HW_PARAM_FORMAT, (unsigned int)(strcmp(format, "u8") ? SNDRV_PCM_FORMAT_S16_LE : SNDRV_PCM_FORMAT_U8));
	want(&hw, SNDRV_PCM_HW_PARAM_CHANNELS, n[0]);
	want(&hw, SNDRV_PCM_HW_PARAM_RATE, n[1]);
	want(&hw, SNDRV_PCM_HW_PARAM_BUFFER_SIZE, n[2]);
	want(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, n[3]);
	if (ioctl(pcm->fd, SNDRV_PCM_IOCTL_HW_PARAMS, &hw))
		return -1;
	pcm->frame = (strcmp(format, "u8") ? 2 : 1) * n[0];
	printf("rate %u/%u channels %u buffer %u period %u info 0x%x msbits %u\n", hw.rate_num, hw.rate_den,
	       got(&hw, SNDRV_PCM_HW_PARAM_CHANNELS), got(&hw, SNDRV_PCM_HW_PARAM_BUFFER_SIZE),
	       got(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE), hw.info, hw.msbits);
	return ioctl(pcm->fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) || ioctl(pcm->fd, SNDRV_PCM_IOCTL_PREPARE) ? -1 : 0;
}

static int setup(struct pcm *pcm, const char *text)
{
	unsigned int n[4];
	char format[4];

	if (sscanf(text, "%3[^:]:%u:%u:%u:%u", format, &n[0], &n[1], &n[2], &n[3]) != 5)
		exit(2);
	return configure(pcm, format, n);
}

static int play(struct pcm *pcm, const char *file)
{
	static char samples[1 << 20];
	int in = open(file, O_RDONLY);
	ssize_t bytes = read(in, samples, sizeof(samples));
	struct snd_xferi x = { .buf = samples, .frames = bytes > 0 ? bytes / pcm->frame : 0 };

	close(in);
	return ioctl(pcm->fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &x);
}

static int record(struct pcm *pcm, int frames)
{
	static char samples[1 << 20];
	struct snd_xferi x = { .buf = samples, .frames = frames };
	int rc = ioctl(pcm->fd, SNDRV_PCM_IOCTL_READI_FRAMES, &x);

	printf("%ld frames\n", rc < 0 ? 0 : (long)x.result);
	return rc;
}

static struct snd_pcm_mmap_status look(struct pcm *pcm)
{
	struct snd_pcm_sync_ptr s = { .flags = SNDRV_PCM_SYNC_PTR_APPL | SNDRV_PCM_SYNC_PTR_AVAIL_MIN };

	ioctl(pcm->fd, SNDRV_PCM_IOCTL_HWSYNC);
	if (ioctl(pcm->fd, SNDRV_PCM_IOCTL_SYNC_PTR, &s))
		s.s.status.state = SNDRV_PCM_STATE_DISCONNECTED;
	return s.s.status;
}

static const char *state(struct pcm *pcm)
{
	return states[look(pcm).state];
}

static int reach(struct pcm *pcm, unsigned long frame)
{
	int i;

	for (i = 0; i < 1000 && look(pcm).hw_ptr < frame; i++)
		usleep(5000);
	errno = ETIMEDOUT;
	return i < 1000 ? 0 : -1;
}

static int until(struct pcm *pcm, const char *wanted)
{
	int i;

	for (i = 0; i < 1000 && strcmp(state(pcm), wanted); i++)
		usleep(5000);
	errno = ETIMEDOUT;
	return i < 1000 ? 0 : -1;
}

static int still(struct pcm *pcm, int ms)
{
	unsigned long before = look(pcm).hw_ptr;

	usleep(ms * 1000);
	errno = EBUSY;
	return look(pcm).hw_ptr == before ? 0 : -1;
}

static int wait_for_end(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static int apply(struct pcm *pcm, const char *op, const char *arg)
{
	static const struct { const char *name; unsigned long request, value; } plain[] = {
		{ "start", SNDRV_PCM_IOCTL_START }, { "pause", SNDRV_PCM_IOCTL_PAUSE, 1 }, { "release", SNDRV_PCM_IOCTL_PAUSE, 0 },
		{ "resume", SNDRV_PCM_IOCTL_RESUME }, { "drain", SNDRV_PCM_IOCTL_DRAIN }, { "drop", SNDRV_PCM_IOCTL_DROP },
		{ "prepare", SNDRV_PCM_IOCTL_PREPARE },
	};
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(op, plain[i].name))
			return ioctl(pcm->fd, plain[i].request, plain[i].value);
	if (!strncmp(op, "setup=", 6))
		return setup(pcm, arg);
	if (!strncmp(op, "play=", 5))
		return play(pcm, arg);
	if (!strncmp(op, "record=", 7))
		return record(pcm, atoi(arg));
	if (!strncmp(op, "reach=", 6))
		return reach(pcm, atoi(arg));
	if (!strncmp(op, "until=", 6))
		return until(pcm, arg);
	if (!strncmp(op, "still=", 6))
		return still(pcm, atoi(arg));
	if (!strcmp(op, "wait"))
		return wait_for_end();
	fprintf(stderr, "sound: unknown operation %s\n", op);
	exit(2);
}

int main(int argc, char **argv)
{
	struct pcm pcm;
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 4 && !strcmp(argv[1], "make"))
		return make(argc - 2, argv + 2);
	if (argc < 3 || strcmp(argv[1], "pcm"))
		return 2;
	pcm.fd = open(argv[2], (argv[2][strlen(argv[2]) - 1] == 'c' ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (pcm.fd < 0) {
		result("open", -1);
		return 1;
	}
	for (i = 3; i < argc; i++) {
		const char *arg = strchr(argv[i], '=');

		if (!strcmp(argv[i], "ready"))
			puts("ready");
		else if (!strcmp(argv[i], "state"))
			printf("state: %s\n", state(&pcm));
		else
			result(argv[i], apply(&pcm, argv[i], arg ? arg + 1 : ""));
	}
	return 0;
}
