#!/bin/sh
# SPDX-License-Identifier: MIT
# MPFR: gawk, which computes by it with --bignum, for each guest, and a program
# of our own. usage: mpfr.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

mpfr=libmpfr.so.6

# --bignum has integers of any size, which are GMP's, and numbers of any
# precision, by PREC and ROUNDMODE.
gawk_check()
{
    cat >numbers.awk <<'AWK'
BEGIN {
    print 2 ^ 500, 7 ^ 300 % 1000000007, 12345678901234567890 * 9876543210
    PREC = 300
    print 1 / 3, sqrt(2), exp(1), log(10), atan2(0, -1), sin(1), cos(1)
    printf "%.60f %.40e %.50g %d %i %x %o %c|%+.5f|%-30.10f|%030.10f\n",
        exp(1), 1 / 7, 2 ^ 0.5, 10 ^ 30, -10 ^ 30, 2 ^ 100, 2 ^ 70, 65,
        1 / 3, 2 / 3, 1 / 6
    for (i = split("N Z U D A", modes, " "); i > 0; i--) {
        ROUNDMODE = modes[i]
        printf "%s %.5f %.5f %g\n", modes[i], 1 / 3, -2 / 3, 1e400 / 3
    }
    PREC = "quad"
    print 0.1 + 0.2, 1e4000 / 1e3990, -log(0), int(-10 ^ 25 / 3), strtonum("0x" "ffffffffffffffffffff")
    print and(2 ^ 90 - 1, 2 ^ 80), or(2 ^ 70, 1), xor(2 ^ 65, 3), lshift(1, 100), rshift(2 ^ 100, 99), compl(0)
    srand(42); r = rand(); print r >= 0 && r < 1, srand()
    for (a = b = 1; length(a) < 60; n++) { t = a + b; a = b; b = t }
    print n, a, length(a)
    print substr("number", 2, 3), 10 % 3, -10 % 3, 5.5 % 2, 2 ** 10
}
{ sum += $1; product = product == "" ? $1 : product * $1 }
END { printf "%s %.30f %s\n", sum, sum / NR, product }
AWK
    printf '%s\n' 12345678901234567890123 0.1 -7e20 3 99999999999999999999 >input
    three 0 $mpfr 100 gawk --bignum -f numbers.awk input
    grep -q '2.718281828459045235360287471352662497757247093699959574966' \
        thunked.out || fail "$(cat thunked.out)"
    three 2 $mpfr 0 gawk --bignum 'BEGIN { exit 2 }'
}

calls_check()
{
    own_four mpfr_calls $mpfr 100 0 'given 1 all back 1'
}

all_check()
{
    gawk_check
    calls_check
}

guest_set $mpfr
case $what in
qemus_mpfr) for_qemus all_check ;;
*) "${what#mpfr_}_check" ;;
esac
