# SPDX-License-Identifier: MIT
# DBD::SQLite: rows one by one.
use strict;
use warnings;
use DBI;
my $base = DBI->connect("dbi:SQLite:dbname=base.db", "", "", { RaiseError => 1, AutoCommit => 0 });
$base->do("CREATE TABLE record(id INTEGER PRIMARY KEY, name TEXT, price REAL, note TEXT)");
open my $file, "<", "records.csv" or die;
<$file>;
my $put = $base->prepare("INSERT INTO record VALUES(?, ?, ?, ?)");
while (<$file>) {
    chomp;
    $put->execute(split /,/, $_, 4);
}
$base->commit;
my $get = $base->prepare("SELECT name, price, note FROM record WHERE id % 3 = 1 ORDER BY note");
$get->execute;
my $sum = 0;
while (my ($name, $price, $note) = $get->fetchrow_array) {
    $sum += length($name) + $price + length $note;
}
printf "%.2f\n", $sum;
$get->finish;
$base->disconnect;
