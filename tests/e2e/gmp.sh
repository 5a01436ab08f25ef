#!/bin/sh
# SPDX-License-Identifier: MIT
# GMP: factor and expr, for each guest, python's gmpy2, whose MPC is the guest's
# own and calls the host's GMP and MPFR, and a program of our own.
# usage: gmp.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

gmp=libgmp.so.10

# More than two words, or they do without. With small factors: large ones take
# for ever.
factor_check()
{
    three 0 $gmp 500 factor 1890088864012820920624945912896241820901832787 \
        27000783009567063827251169583389741285397953 \
        1267650600228229401496703205375
    printf '%s\n' 011150576192076993386315710822400367520720310091197 \
        1766847064778384329583297500742918515827483896875618958121606201292619776 \
        >input
    three 0 $gmp 100 factor
    echo '12345678901234567890123456789012345678901234567890x' >input
    three 1 $gmp 0 factor
    rm input
}

# It has GMP allocate texts, and frees them with free().
expr_check()
{
    big=123456789012345678901234567890123456789012345678901234567890
    three 0 $gmp 3 expr $big '*' $big + 1
    three 0 $gmp 3 expr -$big / 987654321 % 1000000007
    three 0 $gmp 3 expr $big - $big '*' 2 '<' 5 '|' 1
    three 0 $gmp 1 expr $big '>=' 99 '&' 20 - $big
    three 1 $gmp 3 expr $big - $big
    three 2 $gmp 1 expr $big / 0
    three 0 $gmp 3 expr length '(' $big '*' $big '*' $big ')'
}

calls_check()
{
    echo '17 -18 19 20 21/22 2.5e1' >input
    own_four gmp_calls $gmp 200 0 'all back 1 0'
}

python_check()
{
    need "$python"
    "$python" -c 'import gmpy2' || skip "$python has no gmpy2"
    cat >numbers.py <<'PYTHON'
import gmpy2
from gmpy2 import mpz, mpq, mpfr, mpc

a = mpz(7) ** 500
b = mpz("123456789" * 20)
print(a * b, a // b, a % b, gmpy2.gcd(a * b, b), pow(b, a, mpz(10) ** 60 + 7))
print(gmpy2.next_prime(b), gmpy2.is_prime(mpz(2) ** 521 - 1), gmpy2.isqrt(b))
print(gmpy2.fac(300), gmpy2.fib(1000), gmpy2.invert(b, mpz(2) ** 89 - 1))
print(b.digits(36), hash(b), float(a >> 500), int(b) == b, b.bit_length(),
      gmpy2.popcount(a))
print(sum((mpq(1, n) for n in range(1, 200)), mpq(0)))
gmpy2.get_context().precision = 400
print(gmpy2.const_pi(), gmpy2.exp(mpfr(1)), gmpy2.gamma(mpfr("0.3")))
print(gmpy2.sqrt(mpc(-2, 3)), "{:.50f}".format(mpfr(2) ** 0.5))
state = gmpy2.random_state(42)
print([gmpy2.mpz_urandomb(state, 100) for _ in range(5)])
print(gmpy2.from_binary(gmpy2.to_binary(a)) == a, gmpy2.mpz_random(state, b))
for broken in (lambda: a / mpz(0), lambda: mpz("12x"), lambda: mpq(1, 0)):
    try:
        print(broken())
    except (ValueError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
PYTHON
    run 0 native "$python" numbers.py
    emulated 0 emulated "$guest_python" numbers.py
    thunked 0 thunked "$guest_python" numbers.py
    same_emulated native.out emulated.out
    same native.out thunked.out
    host_did thunked $gmp 1000
}

all_check()
{
    factor_check
    expr_check
    calls_check
}

guest_set $gmp
case $what in
qemus_gmp) for_qemus all_check ;;
*) "${what#gmp_}_check" ;;
esac
