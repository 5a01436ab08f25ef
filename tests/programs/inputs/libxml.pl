# SPDX-License-Identifier: MIT
# XML::LibXML: a tree and XPath.
use strict;
use warnings;
use XML::LibXML;
my $tree = XML::LibXML->load_xml(location => "records.xml");
my $sum = 0;
for my $record ($tree->findnodes("//record")) {
    $sum += $record->getAttribute("price") * length $record->findvalue("name");
}
printf "%.2f\n", $sum;
print length $tree->toString(1), "\n";
