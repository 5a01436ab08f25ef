#!/bin/sh
# SPDX-License-Identifier: MIT
# zlib's own test programs, from Debian's source package, as guest programs.
# usage: source.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/thunkgen

# Fetches the source package, with apt's settings in a folder of its own, into
# the cache. The same version as the installed header's.
source_fetch()
{
    need apt-get dpkg-source dpkg-query gcc
    version=$(dpkg-query -W -f '${source:Upstream-Version}' zlib1g-dev) ||
        skip "zlib1g-dev is not installed"
    package=$cache/zlib-$version
    if [ ! -e "$package/test/example.c" ]; then
        mkdir -p "$cache" || skip "cannot write $cache"
        source_download
        # Two tests may do this at once: each in its own folder, then a rename.
        mv -T "$package.$$" "$package" 2>/dev/null || rm -rf "$package.$$"
    fi
}

source_download()
{
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    # shellcheck disable=SC2016 # apt's own $
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' |
        grep debian | grep -v security | head -n 1)
    release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    # shellcheck disable=SC2015 # both are wanted
    [ -n "$mirror" ] && [ -n "$release" ] || skip "no mirror of Debian is known"
    mkdir -p apt/lists/partial apt/cache/archives/partial
    echo "deb-src [signed-by=$key] $mirror $release main" >apt/sources.list
    set -- -o "Dir::Etc::SourceList=$work/apt/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/apt/lists" \
        -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root
    if ! timeout 100 apt-get "$@" update -qq >apt.log 2>&1 ||
        ! timeout 100 apt-get "$@" source -qq --download-only zlib \
            >>apt.log 2>&1; then
        skip "the source of zlib cannot be fetched: $(tail -n 1 apt.log)"
    fi
    dpkg-source --no-check -x zlib_*.dsc "$package.$$" >>apt.log 2>&1 ||
        fail "$(cat apt.log)"
}

# guest_build NAME: test/NAME.c, with the installed header and library.
guest_build()
{
    source_fetch
    gcc -O2 -D_LARGEFILE64_SOURCE=1 -o "$1" "$package/test/$1.c" -lz \
        2>gcc.log || fail "$(cat gcc.log)"
}

source_example_check()
{
    guest_build example
    for way in native emulated thunked; do
        mkdir $way
    done
    (cd native && run 0 native ../example) || exit 1
    (cd emulated && run 0 emulated "$qemu" ../example) || exit 1
    (cd thunked && thunked 0 thunked ../example) || exit 1
    grep -q 'inflate with dictionary: hello, hello!' native.out ||
        fail "example: $(cat native.out)"
    same native.out emulated.out
    same native.out thunked.out
    same native/foo.gz thunked/foo.gz
    counted thunked 100
}

source_minigzip_check()
{
    guest_build minigzip
    data data 4096
    for options in -1 -6 -9 '-h -3' '-f -r'; do
        # shellcheck disable=SC2086 # words
        ./minigzip $options -c data >native.gz || fail "native $options"
        # shellcheck disable=SC2086
        thunked 0 thunked ./minigzip $options -c data
        counted thunked 10
        same native.gz thunked.out
        thunked 0 back ./minigzip -d -c native.gz
        counted back 10
        same data back.out
        cp data copy
        # shellcheck disable=SC2086
        thunked 0 thunked ./minigzip $options copy
        [ ! -e copy ] || fail "copy is still there"
        same native.gz copy.gz
        thunked 0 thunked ./minigzip -d copy.gz
        same data copy
    done
    # Errors: what is said, and the exit status.
    echo 'no gzip data, which is copied' >bad.gz
    head -c 3000 native.gz >short.gz
    for file in short.gz missing.gz bad.gz; do
        ./minigzip -d -c $file >native.out 2>native.err </dev/null
        run $? thunked "$thunk_run" --qemu "$qemu" ./minigzip -d -c $file
        same native.out thunked.out
        sed 's,^[^ ]*minigzip: ,minigzip: ,' native.err >native.told
        sed 's,^[^ ]*minigzip: ,minigzip: ,' thunked.err >thunked.told
        same native.told thunked.told
    done
}

case $case in
source_example | source_minigzip) "${case}_check" ;;
*) fail "no such case" ;;
esac
