// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user half's side of the harness, in place of md_user.c: a crossing is a call,
 * for both halves live in one process. Spinlocks (md_lock.c) are the product's own.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "md_user.h"

__thread unsigned int md_site __attribute__((tls_model("initial-exec")));
int md_mmio_trapped;

extern unsigned long cases_downcall(unsigned int id, unsigned int count, const unsigned long *args, unsigned int site);

unsigned long md_downcall(unsigned int id, unsigned int count, const unsigned long *args)
{
	unsigned int site = md_site;

	md_site = 0;
	return cases_downcall(id, count, args, site);
}

unsigned long md_downcall_registers(unsigned int id, const unsigned long *registers, const unsigned long *stack);
unsigned long md_downcall_registers(unsigned int id, const unsigned long *registers, const unsigned long *stack)
{
	unsigned int count = md_user_tables.downcall_params[id], i;
	unsigned long args[MD_ARGS_MAX];

	for (i = 0; i < count && i < MD_ARGS_MAX; i++)
		args[i] = i < 6 ? registers[i] : stack[i - 6];
	return md_downcall(id, count, args);
}

__asm__(
"	.text\n"
"	.globl	md_trampoline\n"
"	.hidden	md_trampoline\n"
"md_trampoline:\n"
"	pushq	%rbp\n"
"	movq	%rsp, %rbp\n"
"	andq	$-16, %rsp\n"
"	pushq	%r9\n"
"	pushq	%r8\n"
"	pushq	%rcx\n"
"	pushq	%rdx\n"
"	pushq	%rsi\n"
"	pushq	%rdi\n"
"	movl	%eax, %edi\n"
"	movq	%rsp, %rsi\n"
"	leaq	16(%rbp), %rdx\n"
"	call	md_downcall_registers@PLT\n"
"	leave\n"
"	ret\n");

char *md_format(const char *format, __builtin_va_list arguments)
{
	char *text;

	return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

void md_format_done(char *text)
{
	free(text);
}
