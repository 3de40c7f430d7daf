#!/bin/sh
# Reads the machine code of a built netc: Scripts/check-kernels.sh [.build/debug]. Needs llvm-objdump (it comes with Swift's toolchain) or
# objdump, and says so where there is none.
#
# 1. Only functions of the room KernelsAVX512 may hold AVX-512 instructions. The linker keeps one copy of a function that
#    several objects share (specialisations of the standard library, copies of plain structs); were it the AVX-512 one,
#    netc would crash on processors without it.
# 2. The K loops of the register tiles, the innermost loops with multiply-adds, neither call nor touch the stack, and those of matrix
#    tiles neither.
# 3. No innermost loop with vector arithmetic of any function of the kernels' rooms calls anything or stores vectors on the stack, but
#    for those that kernel-exceptions.txt names. What a row's last, partial vector takes does not count: it is once a row.
set -eu
build=${1:-.build/debug}
here=$(dirname "$0")
if command -v llvm-objdump >/dev/null; then dump=llvm-objdump; else dump=objdump; fi
command -v "$dump" >/dev/null || { echo "check-kernels: skipped, there is neither llvm-objdump nor objdump here"; exit 0; }
case $(uname -m) in x86_64) ;; *) echo "check-kernels: skipped, it reads x86-64 code alone"; exit 0 ;; esac
[ -x "$build/netc" ] || { echo "check-kernels: there is no $build/netc; run swift build first"; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$dump" -d --no-show-raw-insn "$build/netc" >"$folder/code"

shared=$(awk '
  /^[0-9a-f]+ <.*>:$/ { name = $2 }
  /%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])|\{%k[1-7]\}/ { if (name !~ /KernelsAVX512/) print name }' "$folder/code" | sort -u)
if [ -n "$shared" ]; then
  echo "AVX-512 instructions outside of KernelsAVX512:"
  echo "$shared"
  exit 1
fi

awk '
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
  END { finish(); print tiles " register tiles read"; exit bad || !tiles }' "$folder/code"

# A line for each innermost loop that calls or spills: the function, how many of either, and what.
awk -v found="$folder/found" '
  function finish(  i, k, l, j, first, last, isInner, work, calls, stores, what, isCold) {
    if (name !~ /Kernels(AVX512|AVX2|Portable)/) return
    count = 0
    split("", leads)
    for (i = 1; i <= n; i++) {
      if (target[i] == "") continue
      leads[i + 1] = 1
      if (!(target[i] in line)) continue
      leads[line[target[i]]] = 1
      if (line[target[i]] <= i) { count++; from[count] = line[target[i]]; to[count] = i }
    }
    for (k = 1; k <= count; k++) {
      isInner = 1
      for (l = 1; l <= count && isInner; l++) {
        if (from[l] >= from[k] && to[l] <= to[k] && (from[l] != from[k] || to[l] != to[k] || l < k)) isInner = 0
      }
      if (!isInner) continue
      work = calls = stores = 0
      what = ""
      for (first = from[k]; first <= to[k]; first = last + 1) {
        last = first
        while (last < to[k] && !((last + 1) in leads)) last++
        isCold = 0
        for (j = first; j <= last; j++) if (text[j] ~ /call.*(partialVector|storePartially)/) isCold = 1
        if (isCold) continue
        for (j = first; j <= last; j++) {
          if (text[j] ~ /[ \t](vfn?m|vadd[ps]|vmul[ps]|vsub[ps]|vdiv[ps]|vm(ax|in)[ps]).*%[yz]mm|[ \t]tdp/) work++
          if (text[j] ~ /[ \t]call/) { calls++; what = what " " text[j] }
          if (text[j] ~ /[ \t]v.*%[yz]mm[0-9]+, *-?[0-9a-fx]*\(%r[sb]p/) { stores++; what = what " " text[j] }
        }
      }
      if (!work) continue
      loops++
      if (calls || stores) print name "|" calls " calls, " stores " vectors stored on the stack|" what >found
    }
  }
  BEGIN { printf "" >found }
  /^[0-9a-f]+ <.*>:$/ { finish(); name = $2; gsub(/[<>:]/, "", name); n = 0; split("", line); split("", target); next }
  /^ *[0-9a-f]+:/ {
    n++
    address = $1; sub(":", "", address); line[address] = n; text[n] = $0
    if ($2 ~ /^j/) { target[n] = $3; sub("^0x", "", target[n]) } else target[n] = ""
  }
  END { finish(); print loops + 0 " inner loops with vector arithmetic read"; exit !loops }' "$folder/code"

# The room is in the mangled name, what people call the function in the other.
cut -d'|' -f1 "$folder/found" | sed 's/.*Kernels\(AVX512\|AVX2\|Portable\).*/\1/' >"$folder/rooms"
if swift demangle --simplified </dev/null >/dev/null 2>&1; then
  swift demangle --simplified <"$folder/found" >"$folder/named"
else
  echo "check-kernels: calls and spills are skipped, there is no swift demangle here"
  exit 0
fi
paste -d'|' "$folder/rooms" "$folder/named" | awk -F'|' -v exceptions="$here/kernel-exceptions.txt" '
  BEGIN {
    while ((getline row <exceptions) > 0) {
      if (row ~ /^#/ || row == "") continue
      split(row, part, " [|] ")
      # The pattern of names may hold bars of its own: it is what stands between the first and the last bar.
      first = index(row, " | "); rest = substr(row, first + 3)
      position = 0
      for (i = 1; i <= length(rest) - 2; i++) if (substr(rest, i, 3) == " | ") position = i
      count++; sets[count] = part[1]; pattern[count] = substr(rest, 1, position - 1)
    }
  }
  {
    for (i = 1; i <= count; i++) {
      if (index("," sets[i] ",", "," $1 ",") && $2 ~ pattern[i]) { excepted++; used[i] = 1; next }
    }
    print $1 ": " $2 ": " $3 ":" $4
    bad = 1
  }
  END {
    print excepted + 0 " of them call or spill as kernel-exceptions.txt allows"
    for (i = 1; i <= count; i++) if (!(i in used)) print "kernel-exceptions.txt: no loop needs " pattern[i]
    exit bad
  }'
