\\ SPDX-License-Identifier: MIT
\\ Factors, big powers, and an elliptic curve.
default(parisizemax, 500000000);
default(realprecision, 300);
print(factor(2^137 - 1));
print(factorint(10^45 + 7));
print(Pi * exp(1));
print(sum(k = 1, 200000, 1 / k^2 + 0.));
print(lift(Mod(3, 10^200 + 357)^(10^150)));
E = ellinit([0, -1, 1, -10, -20]);
print(ellap(E, nextprime(10^16)));
print(polisirreducible(x^30 + x + 3), " ", bnfinit(x^4 - 7 * x + 13).no);
quit
