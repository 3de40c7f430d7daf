#!/bin/sh
# Runs the tests of the kernels on an emulated processor that has AVX2, FMA and BMI2, and nothing later: what a test machine with AVX-512
# never runs by itself. Needs qemu's user-mode emulator, 7.2 or later (apt-get install qemu-user).
# Usage: Scripts/emulated-avx2.sh [filter of tests] [.build/debug]
set -eu
filter=${1:-'^KernelTests\.'}
build=${2:-.build/debug}
case $(uname -sm) in "Linux x86_64") ;; *) echo "emulated-avx2: skipped, it emulates x86-64 Linux on itself"; exit 0 ;; esac
command -v qemu-x86_64 >/dev/null || { echo "emulated-avx2: skipped, there is no qemu-x86_64 here"; exit 0; }
version=$(qemu-x86_64 --version | sed -n 's/.*version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
# shellcheck disable=SC2086
set -- $version
if [ "$1" -lt 7 ] || { [ "$1" -eq 7 ] && [ "$2" -lt 2 ]; }; then
  echo "emulated-avx2: skipped, qemu $1.$2 does not know AVX2; 7.2 does"
  exit 0
fi
bundle=$build/netcPackageTests.xctest
[ -x "$bundle" ] || { echo "emulated-avx2: there is no $bundle; run swift build --build-tests first"; exit 1; }
# The features that qemu would only warn that it lacks.
exec qemu-x86_64 -cpu Haswell-noTSX,-pcid,-x2apic,-tsc-deadline,-invpcid \
  "$bundle" --testing-library swift-testing --filter "$filter"
