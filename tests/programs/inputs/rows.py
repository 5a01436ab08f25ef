# SPDX-License-Identifier: MIT
"""A table of sqlite's: rows one by one, functions of Python's in SQL."""
import csv
import math
import sqlite3

base = sqlite3.connect("base.db")
base.create_function("curve", 1, lambda x: math.sqrt(x) * 3)
base.execute("CREATE TABLE record(id INTEGER PRIMARY KEY, name TEXT, price REAL, note TEXT)")
with open("records.csv", newline="") as file:
    base.executemany("INSERT INTO record VALUES(:id, :name, :price, :note)",
                     csv.DictReader(file))
base.execute("CREATE INDEX by_name ON record(name)")
base.commit()
for row in base.execute("SELECT name, count(*), sum(curve(price)) FROM record"
                        " GROUP BY name ORDER BY 2 DESC, 1 LIMIT 200"):
    print(*row)
total = 0
for turn in range(10):
    for number, name, price, note in base.execute("SELECT * FROM record"):
        total += number + len(name) + int(price) + len(note)
print(total)
for number in range(0, 12000, 3):
    base.execute("UPDATE record SET price = price + 1 WHERE id = ?", (number,))
base.commit()
print(base.execute("PRAGMA integrity_check").fetchall())
