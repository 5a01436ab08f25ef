#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: debs.sh BUILD_DIR
# Packs the build as Debian packages and as a tarball: what is in them, and what
# they say of themselves. tests/package/smoke installs them.
set -eu
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "package: $*" >&2
    exit 1
}

quietly()
{
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        fail "exit status $? from: $*"
    }
}

for program in cpack dpkg-deb readelf; do
    command -v $program >/dev/null || {
        echo "package: skipped: no $program"
        exit 77
    }
done
quietly cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/debs"
quietly cpack --config "$build/CPackConfig.cmake" -G TGZ -B "$work/tgz"
quietly cmake --install "$build" --strip --prefix "$work/prefix"
cd "$work"

# field PACKAGE FIELD
field()
{
    dpkg-deb -f "$work/debs/$1"_*.deb "$2"
}

# says PACKAGE FIELD TEXT
says()
{
    case ", $(field "$1" "$2")," in
    *", $3,"* | *", $3 ("*) ;;
    *) fail "$1: $2 is '$(field "$1" "$2")', without '$3'" ;;
    esac
}

# ---- What they say

version=$("$build/bin/thunk-run" --version)
version=${version#thunk-run }
full=$(field thunk-run Version)
case $full in
"$version-1~"?*) ;;
*) fail "thunk-run $version is packed as $full" ;;
esac
says thunk-run Depends libc6
says thunk-run Depends 'libmimalloc2.0 | libmimalloc3'
says thunk-run Recommends "thunk-packs (= $full)"
says thunk-packs Depends "thunk-run (= $full)"
says thunk-packs Recommends zlib1g
says thunkgen Depends "thunk-run (= $full)"
clang=$(readelf -d "$build/bin/thunkgen" |
    sed -n 's/.*\[libclang-\([0-9]*\)\.so.*/\1/p')
says thunkgen Depends "libclang1-$clang"
says thunkgen Depends "libclang-common-$clang-dev"

# ---- What is in them

packages='thunk-run thunk-packs thunkgen'
# Where there is one to pack.
[ ! -e prefix/lib/thunkgen/qemu ] || packages="$packages thunk-qemu"
for package in $packages; do
    dpkg-deb -x "debs/${package}"_*.deb "$package"
    # All that is a file, and nothing that a link leads to.
    bytes=$(find "$package" -type f -printf '%s\n' |
        awk '{ n += $1 } END { print n }')
    entries=$(find "$package" | wc -l)
    size=$(field "$package" Installed-Size)
    if [ "$size" -lt $((bytes / 1024)) ] ||
        [ "$size" -gt $((bytes / 1024 + entries)) ]; then
        fail "$package: Installed-Size $size for $bytes bytes"
    fi
    (cd "$package/usr" && find . ! -type d ! -path './share/lintian/*' \
        ! -path './share/doc/*' | sed 's/\.1\.gz$/.1/') >>files
done
(cd prefix && find . ! -type d ! -path './share/doc/*') | sort >wanted
sort files | diff wanted - >differ ||
    fail "installed (<) and packed (>) differ:" "$(cat differ)"
mkdir tarball
tar -xzf tgz/thunkgen-*.tar.gz -C tarball --strip-components=1
(cd prefix && find . ! -type d) | sort >wanted
(cd tarball && find . ! -type d) | sort | diff wanted - >differ ||
    fail "installed (<) and in the tarball (>) differ:" "$(cat differ)"
[ "$(tarball/bin/thunk-run --version)" = "thunk-run $version" ] ||
    fail "thunk-run of the tarball does not run"

# shellcheck disable=SC2086 # a word each
find $packages tarball -type f \( -name '*.so*' -o -path '*/bin/*' \) |
    while read -r file; do
        case $(head -c 4 "$file" | tail -c 3) in
        ELF)
            ! readelf -SW "$file" | grep -qE ' \.(symtab|debug_info) ' ||
                fail "$file is not stripped"
            ;;
        esac
    done

command -v lintian >/dev/null || {
    echo "package: packed; not looked at by lintian, as there is none"
    exit 77
}
quietly lintian --allow-root --fail-on error,warning debs/*.deb
echo "package: packed: $full"
