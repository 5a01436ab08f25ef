#!/bin/sh
# SPDX-License-Identifier: MIT
# Generates the thunk of one case and compares it with what is committed.
# usage: golden.sh CASE THUNKGEN CC; TEST_UPDATE=1 in the environment commits.
#
# CASE is a folder: api.h, spec.yml, library.c (linked with library.map where
# there is one), options (more of thunkgen's), expected/.
set -eu

case=$1
thunkgen=$2
cc=$3

# The expected files name the host's ISA.
[ "$(uname -m)" = x86_64 ] || {
    echo "skipped: the goldens are for x86_64 hosts"
    exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$case"
soname=$(sed -n 's/^soname: //p' spec.yml)
options=
[ ! -e options ] || options=$(cat options)
link=
[ ! -e library.map ] || link=-Wl,--version-script=library.map

# shellcheck disable=SC2086 # $link and $options are words
$cc -shared -fPIC -w -Wl,-soname,"$soname" $link library.c -o "$work/$soname"
# shellcheck disable=SC2086
"$thunkgen" -I. $options --header api.h --spec spec.yml \
    --library "$work/$soname" -o "$work/actual"

if [ "${TEST_UPDATE:-}" = 1 ]; then
    rm -rf expected
    cp -r "$work/actual" expected
elif ! diff -ruN expected "$work/actual"; then
    echo "$case/expected differs: look at it, then TEST_UPDATE=1 ctest -L golden"
    exit 1
fi
