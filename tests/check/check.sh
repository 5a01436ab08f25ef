#!/bin/sh
# SPDX-License-Identifier: MIT
# What `thunkgen check` tells. usage: check.sh CASE THUNKGEN CC
# A case that is a folder has api.h, spec.yml, library.c, perhaps second.c, which
# is a library that it needs, and, for each format, expected.FORMAT; TEST_UPDATE=1 in the environment commits these.
set -u

case=$1
thunkgen=$2
cc=$3
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../guests.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "$case: $*" >&2
    exit 1
}

# The expected files name the host's ISA.
[ "$(uname -m)" = x86_64 ] || {
    echo "skipped: the reports are of x86_64 hosts"
    exit 77
}

# start FOLDER: goes to a copy of it, with its library.
start()
{
    cp -r "$here/$1/." "$work"
    cd "$work" || exit 1
    ! grep -q '<stdio.h>' api.h || guests_need aarch64 riscv64
    map=
    [ ! -e library.map ] || map=-Wl,--version-script=library.map
    second=
    if [ -e second.c ]; then
        second=libsecond.so.1
        $cc -shared -fPIC -w -Wl,-soname,$second second.c -o $second ||
            fail "what its library needs does not build"
    fi
    # shellcheck disable=SC2016,SC2086 # the dynamic linker's; a word or none
    $cc -shared -fPIC -w -I. -Wl,-soname,libcase.so.1 $map library.c $second \
        -Wl,-rpath,'$ORIGIN' -o library.so || fail "its library does not build"
    files=$(find . | sort)
}

# check STATUS ARGUMENT...
check()
{
    expected=$1
    shift
    "$thunkgen" check -I. --header api.h --spec spec.yml --library library.so \
        --guest x86_64,aarch64,riscv64 "$@" >stdout 2>stderr
    status=$?
    [ "$status" = "$expected" ] ||
        fail "$*: exit status $status, not $expected: $(cat stdout stderr)"
}

# folder STATUS: the report of a folder, as text, JSON and HTML.
folder()
{
    start "$case"
    for format in text json html; do
        check "$1" --format=$format
        if [ "${TEST_UPDATE:-}" = 1 ]; then
            cp stdout "$here/$case/expected.$format"
        fi
        diff -u "$here/$case/expected.$format" stdout ||
            fail "look at it, then TEST_UPDATE=1 ctest -L check"
        case $format in
        text) [ ! -s stderr ] || fail "stderr: $(cat stderr)" ;;
        *) grep -E '(error|warning|note): ' expected.text | sed 's/^ *//' |
            sort >told
            sort stderr | diff told - || fail "stderr tells something else" ;;
        esac
    done
    rm -f stdout stderr told
    [ "$(find . | sort)" = "$files" ] || fail "something was written"
}

case_good()
{
    folder 0
}

case_keys()
{
    folder 0
}

# What the thunk exports and does not carry.
case_forward()
{
    folder 0
}

# What it has of libc's, as the library that it needs has.
case_state()
{
    folder 0
}

# has LINE / lacks PATTERN: the last report.
has()
{
    grep -qxF -- "$1" stdout || fail "no '$1' in: $(cat stdout)"
}

lacks()
{
    ! grep -q -- "$1" stdout || fail "'$1' in: $(cat stdout)"
}

# What the runtime sees to is not told.
case_settled()
{
    start state
    check 0
    lacks '^environ'
    lacks '^streams'
    # Where a library is not there, it may be the one that has what is lacking.
    rm libsecond.so.1
    check 0
    has "pulls in the host's libsecond.so.1 (not found)"
    lacks '^hooks'
    lacks '^undefined'
    has 'locale  (libcase.so.1: setlocale)'
    # Where there is nothing to tell, nothing is told.
    start good
    check 0
    lacks '^state'
    lacks '^pulls'
}

case_mixed()
{
    folder 1
}

case_broken()
{
    folder 1
}

# What a header that does not parse would declare is not left out quietly.
case_ended()
{
    folder 1
}

case_severity()
{
    start mixed
    # All that is refused there, but one; then that, too.
    check 1 -W data -W layout -W layout-spec -W undeclared -W version-old
    grep -q '1 error, 6 warnings$' stdout || fail "$(tail -n 1 stdout)"
    check 0 -W data -W layout -W layout-spec -W undeclared -W version-old -W variadic
    grep -q ' 6 refused; 0 errors, 7 warnings$' stdout ||
        fail "a warning changes the verdict: $(tail -n 1 stdout)"
    start good
    check 1 -E omitted
    check 0 -E omitted -W omitted # the last one counts
}

case_formats()
{
    python3 -c '' 2>/dev/null || {
        echo "skipped: no python3"
        exit 77
    }
    # A file's name may hold what JSON and HTML write otherwise.
    start mixed
    odd='a"b\<c>&é.yml'
    cp spec.yml "$odd"
    check 1 --format=json
    check 1 --format=json --spec "$odd"
    "$thunkgen" check -I. --header api.h --spec "$odd" --library library.so \
        --format=json >odd.json 2>/dev/null
    python3 - "$odd" <<'END' || fail "the JSON is not what it should be"
import json, sys
report = json.load(open("odd.json"))
assert report["spec"].encode("latin-1").decode() == sys.argv[1]
assert sum(report["totals"].values()) == len(report["symbols"]) > 0
names = {symbol["name"]: symbol["verdict"] for symbol in report["symbols"]}
for message in report["messages"]:
    if message["severity"] == "error":
        assert names[message["about"]] == "refused", message
        assert message["yaml"], message
END
    "$thunkgen" check -I. --header api.h --spec "$odd" --library library.so \
        --format=html >odd.html 2>/dev/null
    grep -q 'a&quot;b\\&lt;c&gt;&amp;é.yml' odd.html || fail "HTML: not escaped"
    rm library.map
    start state
    check 0 --format=html
    # Every element has its end.
    python3 - <<'END' || fail "the HTML is not well-formed"
import html.parser
class Page(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "input"):
            self.open.append(tag)
        assert not any(name in ("src", "href") for name, _ in attributes)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
for name in "odd.html", "stdout":
    page = Page()
    page.feed(open(name).read())
    assert page.open == [], page.open
END
}

case_usage()
{
    start good
    check 2 --format=yaml
    diff - stderr <<'END' || fail "another message"
thunkgen: --format: no 'yaml': choose text, json or html
thunkgen: try --help
END
    check 2 -W nonsense
    grep -q "no check 'nonsense'" stderr || fail "$(cat stderr)"
    check 2 -E ''
    for option in '-o out' '--depfile d' '--deptarget t' '--dump=plan'; do
        # shellcheck disable=SC2086 # words
        check 2 $option
        grep -q "is nothing for 'thunkgen check'" stderr || fail "$(cat stderr)"
    done
    for option in --format=json '-W data' '-E data'; do
        # shellcheck disable=SC2086
        "$thunkgen" -I. --header api.h --spec spec.yml $option 2>stderr &&
            fail "$option: not refused"
        grep -q "is only for 'thunkgen check'" stderr || fail "$(cat stderr)"
    done
    "$thunkgen" check --header api.h 2>stderr && fail "no spec, no error"
    "$thunkgen" check --help | grep -q 'thunkgen check' || fail "--help"
}

"case_$case"
