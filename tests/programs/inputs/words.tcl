# SPDX-License-Identifier: MIT
# Counts words and draws sums of them.
set file [open text]
foreach line [split [read $file] \n] {
    foreach word [split $line] {
        incr count($word)
    }
}
set sum 0
foreach word [lsort [array names count]] {
    set sum [expr {($sum * 31 + [string length $word] * $count($word)) % 1000003}]
    if {$count($word) > 2000} { puts "$word $count($word)" }
}
puts $sum
