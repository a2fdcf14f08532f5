# SPDX-License-Identifier: GPL-2.0-only
.PHONY: demo test check golden checking poison net-load net-kill faults faults-checking hostile cycles gate-stress gate-stress-short unseen unseen-run survey table evaluate setup clean

# What the targets run on, whatever else is installed: the kernel of the distribution's release.
export DRIVERSLICER_KERNEL ?= $(shell lab/kernel.sh 6.1)

demo: setup		# an unmodified network driver, native and sliced in turn: throughput, crossings, and kill -9 under iperf3
	./driverslicer run 8139cp --workload net-demo --pairs 4 --seconds 3

test: setup		# every test; the last line counts them
	tests/run

check: setup		# builds with warnings as errors, formats nothing
	dotnet build DriverSlicer.slnx -v quiet --nologo

golden: setup		# rewrites the golden files after an intended change; read the diff
	GOLDEN=update tests/run unit

checking: setup		# the workloads again on a kernel with KASAN, lockdep and atomic-sleep checks
	./driverslicer run i6300esb --workload watchdog --checking
	./driverslicer run 8139cp --workload net --checking

poison: setup		# the workloads again with every access of the user half held against its plan
	./driverslicer run i6300esb --workload watchdog --poison
	./driverslicer run 8139cp --workload net --poison

net-load: setup		# throughput and instructions per packet against native, until the interval is below 1.5%; 60 pairs at most
	./driverslicer run 8139cp --workload net-load --pairs 60 --seconds 4

net-kill: setup		# kill -9 of the user process while connections run
	./driverslicer run 8139cp --workload net-kill --mode micro

faults: setup		# user halves die, hang, flood and lie at 1,000 points, and at 100 of the sort that is not promised; goes on where it was interrupted
	./driverslicer faults --count 1000 --json build/faults.json

faults-checking: setup	# the same on a kernel with KASAN and lockdep, at fewer points
	./driverslicer faults --count 300 --checking --json build/faults-checking.json

hostile: setup		# a million messages of processes that were taken over, in place of the host, on a kernel with KASAN, lockdep and kmemleak
	./driverslicer run 8139cp --workload hostile --mode micro --checking

cycles: setup		# 500 times load, up, down, unbind, bind, unload, each with kill -9 at a random instant: kernel memory must not grow
	./driverslicer run 8139cp --workload net-cycles --mode micro --boots 5 --pairs 100

gate-stress: setup	# locks of both halves under traffic, 30 boots; then the control, in which the gate is off and must be missed
	./driverslicer run 8139cp --workload gate-stress --mode micro --boots 30 --seconds 20
	./driverslicer run samples/ledger --mode micro

gate-stress-short: setup
	./driverslicer run 8139cp --workload gate-stress --mode micro --boots 6 --seconds 8
	./driverslicer run samples/ledger --mode micro

unseen: setup		# slices and builds 100 modules drawn from all that the kernel's package has; SEED=2 draws others
	lab/unseen.sh --count 100 --seed $(or $(SEED),1) --json build/unseen.json

unseen-run: setup	# runs 10 modules drawn from those whose device QEMU has, natively and as microdrivers
	lab/unseen.sh --run --count 10 --seed $(or $(SEED),1) --json build/unseen-run.json

survey: setup		# every driver of the kernel: what could leave it, and what keeps the rest; goes on where it was interrupted
	@mkdir -p build
	./driverslicer survey --json build/survey.json

table: setup		# drivers and both kernels, and what works; some hours; goes on where it was interrupted
	lab/setup.sh 6.12
	./driverslicer table --json build/table.json

evaluate: setup		# every working driver measured against native; some hours, on an idle machine; goes on where it was interrupted
	./driverslicer evaluate --json build/evaluate.json

setup:
	@lab/setup.sh

clean:
	rm -rf build src/*/bin src/*/obj tests/*/bin tests/*/obj
