#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs as Debian ships them, each native, emulated and thunked: the same
# output, and the host's libz did the work.
# usage: stock.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"
guest_set libz.so.1

# Archives hold the time of the file, and that is one.
minizip_check()
{
    need /usr/bin/minizip /usr/bin/miniunzip
    program minizip
    minizip=$program
    program miniunzip
    miniunzip=$program
    data data "${1:-8192}"
    for level in 6 9; do
        run 0 zip minizip -o "-$level" native.zip data
        emulated 0 zip "$minizip" -o "-$level" emulated.zip data
        thunked 0 zip "$minizip" -o "-$level" thunked.zip data
        counted zip 100
        same_emulated native.zip emulated.zip
        same native.zip thunked.zip
    done
    run 0 list_emulated "$qemu" ${sysroot:+-L "$sysroot"} "$miniunzip" \
        -l native.zip
    thunked 0 list_thunked "$miniunzip" -l native.zip
    same list_emulated.out list_thunked.out
    mkdir native emulated thunked
    run 0 unzip miniunzip -o native.zip -d native
    emulated 0 unzip "$miniunzip" -o native.zip -d emulated
    thunked 0 unzip "$miniunzip" -o native.zip -d thunked
    counted unzip 100
    same data native/data
    same_emulated data emulated/data
    same data thunked/data
}

python_check()
{
    need "$python"
    "$python" -c 'import zlib' || skip "$python has no zlib"
    cp "$here/stock.py" .
    run 0 native "$python" stock.py
    emulated 0 emulated "$guest_python" stock.py
    thunked 0 thunked "$guest_python" stock.py
    # Python's streams have allocators of its own, which libz finds in them.
    counted thunked 1000 100 100
    same_emulated native.out emulated.out
    same native.out thunked.out
}

# git runs itself; such a child is thunked as well.
git_check()
{
    need /usr/bin/git
    GIT_CONFIG_NOSYSTEM=1 HOME=$work GIT_AUTHOR_DATE='1700000000 +0000'
    GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
    export GIT_CONFIG_NOSYSTEM HOME GIT_AUTHOR_DATE GIT_COMMITTER_DATE
    git config --global user.name test
    git config --global user.email test@example.org
    git config --global pack.threads 1
    git config --global gc.auto 0
    mkdir files
    for i in $(seq 498); do
        seq "$i" "$((i + 300))" >"files/$i"
    done
    git_way native
    git_way emulated "$qemu" /usr
    git_way thunked env THUNK_LOG=info "$thunk_run" --qemu "$qemu" /usr
    for way in emulated thunked; do
        for step in hash add commit objects fsck gc packed; do
            same "native.$step.out" "$way.$step.out"
        done
    done
    # What git did itself; add finds what hash-object has written.
    counted thunked.hash 498
    counted thunked.commit 2
    counted thunked.objects 498
    counted thunked.fsck 498
    counted thunked.packed 498
    awk '$1 == "thunk:" && $3 == "libz.so.1:" && $5 == "calls," { got += $4 }
        END { exit !(got >= 498) }' thunked.gc.err ||
        fail "gc: its children called too little: $(cat thunked.gc.err)"
}

# git_way NAME [COMMAND... /usr]: all steps, git run by COMMAND.
git_way()
{
    way=$1
    shift
    if [ $# -gt 0 ]; then
        while [ "$1" != /usr ]; do
            set -- "$@" "$1"
            shift
        done
        shift
    fi
    rm -rf repository
    git init -q repository
    cp -r files repository/
    cd repository || exit 1
    find files -type f | sort >../list
    # shellcheck disable=SC2046 # words
    run 0 "$way.hash" "$@" /usr/bin/git hash-object -w \
        $(head -n 498 ../list)
    run 0 "$way.add" "$@" /usr/bin/git add files
    run 0 "$way.commit" "$@" /usr/bin/git commit -q -m all
    run 0 "$way.objects" "$@" /usr/bin/git cat-file --batch --batch-all-objects
    run 0 "$way.fsck" "$@" /usr/bin/git fsck --full --no-progress
    run 0 "$way.gc" "$@" /usr/bin/git gc -q
    run 0 "$way.packed" "$@" /usr/bin/git cat-file --batch --batch-all-objects
    run 0 "$way.after" "$@" /usr/bin/git fsck --full --strict --no-progress
    same "$work/$way.objects.out" "$work/$way.packed.out"
    cd .. || exit 1
}

pigz_check()
{
    need pigz
    program pigz
    data data "${1:-8192}"
    for options in '-6' '-9 -p 4' '-1 -b 128 -i' '-z'; do
        # shellcheck disable=SC2086 # words
        run 0 native pigz $options -n -c data
        # shellcheck disable=SC2086
        emulated 0 emulated "$program" $options -n -c data
        # shellcheck disable=SC2086
        thunked 0 thunked "$program" $options -n -c data
        counted thunked 100
        same_emulated native.out emulated.out
        same native.out thunked.out
    done
    pigz -c -n data >data.gz
    thunked 0 thunked "$program" -d -c data.gz
    counted thunked 50
    same data thunked.out
}

case $what in
minizip | pigz) "${what}_check" "${sysroot:+2048}" ;;
python | git) "${what}_check" ;;
qemus_*) for_qemus "${case#qemus_}_check" ;;
*) fail "no such case" ;;
esac
