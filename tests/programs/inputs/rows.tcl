# SPDX-License-Identifier: MIT
# Tcl's sqlite3: rows one by one, a function of Tcl's in SQL.
package require sqlite3
sqlite3 base base.db
base function turned {string reverse}
foreach line [split [read [open records.sql]] \n] { base eval $line }
set sum 0
base eval {SELECT id, turned(name) AS name, price FROM record} row {
    set sum [expr {$sum + $row(id) * [string length $row(name)] + int($row(price))}]
}
puts $sum
puts [base eval {SELECT name, count(*) FROM record GROUP BY name ORDER BY 2 DESC, 1 LIMIT 20}]
