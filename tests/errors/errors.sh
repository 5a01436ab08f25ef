#!/bin/sh
# SPDX-License-Identifier: MIT
# One case of bad input: thunkgen has to say exactly what is in CASE/expected,
# end with status 1 and write nothing; with the files in CASE/silent in the place
# of those in CASE it has to say nothing and write.
# usage: errors.sh CASE THUNKGEN CC; TEST_UPDATE=1 in the environment commits.
#
# A case is a folder that the program runs in a copy of: api.h, spec.yml,
# library.c; prepare, a script, where the library is not built as usual;
# arguments, where they are not the usual ones.
set -u

case=$1
thunkgen=$2
CC=$3
export CC
. "$(dirname "$0")/../guests.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "$(basename "$case"): $*" >&2
    exit 1
}

# start FOLDER...: copies them one over the other, builds and runs there.
start()
{
    rm -rf "$work/copy"
    mkdir "$work/copy"
    for folder in "$@"; do
        cp -r "$folder/." "$work/copy"
    done
    cd "$work/copy" || exit 1
    if [ -e prepare ]; then
        sh -e ./prepare || fail "its library does not build"
    else
        $CC -shared -fPIC -w -I. -Wl,-soname,libcase.so.1 library.c \
            -o library.so || fail "its library does not build"
    fi
    arguments='-I. --header api.h --spec spec.yml --library library.so -o out'
    [ ! -e arguments ] || arguments=$(cat arguments)
    guests=$(echo "$arguments" | sed -n 's/.*--guest \([a-z0-9_,]*\).*/\1/p')
    # shellcheck disable=SC2046 # words
    ! grep -qs '<stdio.h>' api.h || guests_need $(echo "$guests" | tr , ' ')
    find . | sort >"$work/before"
    # shellcheck disable=SC2086 # words
    "$thunkgen" $arguments >"$work/stdout" 2>"$work/stderr"
    status=$?
    find . | sort >"$work/after"
}

start "$case"
[ "$status" = 1 ] ||
    fail "exit status $status, not 1: $(cat "$work/stdout" "$work/stderr")"
[ ! -s "$work/stdout" ] || fail "stdout is not empty: $(cat "$work/stdout")"
diff "$work/before" "$work/after" || fail "something was written"
if [ "${TEST_UPDATE:-}" = 1 ]; then
    cp "$work/stderr" "$case/expected"
fi
diff -u "$case/expected" "$work/stderr" ||
    fail "look at it, then TEST_UPDATE=1 ctest -L errors"

start "$case" "$case/silent"
[ "$status" = 0 ] || fail "silent/: exit status $status: $(cat "$work/stderr")"
[ ! -s "$work/stderr" ] || fail "silent/: $(cat "$work/stderr")"
! diff "$work/before" "$work/after" >/dev/null || fail "silent/: no output"
