\ SPDX-License-Identifier: MIT
\ Primes by a sieve, eight times.
1000000 constant size
create marks size allot
: sieve ( -- n )
  marks size 1 fill
  1000 2 do marks i + c@ if size i dup + do 0 marks i + c! j +loop then loop
  0 size 2 do marks i + c@ + loop ;
: all ( -- ) 8 0 do sieve . loop ;
all cr bye
