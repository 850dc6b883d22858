#!/usr/bin/env python3
"""Recomputes every count, base, asked and percentage of a year from `responses` and
`memberships` with DuckDB, and holds the store's `distributions` to them.

usage: recount.py STORE YEAR NETS.toml"""
import sys
import tomllib
from decimal import ROUND_HALF_UP, Decimal

import duckdb

store, year, nets_file = sys.argv[1:4]
db = duckdb.connect()
for table in ("responses", "memberships", "distributions"):
    db.execute(
        f"create view {table} as select * from read_parquet('{store}/{table}/*/*.parquet', hive_partitioning = true) "
        f"where fiscal_year = {int(year)}"
    )
with open(nets_file, "rb") as file:
    nets = tomllib.load(file)["net"]
db.execute("create table nets (question varchar, net varchar, option varchar)")
for net in nets:
    for option in net["options"]:
        db.execute("insert into nets values (?, ?, ?)", [net["question"], net["id"], option])

# A membership of a divided sector counts in its sub-sector and in the whole.
db.execute(
    """create view scopes as
       select institution, sector, '' as subsector from memberships
       union all select institution, sector, subsector from memberships where subsector <> ''"""
)
db.execute(
    """create view bases as
       select sector, subsector, question, item,
              count(distinct institution) filter (where state = 'answered') as base,
              count(distinct institution) filter (where state <> 'not_asked') as asked
       from responses join scopes using (institution) group by all"""
)
db.execute(
    """create view chosen as
       select sector, subsector, question, item, 'option' as kind, option, count(distinct institution) as n
       from responses join scopes using (institution) where state = 'answered' and option <> '' group by all
       union all
       select sector, subsector, question, item, 'net', net, count(distinct institution)
       from responses join scopes using (institution) join nets using (question, option)
       where state = 'answered' group by all"""
)
lines = db.execute(
    """select d.*, coalesce(b.base, 0) as base_again, coalesce(b.asked, 0) as asked_again,
              coalesce(c.n, 0) as count_again
       from distributions d
       left join bases b using (sector, subsector, question, item)
       left join chosen c using (sector, subsector, question, item, kind, option)"""
)
names = [column[0] for column in lines.description]
agreed, wrong = 0, []
for values in lines.fetchall():
    row = dict(zip(names, values))
    percent = None
    if row["base_again"]:
        share = Decimal(100) * row["count_again"] / row["base_again"]
        percent = str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))
    expected = (row["count_again"], row["base_again"], row["asked_again"], row["asked_again"] - row["base_again"], percent)
    stored = (row["count"], row["base"], row["asked"], row["nonresponse"], row["percent"])
    if stored == expected:
        agreed += 1
    else:
        wrong.append((row, stored, expected))
# Nothing that was answered may be missing from the distributions: a sector that was asked a
# question and has an answer to an option has a line for it.
missing = db.execute(
    """select c.* from chosen c
       join (select distinct sector, question from distributions) using (sector, question)
       left join distributions d using (sector, subsector, question, item, kind, option) where d.count is null"""
).fetchall()
for row in wrong[:20] + missing[:20]:
    print(row)
print(f"{agreed} lines agree")
sys.exit(bool(wrong or missing))
