#!/bin/sh
# SPDX-License-Identifier: MIT
# Compiles without a warning, and links what is a thunk.
# usage: compile.sh COMPILER ISA FOLDER HALF...
#
# FOLDER holds generated sources (HALF is guest or host) and, beside it, their
# headers; or it is runtime/ (HALF is a source in it). Sources for another ISA
# than this machine's see this machine's headers of libraries last.
set -eu

compiler=$1
isa=$2
folder=$3
shift 3
root=$(cd "$(dirname "$0")/../.." && pwd)
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wconversion -Werror"

command -v "$compiler" >/dev/null || {
    echo "skipped: no $compiler"
    exit 77
}
after=
if [ "$isa" != "$(uname -m)" ]; then
    after="-idirafter /usr/include
        -idirafter /usr/include/$(uname -m)-linux-gnu"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile OPTION...
compile()
{
    # shellcheck disable=SC2086 # both are lists of words
    "$compiler" -std=gnu11 -O2 -fPIC -fvisibility=hidden $warnings \
        -I"$root/runtime/include" -I"$root/runtime/arch/$isa" "$@" $after
}

status=0
for half in "$@"; do
    case $half in
    guest)
        # The version script has to fit, too.
        compile -I"$folder/.." -shared "$folder"/*-guest.c \
            -Wl,--version-script="$(echo "$folder"/*-guest.map)" \
            -o "$work/guest.so" || status=1
        ;;
    host)
        compile -I"$folder/.." -c "$folder"/*-host.c -o "$work/host.o" ||
            status=1
        ;;
    *)
        compile -D_GNU_SOURCE -I"$root/runtime/host" -I"$root/runtime/guest" \
            -I"$root/runtime/common" -c "$folder/$half" -o "$work/object.o" ||
            status=1
        ;;
    esac
done
exit "$status"
