#!/bin/sh
# SPDX-License-Identifier: MIT
# Every check of thunkgen is in the list of checks, which has no other, and has a
# case that it fires in; each message has the form
# "file:line:col: error: text [check]".
# usage: checks.sh THUNKGEN_SOURCES
set -eu
cd "$(dirname "$0")"

# The first text in a call is the check's name; there may be two to choose from.
checks=$(cat "$1"/*.c | tr -s '[:space:]' ' ' |
    grep -oE '(diag_(error|warning)|(planner|symbol)_refuse| doubt)\([^";]*"[a-z-]+"( : "[a-z-]+")?' |
    grep -oE '"[a-z-]+"' | tr -d '"' | sort -u)
[ "$(echo "$checks" | wc -l)" -gt 30 ]

status=0
for check in $checks; do
    # The machine would have to be another.
    [ "$check" != host ] || continue
    if ! grep -q "^    {\"$check\", " "$1/checks.c"; then
        echo "checks.c does not tell of [$check]"
        status=1
    fi
    if ! grep -q "\[$check\]\$" ./*/expected ../check/*/expected.text; then
        echo "no case of [$check]: add a folder with one"
        status=1
    fi
done
[ "$(echo "$checks" | wc -l)" = "$(grep -c '^    {"' "$1/checks.c")" ] || {
    echo "checks.c tells of checks that are none"
    status=1
}
form='^[^:]*:[0-9]+:[0-9]+: ((error|warning): .* \[[a-z-]+\]|note: .*)$'
# What can be put into the spec comes last, in another form.
if sed '/^thunkgen: this in the spec leaves out/,$d' -s ./*/expected |
    grep -vE "$form|^thunkgen: [0-9]+ errors?, nothing written\$"
then
    echo "the form is not file:line:col: error: text [check]"
    status=1
fi
exit "$status"
