# SPDX-License-Identifier: MIT
# XML::Parser, which is expat's callbacks into perl.
use strict;
use warnings;
use XML::Parser;
my (%count, $text);
$text = 0;
XML::Parser->new(Handlers => {
    Start => sub { $count{$_[1]}++ },
    Char => sub { $text += length $_[1] },
})->parsefile("records.xml");
print "$_ $count{$_}\n" for sort keys %count;
print "$text\n";
