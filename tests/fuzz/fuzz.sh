#!/bin/sh
# SPDX-License-Identifier: MIT
# Replays what is kept in corpus/ and goes on from there for a number of runs.
# usage: fuzz.sh spec|elf|headers BUILD SOURCE PYTHON [SECONDS [SEED]]
#
# With SECONDS it goes on for so long; what finds new code then stays in
# BUILD/found-NAME, and what fails in BUILD.
set -u
name=$1
build=$2
here=$3
python=$4
seconds=${5:-}
seed=${6:-1}
ASAN_OPTIONS=detect_leaks=0:exitcode=99
UBSAN_OPTIONS=print_stacktrace=1:exitcode=99
export ASAN_OPTIONS UBSAN_OPTIONS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TMPDIR=$work
export TMPDIR

if [ "$name" = headers ]; then
    "$python" "$here/headers.py" "$build/thunkgen" "$build" \
        ${seconds:+--seconds "$seconds"} --seed "$seed"
    exit
fi

fuzz=$build/fuzz_$name
mkdir "$work/seeds" "$work/new"
cp "$here/corpus/$name"/* "$work/seeds"
[ "$name" != elf ] || cp "$build/libfuzz.so.1" "$work/seeds" # a good one
"$fuzz" -close_fd_mask=1 -artifact_prefix="$build/" "$work/seeds"/* \
    >"$work/log" 2>&1 || {
    tail -n 60 "$work/log"
    exit 1
}
case $name in
spec) set -- -runs=150 -dict="$here/spec.dict" -max_len=4096 ;;
elf) set -- -runs=4000 -max_len=20000 ;;
esac
new=$work/new
if [ -n "$seconds" ]; then
    shift
    set -- -max_total_time="$seconds" "$@"
    new=$build/found-$name
    mkdir -p "$new"
fi
"$fuzz" -close_fd_mask=3 -seed="$seed" -timeout=60 -rss_limit_mb=0 \
    -artifact_prefix="$build/" "$@" "$new" "$work/seeds" >"$work/log" 2>&1 || {
    tail -n 60 "$work/log"
    exit 1
}
tail -n 3 "$work/log"
