#!/bin/sh
# SPDX-License-Identifier: MIT
# What thunk-run --stats and --trace tell of programs; see observed.c.
# usage: observe.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

# watched STATUS NAME OPTION COMMAND...
watched()
{
    status=$1
    name=$2
    shift 2
    run "$status" "$name" "$thunk_run" --qemu "$qemu" "$@"
}

# stats FILE PROCESSES EXPECTED...: see stats.py.
stats()
{
    need "$python"
    "$python" "$here/stats.py" "$@" || fail "wrong statistics"
}

# traced NAME EXPECTED: NAME.err is that, but for threads and pointers.
traced()
{
    sed 's/^\[[0-9][0-9]*\]/[T]/; s/0x[0-9a-f][0-9a-f]*/POINTER/g' "$1.err" \
        >"$1.trace"
    same "$2" "$1.trace"
}

# Whatever becomes of the thunk's code, each knock is heard.
reopen_check()
{
    leaf=leaf
    [ "${THUNK_DOOR:-}" != syscall ] || leaf=syscall
    watched 0 reopen --stats=reopen.json "$bin/reopen"
    [ ! -s reopen.err ] || fail "$(cat reopen.err)"
    [ "$(cat reopen.out)" = 130 ] || fail "$(cat reopen.out) calls, not 130"
    stats reopen.json 1 "crc32.$leaf=130"
}

# The door of crc32's calls and of others, as the environment has it.
stats_check()
{
    leaf=leaf
    [ "${THUNK_DOOR:-}" != syscall ] || leaf=syscall
    watched 0 calls --stats=calls.json "$bin/observed" calls
    [ ! -s calls.err ] || fail "$(cat calls.err)"
    stats calls.json 1 "crc32.$leaf=200" crc32.calls=200 adler32.calls=1 \
        "adler32.$leaf=1" compressBound.syscall=1 zError.syscall=2 \
        gzopen.syscall=3 gzclose.syscall=2 gzputs.calls=1 gzread.calls=1 \
        gzeof.calls=1 inflateInit_.calls=1 'inflateInit_.callbacks>=1' \
        'inflateInit_.faults>=1' inflateEnd.calls=1 'inflateEnd.callbacks>=1' \
        crc32.callbacks=0 crc32.faults=0 deflate.calls=0
    watched 0 text --stats "$bin/observed" calls
    grep -q '^thunk: statistics of process [0-9]*, observed$' text.err ||
        fail "no statistics: $(cat text.err)"
    awk -v door="$leaf" '
        $1 == "crc32" { right = $2 == "libz.so.1" && $3 == door && $4 == 200 &&
            $8 == 0 && $9 == 0 && $5 >= 0 && $6 >= 0 && $7 >= 0 }
        END { exit !right }' text.err || fail "$(cat text.err)"
    watched 0 file --stats=calls.txt "$bin/observed" calls
    [ ! -s file.err ] || fail "$(cat file.err)"
    grep -q "^crc32  *libz.so.1  *$leaf  *200 " calls.txt ||
        fail "$(cat calls.txt)"
}

# The file holds one run, but all processes of it, wherever they have gone.
stats_fork_check()
{
    echo "what was there" >fork.json
    watched 0 fork --stats=fork.json "$bin/observed" fork
    stats fork.json 2 crc32.calls=8
    watched 0 fork --stats=fork.json "$bin/observed" fork
    stats fork.json 2 crc32.calls=8
    "$python" -c '
import json, sys
decoder = json.JSONDecoder()
text = open("fork.json").read()
child, end = decoder.raw_decode(text)
parent = json.loads(text[end:])
counts = [sum(report["functions"][0]["calls"].values())
          for report in (child, parent)]
sys.exit(f"not 3 and 5: {counts}" if counts != [3, 5] else 0)' ||
        fail "wrong statistics of parent and child"
}

stats_threads_check()
{
    watched 0 threads --stats=threads.json "$bin/observed" threads
    stats threads.json 1 crc32.calls=8000
}

# Under load: threads with callbacks, crashes that the program survives, children
# of a process whose threads are in calls.
stats_stress_check()
{
    for mode in threads handler fork; do
        run 0 native "$bin/stress" "$mode"
        watched 0 "$mode" "--stats=$mode.json" "$bin/stress" "$mode"
        same native.out "$mode.out"
    done
    stats threads.json 1 deflateInit_.calls=2000 inflateEnd.calls=2000 \
        'deflateInit_.callbacks>=1000' 'deflateInit_.faults>=1000'
    stats handler.json 1 deflate.calls=31 crc32.calls=10 deflateEnd.calls=21
    stats fork.json 41 'deflate.calls>=80' compressBound.calls=40
    watched 0 trace '--trace=deflateE*,crc32' "$bin/stress" handler
    [ "$(grep -c '^\[[0-9]*\] crc32(.* crashes$' trace.err)" = 10 ] ||
        fail "not 10 crashes: $(cat trace.err)"
    [ "$(grep -c '^\[[0-9]*\] deflateEnd(strm=0x[0-9a-f]*) = 0$' trace.err)" \
        = 11 ] || fail "not 11 calls of deflateEnd: $(cat trace.err)"
}

stats_minizip_check()
{
    need minizip "$python"
    data data 2000
    watched 0 zip --stats=zip.json minizip -o -6 thunked.zip data
    run 0 native minizip -o -6 native.zip data
    same native.zip thunked.zip
    # minizip reads 16 KiB at a time, and each read is one crc32() and one or
    # more deflate().
    stats zip.json 1 deflateInit2_.calls=1 deflateEnd.calls=1 \
        crc32.calls=125 'deflate.calls>=125' 'deflate.host_ns>=1'
}

# Nothing is told of a program that calls nothing, but it is no error.
stats_nothing_check()
{
    watched 0 nothing --stats=nothing.txt "$bin/nothing"
    [ ! -s nothing.err ] && [ ! -s nothing.txt ] || fail "$(cat nothing.*)"
}

trace_check()
{
    cat >expected <<'END'
[T] zError(arg1=-3) = "data error"
[T] zError(arg1=0) = ""
[T] gzopen(arg1="observed.gz", arg2="wb") = POINTER
[T] gzputs(file=POINTER, s="a \"text\"\n") = 9
[T] gzclose(file=POINTER) = 0
[T] gzopen(arg1="observed.gz", arg2="rb") = POINTER
[T] gzread(file=POINTER, buf=POINTER, len=16) = 9
[T] gzeof(file=POINTER) = 1
[T] gzclose(file=POINTER) = 0
[T] gzopen(arg1="/nowhere/at/all", arg2="rb") = NULL
END
    watched 0 chosen '--trace=gz*,zError' "$bin/observed" calls
    traced chosen expected
    watched 0 all --trace "$bin/observed" calls
    sed '/gz\|zError/!d' all.err >chosen.err
    traced chosen expected
    [ "$(grep -c '^\[[0-9]*\] crc32(crc=0, buf=0x[0-9a-f]*, len=9) = 3421780262$' \
        all.err)" = 200 ] || fail "not 200 calls of crc32: $(cat all.err)"
    watched 0 none --trace=nothing,crc "$bin/observed" calls
    [ ! -s none.err ] || fail "$(cat none.err)"
}

# A program without stderr, or one that is full, does what it does.
trace_closed_check()
{
    watched 0 closed --trace --stats "$bin/observed" closed
    ! grep -q 'gz\|statistics' closed.err || fail "$(cat closed.err)"
    [ -e /dev/full ] || return 0
    timeout -k 5 100 "$thunk_run" --qemu "$qemu" --trace --stats \
        "$bin/observed" calls 2>/dev/full || fail "exit status $?"
}

options_check()
{
    watched 2 folder --stats=/nowhere/at/all.json "$bin/observed" calls
    said folder 1 'thunk-run: error: --stats=/nowhere/at/all.json: No such file'
    watched 2 itself --stats=. "$bin/observed" calls
    said itself 1 'thunk-run: error: --stats=.: Is a directory'
    watched 2 empty --stats= "$bin/observed" calls
    said empty 1 'thunk-run: error: --stats=: '
    # Without '=' what follows is the program.
    watched 127 space --stats calls.json "$bin/observed" calls
    [ ! -e calls.json ] || fail "a program's name was taken for a file"
}

# Also where a signal ends the process; one that it handles is nothing to report.
stats_killed_check()
{
    need "$python"
    cat >kill.py <<'PY'
import signal, subprocess, sys
number = getattr(signal, "SIG" + sys.argv[1])
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
print(process.stdout.readline())
process.send_signal(number)
sys.exit(process.wait(60) != -number)
PY
    for signal in TERM INT HUP ALRM USR1; do
        run 0 $signal "$python" kill.py $signal "$thunk_run" --qemu "$qemu" \
            --stats=killed.json "$bin/observed" killed
        stats killed.json 1 crc32.calls=7
    done
    watched 134 aborted --stats=aborted.json "$bin/observed" aborted
    stats aborted.json 1 crc32.calls=7
}

all_check()
{
    stats_check
    stats_fork_check
    stats_killed_check
    stats_threads_check
    reopen_check
    trace_check
    trace_closed_check
}

case $case in
stats | stats_fork | stats_killed | stats_threads | stats_minizip | stats_stress | \
    stats_nothing | reopen | trace | trace_closed | options) "${case}_check" ;;
qemus_observe) for_qemus all_check ;;
*) fail "no such case" ;;
esac
