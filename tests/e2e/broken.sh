#!/bin/sh
# SPDX-License-Identifier: MIT
# What is missing or does not fit is told by name, with the cure; the program
# then works with the guest's own libz.
# usage: broken.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

own="thunk: libz.so.1: calls go to the guest's own, /"

# thunks_copy: all that is below lib/thunkgen, to be damaged.
thunks_copy()
{
    mkdir -p broken/guest
    cp -r "$thunks/host" broken/host
    cp -r "$gtl" broken/guest/x86_64
    htl=$work/broken/host/libz-htl.so
    # As the GTL writes it.
    htl_told=$work/broken/guest/x86_64/../../host/libz-htl.so
}

# told COUNT TEXT...: a program works with the broken thunks, keeps its exit
# status, and its stderr has each TEXT once and COUNT lines in all.
told()
{
    count=$1
    shift
    # Last, children of a threaded program: each may be the first to find out.
    for mode in 3:status 0:threads 0:fork; do
        run "${mode%:*}" broken \
            "$thunk_run" --qemu "$qemu" --thunks broken "$bin/stress" \
            "${mode#*:}"
        [ "$mode" != 0:fork ] || break
        for text; do
            said broken 1 "$text"
        done
        said broken 1 "$own"
        [ "$(wc -l <broken.err)" = "$count" ] ||
            fail "${mode#*:}: not $count lines: $(cat broken.err)"
    done
    mkdir native broken_files
    (cd native && run 0 native "$bin/every") || exit 1
    (cd broken_files && run 0 broken "$thunk_run" --qemu "$qemu" \
        --thunks ../broken "$bin/every") || exit 1
    same native.out broken.out
}

no_htl_check()
{
    thunks_copy
    rm "$htl"
    told 2 "no host thunk library: $htl_told: cannot open shared object file"
    said broken 1 '(build it with thunkgen_add_library, or set THUNK_HOST_DIR'
    run 3 broken env THUNK_HOST_DIR=/nowhere "$thunk_run" --qemu "$qemu" \
        "$bin/stress" status
    said broken 1 'no host thunk library: /nowhere/libz-htl.so: cannot open'
    # And the cure works.
    run 3 cured env THUNK_LOG=info "THUNK_HOST_DIR=$thunks/host" \
        "$thunk_run" --qemu "$qemu" --thunks broken "$bin/stress" status
    counted cured 6
}

# An HTL whose library has a soname that no library has.
no_host_library_check()
{
    thunks_copy
    cp "$htl" original
    sed 's/libz\.so\.1/libq.so.1/g' original >"$htl"
    ! cmp -s original "$htl" || fail "the HTL has no soname in it"
    told 2 'no such library on the host: libq.so.1: cannot open shared object'
    said broken 1 '(install it there)'
}

no_elf_check()
{
    thunks_copy
    echo 'This is a text file, long enough for an ELF header to fit.' >"$htl"
    told 2 "no host thunk library: $htl_told: "
    : >"$htl"
    run 3 broken "$thunk_run" --qemu "$qemu" --thunks broken "$bin/stress" \
        status
    said broken 1 "no host thunk library: $htl_told: file too short"
    rm "$htl" && mkdir "$htl"
    run 3 broken "$thunk_run" --qemu "$qemu" --thunks broken "$bin/stress" \
        status
    said broken 1 "no host thunk library: $htl_told: "
}

# A library, but not one of ours; and one of ours for another ISA.
no_table_check()
{
    thunks_copy
    cp "$thunks/host/libthunk-host.so" "$htl"
    told 2 "$htl_told is no host thunk library: " 'undefined symbol: thunk_table'
    for isa in aarch64 riscv64; do
        [ -e "$thunks/guest/$isa/libthunk-guest.so" ] || continue
        cp "$thunks/guest/$isa/libthunk-guest.so" "$htl"
        run 3 broken "$thunk_run" --qemu "$qemu" --thunks broken \
            "$bin/stress" status
        said broken 1 "no host thunk library: $htl_told: "
    done
}

# table_patch OFFSET: flips a byte of the HTL's table.
table_patch()
{
    need "$python" readelf
    address=$(readelf -W --dyn-syms "$htl" |
        awk '$8 == "thunk_table" { print $2 }')
    [ -n "$address" ] || fail "no thunk_table in $htl"
    readelf -W -l "$htl" | awk '$1 == "LOAD" { print $2, $3, $5 }' |
        "$python" -c '
import sys
address = int(sys.argv[1], 16)
with open(sys.argv[2], "r+b") as file:
    for line in sys.stdin:
        offset, start, size = (int(word, 16) for word in line.split())
        if start <= address < start + size:
            file.seek(address - start + offset + int(sys.argv[3]))
            byte = file.read(1)[0]
            file.seek(-1, 1)
            file.write(bytes([byte ^ 255]))
' "$address" "$htl" "$1" || fail "cannot patch $htl"
}

other_hash_check()
{
    thunks_copy
    table_patch 8
    told 2 "$htl_told is of another generation than the guest thunk (hash " \
        'generate and build both anew'
    # One function more is another generation too.
    table_patch 8
    table_patch 4
    run 3 broken "$thunk_run" --qemu "$qemu" --thunks broken "$bin/stress" \
        status
    said broken 1 "$htl_told is of another generation than the guest thunk"
}

other_abi_check()
{
    thunks_copy
    table_patch 0
    version=$(sed -n 's/^#define THUNK_ABI //p' \
        "$here/../../runtime/include/thunk/frame.h")
    told 2 "$htl_told is for version $((255 - version)) of the runtime, the guest thunk for" \
        'generate and build both anew'
}

# QEMU with a file that is no plugin, and none at all. Without a plugin nothing
# is broken: that is fallback.sh.
no_plugin_check()
{
    run 127 none "$thunk_run" --qemu "$qemu" --plugin /nowhere.so "$bin/stress"
    said none 1 '/nowhere.so: No such file'
    said none 1 'build or install the plugin libdlcall.so'
    echo text >text.so
    run 1 text "$thunk_run" --qemu "$qemu" --plugin text.so "$bin/stress" status
    said text 1 text.so
}

# Guest addresses are not host addresses.
shifted_check()
{
    run 3 shifted "$qemu" -B 0x10000 -plugin "$thunks/libdlcall.so" \
        -E "LD_LIBRARY_PATH=$gtl" "$bin/stress" status
    said shifted 1 "the guest's memory is shifted by 0x10000; run QEMU without"
    mkdir native shifted
    (cd native && run 0 native "$bin/every") || exit 1
    (cd shifted && run 0 shifted env QEMU_GUEST_BASE=0x10000 THUNK_LOG=info \
        "$thunk_run" --qemu "$qemu" "$bin/every") || exit 1
    said shifted 1 "the guest's memory is shifted by 0x10000; run QEMU without"
    said shifted 0 'thunk: '
    same native.out shifted.out
}

case $case in
no_htl | no_host_library | no_elf | no_table | other_hash | other_abi | \
    no_plugin | shifted) "${case}_check" ;;
*) fail "no such case" ;;
esac
