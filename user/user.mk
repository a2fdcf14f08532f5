# SPDX-License-Identifier: GPL-2.0-only
#
# Builds the user half of one driver, NAME.so. A generated Makefile sets
#
#   NAME      the driver, as its .ko is named
#   KDIR      build directory of the target kernel's headers
#   KFLAGS    the kernel's own compiler flags for this driver (from .NAME.o.cmd)
#   UNITS     the driver's units, compiled with the kernel's headers
#   TABLES    generated files that need no kernel header (C and assembly)
#   RUNTIME   directory of this file
#   WIRE      directory of microdriver_wire.h (default: RUNTIME/../kernel)
#   POISON    1: a checking build (md_poison.c) that stops at the first access outside of
#             the plan; 2: one that reports each place once and goes on
#   USER_CFLAGS  options of your own, behind all others, for the driver's units and for linking: -Og, --coverage, -fsanitize=address
#   FAULTS    1: a build that goes wrong where lab/tools/fault.c tells it to (md_faults.c)
#
# and includes this file. Object files land in the current directory.

CC ?= gcc
WIRE ?= $(RUNTIME)/../kernel

# What makes code the kernel's rather than a user process's.
MD_DROP := -mcmodel=kernel -fno-PIE -fno-pie -fno-pic -pg -mfentry -mrecord-mcount \
	   -mpreferred-stack-boundary=3 -mskip-rax-setup -fstack-protector \
	   -fstack-protector-strong -mharden-sls=all -fconserve-stack -Wp,% \
	   -mindirect-branch% -mfunction-return% -fpatchable-function-entry% \
	   -mstack-protector% -fsanitize% --param% -fzero-call-used-regs% \
	   -fcf-protection% -falign-% -Wframe-larger-than% -fplugin% \
	   -fasan% -Werror%

# md_pre.h belongs right behind kconfig.h: it is the last word on the configuration.
MD_KCONFIG := $(lastword $(filter %/linux/kconfig.h,$(KFLAGS)))
MD_KERNEL_FLAGS := $(patsubst %/linux/kconfig.h,%/linux/kconfig.h -include $(RUNTIME)/md_pre.h,\
		   $(filter-out $(MD_DROP),$(KFLAGS)))

MD_UNIT_FLAGS = -I$(RUNTIME)/include $(MD_KERNEL_FLAGS) -I$(CURDIR) -I$(RUNTIME) -I$(WIRE) -O2 -g -fPIC \
		-fvisibility=hidden -fno-stack-protector -fcf-protection=none \
		-fno-builtin-vsnprintf -Wno-unused-function -Wno-unused-variable -Wno-attributes \
		-DMD_USER_HALF
MD_PLAIN_FLAGS = -O2 -g -Wall -fPIC -fvisibility=hidden -I$(CURDIR) -I$(RUNTIME) -I$(WIRE)

# The checking build: accesses announced, memory functions not opened, frames to walk.
ifneq ($(POISON),)
MD_FRAMES := -DMD_POISON=$(POISON) -fno-omit-frame-pointer -fno-optimize-sibling-calls
MD_ANNOUNCE := -fsanitize=thread --param tsan-distinguish-volatile=1 \
	       --param tsan-instrument-func-entry-exit=0 \
	       $(addprefix -fno-builtin-,memcpy memmove memset memcmp memchr strcpy strncpy \
	       strcat strncat strcmp strncmp strchr strrchr strstr strlen strnlen)
MD_UNIT_FLAGS += $(MD_FRAMES) $(MD_ANNOUNCE)
MD_PLAIN_FLAGS += $(MD_FRAMES)
MD_POISON_OBJECT := md_poison.o
# A memory function that libc would run is one that nobody checks.
MD_UNCHECKED = $(NM) -D --undefined-only $@ | grep -E ' (mem|str|stp|bcmp|__mem|__str)[a-z0-9_]*(@|$$)' | grep -v strerror
endif
NM ?= nm

ifneq ($(FAULTS),)
MD_PLAIN_FLAGS += -DMD_FAULTS
MD_FAULTS_OBJECT := md_faults.o
endif

MD_OBJECTS = $(addsuffix .o,$(basename $(notdir $(UNITS) $(TABLES)))) \
	     md_user.o md_format.o md_text.o md_local.o md_lock.o $(MD_POISON_OBJECT) $(MD_FAULTS_OBJECT)

$(NAME).so: $(MD_OBJECTS)
	$(CC) $(USER_CFLAGS) -shared -Wl,-Bsymbolic -Wl,-z,defs -Wl,-z,now -Wl,-soname,$@ -o $@ $^
	@! { $(or $(MD_UNCHECKED),false); } || { rm $@; false; }

# The kernel's include paths are relative to its build directory.
define MD_UNIT_RULE
$(basename $(notdir $(1))).o: $(1)
	cd $$(KDIR) && $$(CC) $$(MD_UNIT_FLAGS) $$(USER_CFLAGS) -c -o $$(CURDIR)/$$@ $$(abspath $$<)
endef
$(foreach unit,$(UNITS),$(eval $(call MD_UNIT_RULE,$(unit))))

define MD_TABLE_RULE
$(basename $(notdir $(1))).o: $(1)
	$$(CC) $$(MD_PLAIN_FLAGS) $$(MD_ANNOUNCE) -c -o $$@ $$<
endef
$(foreach table,$(TABLES),$(eval $(call MD_TABLE_RULE,$(table))))

# Definitions of what a builtin names must not call themselves.
md_text.o md_local.o: md_%.o: $(RUNTIME)/md_%.c
	$(CC) $(MD_PLAIN_FLAGS) $(MD_ANNOUNCE) -fno-builtin -c -o $@ $<

# The judge, the saboteur and the serve loop are not judged.
md_user.o md_faults.o: md_%.o: $(RUNTIME)/md_%.c
	$(CC) $(MD_PLAIN_FLAGS) -c -o $@ $<

md_poison.o: $(RUNTIME)/md_poison.c
	$(CC) $(MD_PLAIN_FLAGS) -fno-builtin -fno-tree-loop-distribute-patterns -c -o $@ $<

md_%.o: $(RUNTIME)/md_%.c
	$(CC) $(MD_PLAIN_FLAGS) $(MD_ANNOUNCE) -c -o $@ $<

clean:
	rm -f $(NAME).so $(MD_OBJECTS)

.PHONY: clean
