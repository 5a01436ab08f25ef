#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: documented.sh SOURCE_DIR BIN_DIR
# What --help of a program tells is in its manual and completed by bash, and no
# option else.
set -eu
source=$1 bin=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "package: $*" >&2
    exit 1
}

# Options of one or two dashes, once each. '--' is none.
options()
{
    grep -oE -e '(^|[^a-zA-Z0-9-])(--[a-z][a-z0-9-]*|-[A-Za-z])([^a-zA-Z]|$)' |
        grep -oE -e '--?[A-Za-z][a-z0-9-]*' | sort -u
}

for program in thunkgen thunk-run thunk-qemu thunk-sysroot; do
    "$bin/$program" --help >"$work/help"
    options <"$work/help" >"$work/of-help"
    [ -s "$work/of-help" ] || fail "$program --help tells of no options"
    # The lines behind .TP, without roff's fonts and escapes.
    sed -n '/^\.TP/{n;p;}' "$source/docs/man/$program.1" |
        sed 's/\\f\(.\|(..\)//g; s/\\-/-/g; s/[",]/ /g' | options \
        >"$work/of-manual"
    diff "$work/of-help" "$work/of-manual" >"$work/diff" ||
        fail "$program: --help (<) and manual (>) differ:" "$(cat "$work/diff")"
done

# completes PROGRAM WORD...: what bash makes of the last word.
completes()
{
    PATH=$bin:$PATH bash -c '
        . /usr/share/bash-completion/bash_completion
        . "$0/packaging/completion/$1"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        "_${1//-/_}" 2>/dev/null
        printf "%s\n" "${COMPREPLY[@]}"' "$source" "$@" | sort | tr '\n' ' '
}

# completed EXPECTED PROGRAM WORD...
completed()
{
    expected=$1
    shift
    got=$(completes "$@")
    [ "$got" = "$expected " ] || fail "$*: '$got' for '$expected'"
}

[ -e /usr/share/bash-completion/bash_completion ] || {
    echo "package: manuals compared; completion not tried: no bash-completion"
    exit 77
}
touch "$work/script"
completed '--guest' thunk-run --gu
completed 'aarch64' thunk-run --guest aa
completed "$work/script" thunk-run --qemu "$work/scr"
completed "$work/script" thunk-run --guest aarch64 cat "$work/scr"
completed '--spec' thunkgen check --sp
completed 'html' thunkgen check --format h
completed 'riscv64' thunkgen --host r
completed '--sha256' thunk-qemu --sh
completed 'x86_64' thunk-qemu aarch64 x
completed '--suite' thunk-sysroot --su
completed 'arm64' thunk-sysroot --arch arm
echo "package: manuals and completion agree with --help"
