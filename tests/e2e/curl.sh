#!/bin/sh
# SPDX-License-Identifier: MIT
# libcurl: curl itself, and a program of our own, for each guest, with a server of
# our own on the loopback interface.
# usage: curl.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

curl=libcurl.so.4

# The server, its $http and $https, and certificate.pem.
server_start()
{
    need "$python" /usr/bin/openssl
    openssl req -new -x509 -newkey rsa:2048 -nodes -keyout key.pem \
        -subj /CN=localhost -days 100 -addext subjectAltName=IP:127.0.0.1 \
        -out certificate.pem 2>openssl.err || fail "$(cat openssl.err)"
    mkfifo ports hold
    "$python" "$here/curl.py" certificate.pem key.pem <hold >ports \
        2>server.err &
    exec 3>hold # until this ends
    read -r plain secure <ports || fail "no server: $(cat server.err)"
    http=http://127.0.0.1:$plain
    https=https://127.0.0.1:$secure
}

# got STATUS CALLS [ARGUMENT]...: curl, natively and thunked: the same output,
# messages and files.
got()
{
    expected=$1
    calls=$2
    shift 2
    program curl
    for way in native thunked; do
        rm -rf "$way"
        mkdir "$way"
    done
    fed native sh -c 'cd native && exec curl "$@"' - "$@"
    rm -f stats
    # shellcheck disable=SC2016 # the inner shell's
    fed thunked env RUN="$thunk_run" PROGRAM="$program" STATS="$work/stats" \
        QEMU="$qemu" ROOT="$sysroot" sh -c 'cd thunked &&
        exec "$RUN" --qemu "$QEMU" --stats="$STATS" ${ROOT:+--sysroot "$ROOT"} \
            "$PROGRAM" "$@"' - "$@"
    same native.out thunked.out
    for way in native thunked; do
        sed 's/ after [0-9]* ms/ after N ms/' "$way.err" >"$way.said"
    done
    same native.said thunked.said
    diff -r native thunked >files.diff || fail "$(cat files.diff)"
    host_got stats $curl "$calls"
}

program_check()
{
    release_set
    server_start
    data input 3000
    summary='%{http_code} %{size_download} %{content_type} %{num_redirects}\n'
    got 0 20 -q -sS "$http/text" "$http/text?again"
    got 0 20 -q -sS -i -w "$summary" "$http/big"
    got 0 20 -q -sS --compressed "$http/big"
    got 0 20 -q -sS -I "$http/big"
    got 0 20 -q -sS -L -b '' -c - -H 'X-One: 1' "$http/redirect"
    got 22 20 -q -sS -f "$http/none"
    got 7 20 -q -sS http://127.0.0.1:1/
    got 0 20 -q -sS -T - "$http/echo"
    got 0 20 -q -sS --data-binary @../input "$http/echo"
    got 0 20 -q -sS -F text=plain -F 'file=@../certificate.pem;type=text/x' \
        -F from=@- "$http/parts"
    got 0 20 -q -sS -o '#1' -w "$summary" "$http/{text,big}"
    got 0 20 -q -sS --no-progress-meter -Z -o '#1' "$http/text[1-20]"
    got 0 20 -q -sS --cacert ../certificate.pem -w "$summary" "$https/big"
    got 60 20 -q -sS "$https/text"
    got 0 20 -q -sS -r 100-200 "file://$work/input"
    got 0 20 -q -sS --cacert ../certificate.pem --tlsv1.3 "$https/text"
    got 0 20 -q -sS -v "$http/text"
}

calls_check()
{
    program=$bin/curl_calls-$isa
    [ -x "$program" ] || skip "curl_calls-$isa was not built"
    [ -x "$bin/curl_calls-x86_64" ] || skip "curl_calls-x86_64 was not built"
    server_start
    run 0 native "$bin/curl_calls-x86_64" "$http" "$https" certificate.pem
    grep -q 'share: No error, 1' native.out || fail "$(cat native.out)"
    thunked 0 thunked "$program" "$http" "$https" certificate.pem
    same native.out thunked.out
    host_did thunked $curl 200 1000
    if [ -z "$sysroot" ]; then # the library of others is not there
        run 0 alone env THUNK_HOST_DIR="$work/none" "$thunk_run" \
            --qemu "$qemu" "$program" "$http" "$https" certificate.pem
        same native.out alone.out
    fi
}

# The program takes its time to start, so once here.
short_check()
{
    calls_check
    : >input
    got 0 20 -q -sS --no-progress-meter -Z -o '#1' --cacert ../certificate.pem \
        "$http/text[1-20]" "$https/big?1"
}

guest_set $curl
case $what in
qemus_curl) for_qemus short_check ;;
*) "${what#curl_}_check" ;;
esac
