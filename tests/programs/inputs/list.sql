-- SPDX-License-Identifier: MIT
.mode csv
CREATE INDEX by_name ON record(name);
SELECT name, count(*), sum(price), group_concat(substr(note, 1, 4)) FROM record GROUP BY name ORDER BY 2 DESC, 1 LIMIT 100;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT sum(i * i % 97) FROM n;
SELECT a.name, count(*) FROM record a JOIN record b ON a.name = b.name WHERE a.id < b.id GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10;
SELECT id, note FROM record WHERE note LIKE '%plen%stra%' ORDER BY note;
