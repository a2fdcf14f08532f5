# SPDX-License-Identifier: GPL-2.0-only
.PHONY: demo test check golden checking setup clean

demo: setup		# slices a driver of the kernel package and runs it, native and as a microdriver
	./driverslicer run i6300esb --workload watchdog-quick

test: setup		# every test; the last line counts them
	tests/run

check: setup		# builds with warnings as errors, formats nothing
	dotnet build DriverSlicer.slnx -v quiet --nologo

golden: setup		# rewrites the golden files after an intended change; read the diff
	GOLDEN=update tests/run unit

checking: setup		# the workloads again on a kernel with KASAN, lockdep and atomic-sleep checks
	./driverslicer run i6300esb --workload watchdog --checking

setup:
	@lab/setup.sh

clean:
	rm -rf build src/*/bin src/*/obj tests/*/bin tests/*/obj
