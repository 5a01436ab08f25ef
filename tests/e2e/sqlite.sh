#!/bin/sh
# SPDX-License-Identifier: MIT
# sqlite3: its own shell, python's module, and a program that gives it whatever
# it takes to call back; natively and thunked, the same output.
# usage: sqlite.sh CASE THUNK_RUN BIN
. "$(dirname "$0")/lib.sh"

guest_set libsqlite3.so.0

# 1,000 statements and some of the shell's own.
script_make()
{
    awk 'BEGIN {
        srand(5)
        print "pragma synchronous = off;"
        print "create table t(a integer primary key, b text collate nocase,"
        print "    c real);"
        print "create index by_b on t(b);"
        for (i = 0; i < 500; i++) {
            printf "insert into t values(%d, '\''Name %d'\'', %f);\n", i,
                rand() * 1000, rand() * 1000
        }
        for (i = 0; i < 150; i++) {
            printf "update t set c = c * 2 where a = %d;\n", rand() * 500
            printf "delete from t where a = %d;\n", rand() * 500
        }
        for (i = 0; i < 190; i++) {
            printf "select a, b, printf('\''%%.3f'\'', c), hex(b) from t"
            printf " where b like '\''%%%d%%'\'' order by b desc limit 3;\n", i
        }
        print "explain query plan select * from t where b = 1;"
        print "select json_group_array(a) from t where a < 20;"
        print "with recursive n(i) as (select 1 union all select i + 1 from n"
        print "    where i < 9) select group_concat(i), sum(i) from n;"
        print "select count(*) over (order by b) from t limit 3;"
        print "select nope;"
        print ".schema\n.tables\n.mode column\nselect count(*), avg(c) from t;"
        print ".mode quote\nselect * from t limit 4;\n.mode insert"
        print "select b, zeroblob(3), null, 1.5 from t limit 4;\n.mode list"
        print "begin; delete from t where a < 50; rollback;"
        print "pragma integrity_check; vacuum;\n.dump\n.fullschema"
        print ".read missing\n.import missing t"
    }'
}

shell_check()
{
    need /usr/bin/sqlite3
    release_set
    program sqlite3
    script_make >script.sql
    [ "$(grep -c ';$' script.sql)" -ge 1000 ] || fail "too few statements"
    run 1 native sh -c 'exec sqlite3 native.db <script.sql'
    run 1 thunked sh -c 'THUNK_LOG=info exec "$@" <script.sql' - \
        "$thunk_run" --qemu "$qemu" ${sysroot:+--sysroot "$sysroot"} \
        "$program" thunked.db
    same native.out thunked.out
    same native.db thunked.db
    grep -v '^thunk\(-run\)\{0,1\}: ' thunked.err >thunked.said
    same native.err thunked.said
    host_did thunked libsqlite3.so.0 5000 5
}

calls_check()
{
    [ -e "$bin/sqlite_calls" ] || skip "sqlite_calls was not built"
    for way in native thunked; do
        mkdir -p $way.files
    done
    run 0 native sh -c 'cd native.files && exec "$0"' "$bin/sqlite_calls"
    run 0 thunked env THUNK_LOG=info sh -c 'cd thunked.files && exec "$@"' - \
        "$thunk_run" --qemu "$qemu" "$bin/sqlite_calls"
    same native.out thunked.out
    same native.files/plain.db thunked.files/plain.db
    host_did thunked libsqlite3.so.0 2000 8000
}

python_check()
{
    need "$python"
    "$python" -c 'import sqlite3' 2>/dev/null || skip "no sqlite3 in $python"
    cat >base.py <<'PYTHON'
import sqlite3
print(sqlite3.sqlite_version, sqlite3.threadsafety)
db = sqlite3.connect(":memory:")
class Median:
    def __init__(self): self.values = []
    def step(self, value): self.values.append(value)
    def finalize(self): return sorted(self.values)[len(self.values) // 2]
def bad(x):
    raise ValueError(x)
db.create_function("twice", 1, lambda x: x * 2, deterministic=True)
db.create_function("bad", 1, bad)
db.create_aggregate("median", 1, Median)
db.create_collation("backwards", lambda a, b: (a < b) - (a > b))
said = []
db.set_trace_callback(said.append)
db.set_authorizer(lambda *what: sqlite3.SQLITE_OK)
db.execute("create table t(a, b)")
with db:
    db.executemany("insert into t values(?, ?)",
                   ((i, "b%d" % i) for i in range(1000)))
print(db.execute("select twice(a), b from t order by b collate backwards "
                 "limit 5").fetchall())
print(db.execute("select median(a), sum(a) from t").fetchone())
try:
    db.execute("select bad(a) from t")
except sqlite3.OperationalError as error:
    print(error)
db.set_progress_handler(lambda: 1, 10)
try:
    db.execute("select count(*) from t, t as u").fetchone()
except sqlite3.OperationalError as error:
    print(error)
db.set_progress_handler(None, 0)
copy = sqlite3.connect("copy.db")
db.backup(copy, pages=3, progress=lambda *left: said.append(left))
print(copy.execute("select count(*) from t").fetchone(), len(said), said[:3])
print("\n".join(list(db.iterdump())[:5]))
PYTHON
    run 0 native "$python" base.py
    rm copy.db
    thunked 0 thunked "$guest_python" base.py
    same native.out thunked.out
    host_did thunked libsqlite3.so.0 5000 3000
}

all_check()
{
    shell_check
    calls_check
    rm -f ./*.db
    python_check
}

case $what in
qemus_sqlite) for_qemus all_check ;;
*) "${what#sqlite_}_check" ;;
esac
