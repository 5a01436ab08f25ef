<?php
// SPDX-License-Identifier: MIT
// Counts words, and hashes and packs the text in parts.
$words = [];
foreach (file("text") as $line) {
    foreach (preg_split('/\W+/', $line, -1, PREG_SPLIT_NO_EMPTY) as $word) {
        $words[$word] = ($words[$word] ?? 0) + 1;
    }
}
arsort($words);
ksort($words);
echo count($words), " ", md5(json_encode($words)), "\n";
foreach (str_split(file_get_contents("text"), 100000) as $part) {
    echo strlen(gzcompress($part, 6)), " ", hash("sha256", $part), "\n";
}
