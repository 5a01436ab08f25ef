# SPDX-License-Identifier: MIT
# Counts words and pairs of letters.
use strict;
use warnings;
my (%words, %pairs);
while (my $line = <>) {
    for my $word ($line =~ /\w+/g) {
        $words{$word}++;
        $pairs{$1}++ while $word =~ /(?=(\w\w))/g;
    }
}
my @most = sort { $words{$b} <=> $words{$a} || $a cmp $b } keys %words;
print "$_ $words{$_}\n" for @most[0 .. 49];
print "$_ $pairs{$_}\n" for sort keys %pairs;
