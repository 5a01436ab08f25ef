# SPDX-License-Identifier: MIT
# Series with numbers of 300 bits: MPFR's short calls.
BEGIN {
    PREC = 300
    for (i = 1; i <= 60000; i++) {
        sum += (i % 2 ? 1 : -1) / (2 * i - 1)
        product = (product * 31 + i) % 1000000007
    }
    printf "%.60f %d\n", 4 * sum, product
    n = 1
    for (i = 1; i <= 900; i++) n *= i
    print length(n ""), n % 1000003
    for (i = 1; i < 3000; i++) total += exp(sin(i)) * log(i + 1)
    printf "%.60f\n", total
}
