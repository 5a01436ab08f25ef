# SPDX-License-Identifier: MIT
# What bootstrap and make-packages share: they are in the project's folder, $title
# is how they name themselves, and $log has the output of the command at work.
#
# shellcheck shell=sh disable=SC2154

say()
{
    printf '%s: %s\n' "$title" "$*"
}

fail()
{
    say "error: $*" >&2
    exit 1
}

# watched WHAT COMMAND...: runs a command that takes its time, and shows that it
# goes on: by Ninja's steps, else a point every five seconds. Of its output only
# the end, if it fails.
watched()
{
    printf '%s: %s' "$title" "$1"
    shift
    begun=$(date +%s)
    "$@" >"$log" 2>&1 </dev/null &
    watched=$!
    told=
    while kill -0 "$watched" 2>/dev/null; do
        sleep 1
        seconds=$(($(date +%s) - begun))
        [ $((seconds % 5)) = 0 ] || continue
        step=$(tail -n 1 "$log" | sed -n 's/^\[\([0-9/]*\)\].*/\1/p')
        if [ -n "$step" ] && [ "$step" != "$told" ]; then
            printf ' %s' "$step"
        else
            printf .
        fi
        told=$step
    done
    status=0
    wait "$watched" || status=$?
    printf ' (%s s)\n' $(($(date +%s) - begun))
    [ "$status" = 0 ] || {
        tail -n 30 "$log" >&2
        fail "exit status $status from: $* (all of its output: $log)"
    }
}

# Prints those of the packages in $@ that are not installed.
packages_missing()
{
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" \
        2>/dev/null | sed -n 's/ installed$//p') || :
    for package in "$@"; do
        printf '%s\n' "$installed" | grep -qxF "$package" || echo "$package"
    done
}

# lists_fetch [sudo]: apt waits for others that install (DPkg::Lock::Timeout), but
# not for others that fetch the lists, as another clone may at the same time.
lists_fetch()
{
    for second in $(seq 600); do
        fetched=$("$@" apt-get -q update 2>&1) && return
        case $fetched in
        *"Could not get lock"*) sleep 1 ;;
        *) break ;;
        esac
    done
    printf '%s\n' "$fetched" "after $second tries"
    return 100
}

# Installs what is missing for the purposes in $@.
#
# shellcheck disable=SC2086 # $needed and $missing are one word a package
packages_install()
{
    needed=$(packaging/packages "$@")
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null
    then
        fail "only Debian's apt-get is known here. Install what these" \
            "packages of Debian 13 have, then run cmake --preset default" \
            "and cmake --build build:" $needed
    fi
    missing=$(packages_missing $needed | sort -u)
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            fail "neither root nor sudo; as root: apt-get install" $missing
        as_root=sudo
        sudo -v || fail "sudo refuses; as root: apt-get install" $missing
    fi
    say "packages to install:" $missing
    watched "fetching lists of packages" lists_fetch $as_root
    watched "installing $(echo $missing | wc -w) packages" $as_root \
        env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
        --no-install-recommends -o DPkg::Lock::Timeout=600 $missing
}
