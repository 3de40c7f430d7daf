#!/bin/sh
# Reads the machine code of a built netc: run after `swift build`, with llvm-objdump or objdump installed.
#
# 1. Only functions of the room KernelsAVX512 may hold AVX-512 instructions. The linker keeps one copy of a function that
#    several objects share (specialisations of the standard library, copies of plain structs); were it the AVX-512 one,
#    netc would crash on processors without it.
# 2. The K loops of the register tiles, the innermost loops with multiply-adds, neither call nor spill vectors.
set -eu
build=${1:-.build/debug}
if command -v llvm-objdump >/dev/null; then dump=llvm-objdump; else dump=objdump; fi
command -v "$dump" >/dev/null || { echo "check-kernels: no objdump here, nothing checked"; exit 0; }

shared=$("$dump" -d --no-show-raw-insn "$build/netc" | awk '
  /^[0-9a-f]+ <.*>:$/ { name = $2 }
  /%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])|\{%k[1-7]\}/ { if (name !~ /KernelsAVX512/) print name }' | sort -u)
if [ -n "$shared" ]; then
  echo "AVX-512 instructions outside of KernelsAVX512:"
  echo "$shared"
  exit 1
fi

"$dump" -d --no-show-raw-insn "$build/netc" | awk '
  function finish() {
    if (name !~ /Kernels(AVX512|AVX2|Portable)[0-9]*tile[0-9]+x[0-9]+/) return
    tiles++
    best = 0
    for (i = 1; i <= n; i++) {
      if (target[i] == "" || !(target[i] in line) || line[target[i]] > i) continue
      first = line[target[i]]
      multiplies = 0
      for (j = first; j <= i; j++) if (text[j] ~ /vfmadd/) multiplies++
      if (multiplies && (!best || i - first < size)) { best = first; size = i - first; last = i }
    }
    if (!best) { print "no K loop in " name; bad = 1; return }
    for (j = best; j <= last; j++) {
      if (text[j] ~ /call/ || text[j] ~ /[xyz]mm.*\(%r[sb]p/ || text[j] ~ /\(%r[sb]p.*[xyz]mm/) {
        print name ": " text[j]
        bad = 1
      }
    }
  }
  /^[0-9a-f]+ <.*>:$/ { finish(); name = $2; n = 0; split("", line); split("", target); next }
  /^ *[0-9a-f]+:/ {
    n++
    address = $1; sub(":", "", address); line[address] = n; text[n] = $0
    if ($2 ~ /^j/) { target[n] = $3; sub("^0x", "", target[n]) } else target[n] = ""
  }
  END { finish(); print tiles " register tiles read"; exit bad || !tiles }'
