<?php
// SPDX-License-Identifier: MIT
// Reads XML by two ways of libxml2's, and fills a table of sqlite's.
$sum = 0;
foreach (simplexml_load_file("records.xml") as $record) {
    $sum += (float)$record["price"] * strlen((string)$record->name);
}
printf("%.2f\n", $sum);
$reader = XMLReader::open("records.xml");
$kinds = [];
while ($reader->read()) {
    $kinds[$reader->name] = ($kinds[$reader->name] ?? 0) + 1;
}
print_r($kinds);
$base = new SQLite3(":memory:");
$base->exec(file_get_contents("records.sql"));
$rows = $base->query("SELECT name, count(*), sum(price) FROM record GROUP BY name");
while ($row = $rows->fetchArray(SQLITE3_NUM)) {
    printf("%s %d %.2f\n", ...$row);
}
