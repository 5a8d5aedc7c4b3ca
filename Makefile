# SPDX-License-Identifier: GPL-2.0
#
# sipsec: sign and verify SIP over UDP in the kernel. `make help` tells more.

# The running kernel's headers, else the newest that are installed.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -d /lib/modules/*/build 2>/dev/null | sort -rV))
# The name under /lib/modules: Debian's kernel.release has another.
KRELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
PREFIX ?= /usr/local
MAKEFLAGS += --no-print-directory

all: modules tools

modules:
	$(if $(KDIR),,$(error no kernel headers: install linux-headers-amd64 or give KDIR=))
	$(MAKE) -C $(KDIR) M=$(CURDIR)/kmod modules

tools:
	$(MAKE) -C userspace-ctl

examples: tools
	$(MAKE) -C examples/libsipsec

# DESTDIR is for packagers, who run depmod on the machine that has the kernel.
install: all
	$(MAKE) -C $(KDIR) M=$(CURDIR)/kmod INSTALL_MOD_PATH=$(DESTDIR) CONFIG_MODULE_SIG_ALL= modules_install
	$(if $(DESTDIR),,depmod $(KRELEASE))
	$(MAKE) -C userspace-ctl install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

check:
	@tests/check

demo:
	@tests/deps demo
	@tests/vm/kmod > /dev/null && $(MAKE) -s tools
	@tests/vm/run -- tests/demo/demo

# FUZZ_SECONDS is for each target.
FUZZ_SECONDS ?= 60
fuzz:
	@tests/deps fuzz
	@$(MAKE) -s -C tests/fuzz fuzz SECONDS=$(FUZZ_SECONDS)

check-debug:
	@tests/debug/check

# Its parts: on one CPU, in User Mode Linux, and on two.
check-debug-uml:
	@tests/debug/check -k kunit -k uml

check-debug-x86:
	@tests/debug/check -k kasan -k kcsan

# Forgeries in bulk, floods, what goes away under traffic; ATTACK_* and GONE_* set how
# many (tests/attack/*.py).
attack:
	@tests/deps check
	@$(MAKE) -s tools && tests/vm/kmod > /dev/null && $(MAKE) -s -C tests/attack
	@tests/vm/run -t 7200 -- env $(foreach n,MESSAGES MACS TWICE FLOOD MANY,$(if $(ATTACK_$n),ATTACK_$n=$(ATTACK_$n))) \
		tests/attack/attack.py
	@tests/vm/run -t 7200 -- env $(foreach n,FLUSH LISTENER NETNS MODULE,$(if $(GONE_$n),GONE_$n=$(GONE_$n))) \
		tests/attack/gone.py

# An hour of registrations and calls, with many SAs; caches are not merged, so that the
# module's own are seen.
SOAK_SECONDS ?= 3600
SOAK_SAS ?= 100000
SOAK_STEP ?= 60
soak:
	@tests/deps check
	@$(MAKE) -s tools && tests/vm/kmod > /dev/null
	@tests/vm/run -m 3072 -t $$(($(SOAK_SECONDS) + 3600)) -x slab_nomerge -- env SOAK_SECONDS=$(SOAK_SECONDS) \
		SOAK_SAS=$(SOAK_SAS) SOAK_STEP=$(SOAK_STEP) tests/attack/soak.py

check-kunit:
	@tests/debug/check -k kunit

check-kernels:
	@tests/kernels/check

bench:
	@tests/bench/run

style:
	@tests/style/run

static:
	@tests/style/run tidy coccinelle

regen:
	uapi/regen
	kmod/crypto/regen

clean:
	$(if $(KDIR),$(MAKE) -C $(KDIR) M=$(CURDIR)/kmod clean)
	rm -rf build/kmod-* build/unit* build/style build/userspace-ctl

distclean: clean
	rm -rf build

# For scripts: the headers that `make modules` builds against.
print-kdir:
	@echo $(KDIR)

help:
	@echo 'make		the module and sipsec(8); KDIR= for another kernel'
	@echo 'make modules	the module alone'
	@echo 'make tools	sipsec(8) alone'
	@echo 'make examples	the example of libsipsec(3)'
	@echo 'make install	both, into DESTDIR; PREFIX=$(PREFIX)'
	@echo 'make demo	two SIP programs and an attacker, in a VM'
	@echo 'make check	all tests; VM_KERNEL=6.12 for another kernel in the VM'
	@echo 'make fuzz	what reads octets from outside, FUZZ_SECONDS=$(FUZZ_SECONDS) for each target'
	@echo 'make check-debug	under KASAN, lockdep and more: selftests, faults, packets and netlink at random; races'
	@echo 'make check-debug-uml	the part of it that is in User Mode Linux; check-debug-x86: that on two CPUs'
	@echo 'make check-kunit	KUnit suites in that kernel'
	@echo 'make check-kernels	builds and selftests for other kernels, arm64 and s390x; clang'
	@echo 'make bench	beside ESP, other parsers, xfrm; BENCH_QUICK=1 for a short run'
	@echo 'make attack	forgeries in bulk, floods, removal under traffic'
	@echo 'make soak	registrations and calls with SOAK_SAS=$(SOAK_SAS) SAs for SOAK_SECONDS=$(SOAK_SECONDS)'
	@echo 'make style	checkpatch, sparse, warnings, clang, gcc -fanalyzer, manual page, layering'
	@echo 'make static	clang-tidy, and the kernel'\''s semantic patches by coccinelle'
	@echo 'make regen	what is generated: from uapi/sipsec.yaml, and kmod/crypto/'
	@echo 'make clean	what was built; distclean: and what was downloaded'

.PHONY: all modules tools examples install attack soak check check-debug check-debug-uml check-debug-x86 check-kunit check-kernels demo fuzz style static regen clean distclean print-kdir help
