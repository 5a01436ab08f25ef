# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
#
# An X server of the test's own, for scripts that have sourced lib.sh.

server_stop()
{
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null
    server=
}

# server_start [OPTION...]: of Xvfb, on a display that is free.
server_start()
{
    need Xvfb
    mkfifo number
    Xvfb -displayfd 3 -screen 0 800x600x24 -noreset -nolisten tcp "$@" \
        3>number >xvfb.out 2>&1 &
    server=$!
    trap 'server_stop; rm -rf "$whole"' EXIT
    read -r number <number || fail "Xvfb does not start: $(cat xvfb.out)"
    rm number
    DISPLAY=:$number
    export DISPLAY
}
