// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin of QEMU's translator: counts the instructions that the guest executes. TCG has no performance counters; this is its substitute.
 *
 *   -smp 1 -plugin FILE,answer=FIFO
 *
 * When the guest executes lab/tools/insns.c's instruction, a line "TOTAL KERNEL" goes to FIFO, which QEMU offers the guest as a serial
 * port. One processor only: the counts are added in translated code, without locks.
 *
 * The few declarations of the plugin interface (version 1) that are used stand here, as QEMU's header is not packaged.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS = 0, QEMU_PLUGIN_INLINE_ADD_U64 = 0 };
typedef void (*tb_trans_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*vcpu_udata_cb)(unsigned int vcpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, tb_trans_cb cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *ptr, uint64_t imm);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, vcpu_udata_cb cb, int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static const unsigned char mark[] = { 0x0f, 0x1f, 0x80, 0x31, 0x76, 0x44, 0x4d };
static uint64_t in_user, in_kernel;
static char fifo[256];
static int answer = -1;

static void on_mark(unsigned int vcpu, void *data)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%llu %llu\n", (unsigned long long)(in_user + in_kernel), (unsigned long long)in_kernel);

	if (answer < 0)
		answer = open(fifo, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (answer < 0 || write(answer, line, n) != n)
		fprintf(stderr, "insns: no answer to %s\n", fifo);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), i;
	struct qemu_plugin_insn *insn;

	/* The kernel is the upper half of the address space. */
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 qemu_plugin_tb_vaddr(tb) >> 63 ? &in_kernel : &in_user, n);
	for (i = 0; i < n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		if (qemu_plugin_insn_size(insn) == sizeof(mark) && !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (argc != 1 || strncmp(argv[0], "answer=", 7) || strlen(argv[0] + 7) >= sizeof(fifo)) {
		fprintf(stderr, "insns: answer=FIFO is missing\n");
		return 1;
	}
	strcpy(fifo, argv[0] + 7);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
