#!/bin/sh
# SPDX-License-Identifier: MIT
# libarchive: bsdtar, and a program that gives it all its callbacks; natively
# and thunked, the same archives and the same output.
# usage: archive.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

guest_set libarchive.so.13

# archive_counted CALLS CALLBACKS
archive_counted()
{
    awk -v calls="$1" -v callbacks="$2" '
        /^thunk: libarchive\.so\.13: [0-9]+ calls, [0-9]+ callbacks, / {
            found = $3 >= calls && $5 >= callbacks
        }
        END { exit !found }' thunked.err ||
        fail "fewer than $1 calls, $2 callbacks: $(cat thunked.err)"
}

archive_calls_check()
{
    for program in "$bin/archive_calls-x86_64" "$bin/archive_calls-$isa"; do
        [ -e "$program" ] || skip "$program was not built"
    done
    run 0 native "$bin/archive_calls-x86_64"
    thunked 0 thunked "$program"
    same native.out thunked.out
    archive_counted 1000 1000
}

tree_make()
{
    mkdir -p tree/folder/deeper tree/empty
    data tree/folder/data 500
    for i in 1 2 3 4 5 6 7 8 9; do
        seq $((i * 1000)) >"tree/folder/deeper/numbers $i"
    done
    ln tree/folder/data tree/folder/linked
    ln -s folder/data tree/symbolic
    : >tree/nothing
    : >tree/grüße
    chmod 600 tree/nothing
    touch -d '2020-02-02 02:02:02' tree/symbolic
    find tree -exec touch -h -d '2020-02-02 02:02:02' {} +
}

# A listing of what was extracted, but for what differs by nature.
tree_show()
{
    (cd "$1" && find . -mindepth 1 -printf '%p %m %s %l %T@ %n\n' | sort &&
        find . -type f | sort | xargs -d '\n' cksum)
}

# kind NAME OPTION...: an archive of that kind, made, listed and unpacked.
kind()
{
    suffix=$1
    shift
    run 0 native bsdtar -c "$@" -f "native.$suffix" tree
    thunked 0 thunked "$program" -c "$@" -f "thunked.$suffix" tree
    archive_counted 50 0
    same "native.$suffix" "thunked.$suffix"
    same native.out thunked.out
    run 0 native bsdtar -tvf "native.$suffix"
    thunked 0 thunked "$program" -tvf "native.$suffix"
    same native.out thunked.out
    rm -rf native.tree thunked.tree
    mkdir native.tree thunked.tree
    run 0 native bsdtar -xpf "native.$suffix" -C native.tree
    thunked 0 thunked "$program" -xpf "native.$suffix" -C thunked.tree
    archive_counted 50 0
    tree_show native.tree >native.shown
    tree_show thunked.tree >thunked.shown
    same native.shown thunked.shown
}

bsdtar_check()
{
    need bsdtar
    program bsdtar
    tree_make
    kind tar.gz -z --options 'gzip:!timestamp'
    if [ -n "$sysroot" ]; then
        kind zip --format zip --exclude 'numbers*'
        return
    fi
    kind tar.xz --format gnutar -J --numeric-owner
    kind tar --format ustar -s '/tree/other/'
    kind cpio --format newc --exclude linked
    kind zip --format zip --exclude 'numbers*'
    kind 7z --format 7zip
    kind mtree --format mtree --options '!all,type,size,md5,mode,link,time'

    # From a pipe, with a filter program, by pattern, and what is not there.
    for way in native thunked; do
        prefix=
        [ $way = native ] || prefix="$thunk_run --qemu $qemu"
        # shellcheck disable=SC2016,SC2086 # of the inner shell; words
        run 0 $way sh -c '"$@" -xOf - "tree/folder/deeper/*" <native.tar.gz' \
            - $prefix bsdtar
        # shellcheck disable=SC2086
        run 0 $way.filter $prefix bsdtar -cf $way.filtered \
            --use-compress-program 'gzip -n' tree
        # shellcheck disable=SC2086
        run 1 $way.missing $prefix bsdtar -xf native.zip missing
    done
    same native.out thunked.out
    same native.filtered thunked.filtered
    same native.missing.err thunked.missing.err
}

all_check()
{
    archive_calls_check
    bsdtar_check
}

case $case in
qemus_archive) for_qemus all_check ;;
*) "${what}_check" ;;
esac
