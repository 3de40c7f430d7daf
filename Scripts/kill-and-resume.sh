#!/bin/bash
# Kills a run that saves after every step at random moments, resumes it each time, and compares the end with that of a run that nobody
# disturbed. Usage: Scripts/kill-and-resume.sh [kills] [netc]
set -euo pipefail
kills=${1:-200}
netc=$(realpath "${2:-.build/release/netc}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > net.net <<'NET'
net Digits {
  input image: f32[1, 8, 8]
  output logits: f32[10] = image -> conv(8, 3, pad=1, bias=false) -> batch_norm -> relu -> flatten -> dropout(0.2) -> linear(10)
}
train Digits {
  target digit: index(10)
  data       = digits("train") -> scale(1 / 16)
  validation = digits("test") -> scale(1 / 16)
  loss       = cross_entropy(logits, digit)
  metrics    = [accuracy]
  optimizer  = adam(lr=1e-3)
  schedule   = cosine(to=1e-5)
  batch      = 32
  steps      = 2000
  checkpoint = every(1 step, keep=2, best=val.accuracy)
}
NET

# The weights, the losses, and the measures without the time that they took.
digest() { { cat "$1/weights.safetensors" "$1/steps.jsonl"; cut -d, -f1-4,6- "$1/metrics.csv"; } | sha256sum; }

"$netc" run net.net --out whole --progress none
done_kills=0 before=0 ends=0
while [ "$done_kills" -lt "$kills" ]; do
  if [ -d part ]; then "$netc" run --resume part --progress none 2> errors & else "$netc" run net.net --out part --progress none 2> errors & fi
  process=$!
  # From before the folder is there to some hundred steps later.
  sleep "$(awk -v r=$RANDOM 'BEGIN { print r / 32768 * 0.4 }')"
  kill -KILL $process 2> /dev/null || true
  status=0
  wait $process 2> /dev/null || status=$?
  if [ "$status" -eq 137 ]; then
    done_kills=$((done_kills + 1))
    [ -d part ] || before=$((before + 1))
  fi
  if [ "$status" -ne 137 ] && [ "$status" -ne 0 ]; then
    echo "not resumable after $done_kills kills: status $status"
    cat errors
    exit 1
  fi
  if [ "$status" -eq 0 ]; then
    # The run came to its end: it begins again.
    [ "$(digest part)" = "$(digest whole)" ] || { echo "another end after $done_kills kills"; exit 1; }
    rm -rf part
    ends=$((ends + 1))
  fi
done
[ -d part ] || "$netc" run net.net --out part --progress none
"$netc" run --resume part --progress none
[ "$(digest part)" = "$(digest whole)" ] || { echo "another end after $kills kills"; exit 1; }
left=$(find . -name '*.partial' -path '*checkpoints*' | wc -l)
echo "$kills kills, $before of them before the folder was there, $((ends + 1)) runs: every end is that of the run without kills," \
  "$left half files left"
