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
	   -fcf-protection% -falign-% -DCC_USING_% -Wframe-larger-than% -fplugin% \
	   -fasan% -Werror%

# md_pre.h belongs right behind kconfig.h: it is the last word on the configuration.
MD_KCONFIG := $(lastword $(filter %/linux/kconfig.h,$(KFLAGS)))
MD_KERNEL_FLAGS := $(patsubst %/linux/kconfig.h,%/linux/kconfig.h -include $(RUNTIME)/md_pre.h,\
		   $(filter-out $(MD_DROP),$(KFLAGS)))

MD_UNIT_FLAGS = $(MD_KERNEL_FLAGS) -I$(CURDIR) -I$(RUNTIME) -I$(WIRE) -O2 -g -fPIC \
		-fvisibility=hidden -fno-stack-protector -fcf-protection=none \
		-fno-builtin-vsnprintf -Wno-unused-function -Wno-unused-variable -Wno-attributes \
		-DMD_USER_HALF
MD_PLAIN_FLAGS = -O2 -g -Wall -fPIC -fvisibility=hidden -I$(CURDIR) -I$(RUNTIME) -I$(WIRE)

MD_OBJECTS = $(addsuffix .o,$(basename $(notdir $(UNITS) $(TABLES)))) \
	     md_user.o md_format.o md_local.o md_lock.o

$(NAME).so: $(MD_OBJECTS)
	$(CC) -shared -Wl,-Bsymbolic -Wl,-z,defs -Wl,-z,now -Wl,-soname,$@ -o $@ $^

# The kernel's include paths are relative to its build directory.
define MD_UNIT_RULE
$(basename $(notdir $(1))).o: $(1)
	cd $$(KDIR) && $$(CC) $$(MD_UNIT_FLAGS) -c -o $$(CURDIR)/$$@ $$(abspath $$<)
endef
$(foreach unit,$(UNITS),$(eval $(call MD_UNIT_RULE,$(unit))))

define MD_TABLE_RULE
$(basename $(notdir $(1))).o: $(1)
	$$(CC) $$(MD_PLAIN_FLAGS) -c -o $$@ $$<
endef
$(foreach table,$(TABLES),$(eval $(call MD_TABLE_RULE,$(table))))

# Definitions of what a builtin names must not call themselves.
md_local.o: $(RUNTIME)/md_local.c
	$(CC) $(MD_PLAIN_FLAGS) -fno-builtin -c -o $@ $<

md_%.o: $(RUNTIME)/md_%.c
	$(CC) $(MD_PLAIN_FLAGS) -c -o $@ $<

clean:
	rm -f $(NAME).so $(MD_OBJECTS)

.PHONY: clean
