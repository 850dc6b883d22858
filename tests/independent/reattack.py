#!/usr/bin/env python3
"""Attacks the released distributions with another solver: what an outsider can compute of every withheld count
and of every band. Who is given feedback knows what is public as well.

The relations are written down anew, in floating-point linear programs (HiGHS): options and their base, nets
and their options, answers that exclude all others, gates and the next base, sub-sectors and their sector. How
many gave no answer behind a gate is taken to be known. Every interval has to hold the true count and to be as
wide as the policy says, or as the base allows. Then every respondent attacks each question by itself with the own
answer to it, by all that is printed. Members that two sectors have in common, what a respondent knows of several
questions at once, and coalitions are not tried.

usage: reattack.py REPORTS_OF_A_YEAR PIPELINES STORE"""
import csv
import sys
import tomllib
from math import ceil, floor
from pathlib import Path

import duckdb
import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack
from scipy.sparse.csgraph import connected_components

reports, pipelines, store = map(Path, sys.argv[1:4])
load = lambda name: tomllib.loads((pipelines / name).read_text(encoding="utf-8"))
read = lambda path: list(csv.DictReader(open(path, encoding="utf-8-sig")))
questions = {one["id"]: one for one in load("questions.toml")["question"]}
nets = {(one["question"], one["id"]): one["options"] for one in load("nets.toml")["net"]}
policies = load("disclosure.toml")
group_of = lambda row: (row["sector"], row["subsector"], row["question"], row["item"])
true = {(*group_of(row), row["option"]): row for row in read(reports / "internal/distributions.csv")}

fiscal_year = next(iter(true.values()))["fiscal_year"]
table = lambda name: f"read_parquet('{store}/{name}/fiscal_year={fiscal_year}/*.parquet')"
answered = f"""
    SELECT m.sector, m.subsector, r.question, r.item, r.institution, list(DISTINCT r.option) AS chosen
    FROM {table("responses")} AS r JOIN {table("memberships")} AS m USING (institution)
    WHERE r.state = 'answered' AND r.option <> '' GROUP BY ALL"""
# The different answers that there are to a question, by the sub-sector and the sector of who gave them.
own_answers = {}
for sector, subsector, question, item, _, chosen in duckdb.sql(answered).fetchall():
    own_answers.setdefault((sector, subsector, question, item), set()).add(frozenset(chosen))


def attack(circle, files):
    """Whether every interval of a circle is as wide as its policy says."""
    limits = policies[circle]

    def is_sensitive(count, base):
        few = lambda number: 0 < number < limits["minimum_count"]["value"]
        is_group = count in (0, base) and base < limits["zero_and_all_from"]["value"]
        return base < limits["minimum_base"]["value"] or few(count) or few(base - count) or is_group

    variables, lowest, highest = {}, [], []

    def variable(key):
        """The variable of a cell; the option of a base is None."""
        if key not in variables:
            variables[key] = len(variables)
            lowest.append(0)
            highest.append(100_000)
        return variables[key]

    def counts(band, base):
        """The lowest and the highest count of a band on a base; the upper limit only belongs to it where it is 100."""
        return -(-band[0] * base // 100), base if band[1] == 100 else -(-band[1] * base // 100) - 1

    def limit(key, least, most):
        at = variable(key)
        lowest[at], highest[at] = max(lowest[at], least), min(highest[at], most)

    groups, equal, at_most, bands = {}, [], [], {}
    for row in [row for file in files for row in read(file)]:
        group = group_of(row)
        groups.setdefault(group, {})[row["option"]] = row
        cell, base = variable((*group, row["option"])), variable((*group, None))
        for key, printed in (((*group, row["option"]), row["count"]), ((*group, None), row["base"])):
            if printed:
                limit(key, int(printed), int(printed))
        if "～" in row["percent"]:
            band = bands[(*group, row["option"])] = tuple(map(int, row["percent"].split("～")))
            if row["base"]:
                limit((*group, row["option"]), *counts(band, int(row["base"])))
            else:
                # There are no bands on other bases.
                limit((*group, None), max(1, limits["minimum_base"]["value"]), limits["bands_below"]["value"] - 1)
                at_most.append(([(base, band[0]), (cell, -100)], 0))
                if band[1] < 100:
                    at_most.append(([(cell, 100), (base, -band[1])], -1))

    within = {}
    for group, rows in groups.items():
        rows = list(rows.values())
        first = len(at_most)
        question, base = questions[group[2]], variable((*group, None))
        cell = lambda option: variable((*group, option))
        is_single = question["kind"].endswith("single")
        alone = [option["id"] for option in question["options"] if option.get("exclusive")]
        options = [row["option"] for row in rows if row["kind"] == "option"]
        if is_single:
            equal.append(([(cell(option), 1) for option in options] + [(base, -1)], 0))
        else:
            at_most.append(([(cell(option), -1) for option in options] + [(base, 1)], 0))
            for option in options:
                others = [(cell(one), 1) for one in alone if option not in alone]
                at_most.append(([(cell(option), 1), *others, (base, -1)], 0))
        for row in rows:
            at_most.append(([(cell(row["option"]), 1), (base, -1)], 0))
            if row["kind"] != "net":
                continue
            union, members = cell(row["option"]), nets[group[2], row["option"]]
            if is_single:
                equal.append(([(cell(option), 1) for option in members] + [(union, -1)], 0))
            else:
                at_most.append(([(union, 1)] + [(cell(option), -1) for option in members], 0))
                at_most.extend(([(cell(option), 1), (union, -1)], 0) for option in members)
        within[group] = range(first, len(at_most))
        gate = question.get("asked_if")
        if gate:
            deciding = (group[0], group[1], gate["question"], "")
            opening = [option.replace("{item}", group[3]) for option in gate["any_of"]]
            if questions[gate["question"]]["kind"].endswith("single") or len(opening) == 1:
                passed = sum(int(true[*deciding, option]["count"]) for option in opening)
                silent = passed - int(true[*group, rows[0]["option"]]["base"])
                terms = [(variable((*deciding, option)), 1) for option in opening]
                equal.append((terms + [(base, -1)], silent))

    wholes = {}
    for key in list(variables):
        if key[1]:
            wholes.setdefault((key[0], "", *key[2:]), []).append(variables[key])
    for whole, parts in wholes.items():
        equal.append(([(part, 1) for part in parts] + [(variables[whole], -1)], 0))

    def matrix(rows):
        entries = [(factor, number, at) for number, (terms, _) in enumerate(rows) for at, factor in terms]
        factors, numbers, columns = zip(*entries)
        shape = (len(rows), len(variables))
        return coo_matrix((factors, (numbers, columns)), shape=shape).tocsr(), numpy.array([one for _, one in rows])

    (exact, exact_constants), (loose, loose_constants) = matrix(equal), matrix(at_most)
    low, high = numpy.array(lowest), numpy.array(highest)
    unknown = numpy.flatnonzero(low < high)
    known = numpy.where(low == high, low, 0)
    together = abs(vstack([exact, loose]).tocsr()[:, unknown])
    _, part_of = connected_components(together.T @ together)
    names = {at: key for key, at in variables.items()}
    withheld, tried, narrowest, wrong = 0, 0, None, []
    for part in range(part_of.max() + 1 if len(unknown) else 0):
        cells = unknown[part_of == part]

        def rows_of(rows, constants):
            touched = numpy.unique(rows[:, cells].nonzero()[0])
            left = constants[touched] - rows[touched] @ known
            return (rows[touched][:, cells], left) if len(touched) else (None, None)

        (a_eq, b_eq), (a_ub, b_ub) = rows_of(exact, exact_constants), rows_of(loose, loose_constants)
        bounds = list(zip(low[cells], high[cells]))
        for place, cell in enumerate(cells):
            key = names[cell]
            if key[-1] is None:
                continue
            ends = []
            for sign in (1, -1):
                costs = numpy.zeros(len(cells))
                costs[place] = sign
                found = linprog(costs, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=bounds, method="highs")
                ends.append(sign * found.fun if found.status == 0 else None)
            if None in ends:
                wrong.append(f"{key}: no table agrees with what is printed")
                continue
            # Counts are whole.
            least, most = ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)
            count, base = int(true[key]["count"]), int(true[key]["base"])
            withheld += 1
            narrowest = min(most - least, narrowest if narrowest is not None else most - least)
            if not least <= count <= most:
                wrong.append(f"{key} is {count}, outside of {least} to {most}")
            # A band that is there for itself keeps what it leaves open.
            open_by_band = base
            if key in bands and not is_sensitive(count, base):
                open_by_band = counts(bands[key], base)[1] - counts(bands[key], base)[0]
            if most - least < min(limits["narrowest_interval"]["value"], open_by_band):
                wrong.append(f"{key} is {least} to {most}, of {base}")
        # Own answers: what holds of all respondents to the question holds of the others alone, in the sub-sector
        # and in the sector.
        place_of = {cell: place for place, cell in enumerate(cells)}
        here = {names[cell][:-1] for cell in cells if names[cell][-1] is not None}
        for sector, subsector, *asked in sorted(own_answers) if limits["coalition"]["value"] else []:
            groups_of = [one for one in {(sector, subsector, *asked), (sector, "", *asked)} if one in here]
            if not groups_of:
                continue
            for chosen in sorted(own_answers[(sector, subsector, *asked)], key=sorted):
                own_low, closer, own = low.copy(), [], {}
                for group in groups_of:
                    own[variables[(*group, None)]] = 1
                    for option in groups[group]:
                        is_counted = bool(chosen & set(nets.get((group[2], option), [option])))
                        own[variables[(*group, option)]] = int(is_counted)
                for at, count in own.items():
                    own_low[at] = max(own_low[at], count)
                for number in [number for group in groups_of for number in within[group]]:
                    terms, constant = at_most[number]
                    left = constant + sum(factor * own[at] for at, factor in terms)
                    if left < constant:
                        left -= sum(factor * known[at] for at, factor in terms if at not in place_of)
                        closer.append(([(place_of[at], factor) for at, factor in terms if at in place_of], left))
                more, left, closer = a_ub, b_ub, [row for row in closer if row[0]]
                if closer:
                    entries = [(factor, number, at) for number, (terms, _) in enumerate(closer) for at, factor in terms]
                    factors, numbers, columns = zip(*entries)
                    rows = coo_matrix((factors, (numbers, columns)), shape=(len(closer), len(cells))).tocsr()
                    more = rows if a_ub is None else vstack([a_ub, rows]).tocsr()
                    left = numpy.concatenate([[] if b_ub is None else b_ub, [left for _, left in closer]])
                bounds = list(zip(own_low[cells], high[cells]))
                for place, cell in enumerate(cells):
                    key = names[cell]
                    if key[-1] is None or key[:-1] not in groups_of:
                        continue
                    count, base = int(true[key]["count"]), int(true[key]["base"])
                    needed = min(limits["coalition_interval"]["value"], base - 1)
                    if key in bands and not is_sensitive(count, base):
                        needed = min(needed, counts(bands[key], base)[1] - counts(bands[key], base)[0])
                    ends = []
                    for sign in (1, -1):
                        costs = numpy.zeros(len(cells))
                        costs[place] = sign
                        found = linprog(costs, A_ub=more, b_ub=left, A_eq=a_eq, b_eq=b_eq, bounds=bounds, method="highs")
                        ends.append(sign * found.fun if found.status == 0 else None)
                    tried += 1
                    if None in ends or floor(ends[1] + 1e-6) - ceil(ends[0] - 1e-6) < needed:
                        wrong.append(f"{key}, {count} of {base}, is {ends} to who answered {sorted(chosen)}")
    print("\n".join(wrong[:20]))
    print(f"{circle}: {withheld} counts attacked, {len(bands)} of them bands; narrowest {narrowest}; {tried} by who knows an "
          f"own answer; {len(wrong)} wrong")
    return not wrong


public = reports / "public/distributions.csv"
feedback = reports / "internal/disclosure/feedback/distributions.csv"
released = [("public", [public]), ("feedback", [public, feedback])]
attacked = [attack(circle, files) for circle, files in released if all(file.exists() for file in files)]
sys.exit(not attacked or not all(attacked))
