#!/bin/sh
# Fuzzes the front of the compiler by libFuzzer: any text must be parsed and checked without a trap and within a second.
#
#   Scripts/fuzz.sh [parser|checker] [SECONDS] [LIMIT]      both, for 10 minutes each, a second for a file, when nothing is said
#
# Builds apart from other builds, in .build-fuzz. Corpora grow there too, from the repository's models and wrong files. What fails is
# kept as .build-fuzz/{parser,checker}.crash-…; run the fuzzer on such a file to see it fail again. Linux only.
# NETC_FUZZ_OPTIONS holds further options of libFuzzer, such as -seed=1.
set -eu
cd "$(dirname "$0")/.."
what=${1:-both}
seconds=${2:-600}
limit=${3:-1}

# The words of the language, for the fuzzers to put into files: from its grammar and from the list of words.
dictionary=.build-fuzz/net.dict
mkdir -p .build-fuzz
{
  grep -oE '"[^"\\]+"' grammar/net.ebnf
  grep -oE '`[a-z0-9_]+`' docs/words.md | tr '`' '"'
} | LC_ALL=C grep -v '[^ -~]' | sort -u >"$dictionary"

run() {
  name=$1
  product=$2
  NETC_FUZZ=1 swift build -c release --build-path .build-fuzz --sanitize=fuzzer --product "$product"
  corpus=.build-fuzz/corpus-$name
  mkdir -p "$corpus"
  # Short files run often; the long ones say little that these do not.
  find models Tests/Goldens Tests/SemanticsTests/Fixtures -name '*.net' -size -2k | while read -r file; do
    cp "$file" "$corpus/seed-$(echo "$file" | tr / -)"
  done
  ".build-fuzz/release/$product" -dict="$dictionary" -max_len=1000 -entropic=0 -timeout="$limit" -rss_limit_mb=1000 \
    -print_final_stats=1 -verbosity=1 -artifact_prefix=".build-fuzz/$name." -max_total_time="$seconds" ${NETC_FUZZ_OPTIONS:-} "$corpus"
}

case $what in
  parser) run parser ParserFuzzer ;;
  checker) run checker CheckerFuzzer ;;
  both)
    run parser ParserFuzzer
    run checker CheckerFuzzer
    ;;
  *)
    echo "usage: Scripts/fuzz.sh [parser|checker|both] [SECONDS] [LIMIT]" >&2
    exit 64
    ;;
esac
