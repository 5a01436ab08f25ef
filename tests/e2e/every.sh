#!/bin/sh
# SPDX-License-Identifier: MIT
# All of libz: its symbols, and a program that calls every function.
# usage: every.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

# The real library, as the dynamic linker finds it.
real_find()
{
    real=$(ldd "$bin/every" | sed -n 's/^.*libz\.so\.1 => \([^ ]*\) .*$/\1/p')
    [ -f "$real" ] || skip "there is no libz.so.1"
    need nm readelf
}

functions()
{
    nm -D --defined-only "$1" | sed -n 's/^[0-9a-f]* T \([^@]*\).*$/\1/p' |
        sort
}

every_check()
{
    real_find
    mkdir native emulated thunked
    (cd native && run 0 native "$bin/every") || exit 1
    (cd emulated && run 0 emulated "$qemu" "$bin/every") || exit 1
    (cd thunked && run 0 thunked env THUNK_LOG=debug "$thunk_run" \
        --qemu "$qemu" "$bin/every") || exit 1
    same native.out emulated.out
    # The first line is the version, which another host has of its own.
    [ -z "${THUNK_TEST_HOST:-}" ] || sed -i 1d native.out thunked.out
    same native.out thunked.out
    diff -r native thunked >diff.out || fail "files differ: $(cat diff.out)"
    counted thunked 500 100 20

    # None is missed: neither by the program nor by the thunk.
    functions "$real" >exported
    sed -n 's/^thunk: libz\.so\.1: \([a-zA-Z0-9_]*\): goes to the host$/\1/p' \
        thunked.err | sort >called
    [ "$(wc -l <exported)" -ge 80 ] || fail "exported: $(cat exported)"
    same exported called
}

# Names, kinds and versions of all that is exported.
exports()
{
    readelf -W --dyn-syms "$1" | awk '
        $7 != "UND" && $5 ~ /GLOBAL|WEAK/ && NF >= 8 && $1 ~ /:$/ {
            print $4, $5, $6, $8
        }' | sort
}

# Defined version nodes: flags, name, parents.
versions()
{
    readelf -W -V "$1" | awk '
        /^Version definition/ { on = 1; next }
        /^Version needs|^Version symbols/ { on = 0 }
        on && /Index:/ { sub(/.*Flags:/, "Flags:"); sub(/Index: [0-9]* +/, "")
                         print }
        on && /Parent/ { sub(/.*Parent [0-9]*:/, "  parent"); print }'
}

dynamic()
{
    readelf -W -d "$1" | sed -n 's/^.*(SONAME) *//p'
}

symbols_check()
{
    real_find
    for what in exports versions dynamic; do
        "$what" "$real" >"real.$what"
        "$what" "$gtl/libz.so.1" >"gtl.$what"
        [ -s "real.$what" ] || fail "no $what in $real"
        same "real.$what" "gtl.$what"
    done
    # It links only libc and the runtime, so it drags nothing into a program.
    needed=$(readelf -W -d "$gtl/libz.so.1" "$gtl/libthunk-guest.so" |
        sed -n 's/^.*(NEEDED).*\[\(.*\)\]$/\1/p' | sort -u | tr '\n' ' ')
    [ "$needed" = "libc.so.6 libthunk-guest.so " ] || fail "needed: $needed"
    # A stock binary binds all at once without a word.
    run 0 bind env LD_BIND_NOW=1 "LD_LIBRARY_PATH=$gtl" "$bin/nothing"
   [ ! -s bind.err ] || fail "$(cat bind.err)"
}

case $case in
every | symbols) "${case}_check" ;;
qemus_every) for_qemus every_check ;;
*) fail "no such case" ;;
esac
