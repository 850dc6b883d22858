#!/usr/bin/env python3
"""Attacks the released distributions with another solver: what an outsider can compute of every withheld count
and of every band. Who is given feedback knows what is public as well.

The relations are written down anew, in floating-point linear programs (HiGHS): options and their base, nets
and their options, answers that exclude all others, gates and the next base, sub-sectors and their sector. How
many gave no answer behind a gate is taken to be known. Every interval has to hold the true count and to be as
wide as the policy says, or as the base allows. Whoever is counted in a cell knows that it is one at least, and
whoever could have been and is not, that it is one less than its base at most: so much of what own answers tell is
tried here, cell by cell. Members that two sectors have in common, and what a respondent knows of several cells at
once, are not.

usage: reattack.py REPORTS_OF_A_YEAR PIPELINES"""
import csv
import sys
import tomllib
from math import ceil, floor
from pathlib import Path

import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack
from scipy.sparse.csgraph import connected_components

reports, pipelines = map(Path, sys.argv[1:3])
load = lambda name: tomllib.loads((pipelines / name).read_text(encoding="utf-8"))
read = lambda path: list(csv.DictReader(open(path, encoding="utf-8-sig")))
questions = {one["id"]: one for one in load("questions.toml")["question"]}
nets = {(one["question"], one["id"]): one["options"] for one in load("nets.toml")["net"]}
policies = load("disclosure.toml")
group_of = lambda row: (row["sector"], row["subsector"], row["question"], row["item"])
true = {(*group_of(row), row["option"]): row for row in read(reports / "internal/distributions.csv")}


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

    for group, rows in groups.items():
        rows = list(rows.values())
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
    withheld, narrowest, wrong = 0, None, []
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
            # Own answers, if there are such respondents: one of those who are counted, or of those who are not.
            known_together = limits["coalition"]["value"]
            whole = variables[(*key[:-1], None)]
            counted, rest = min(known_together, count), min(known_together, base - count)
            seen = [(max(least, counted), most, counted)]
            if low[whole] == high[whole]:
                seen.append((least, min(most, base - rest), rest))
            for first, last, own in seen:
                if own and last - first < min(limits["coalition_interval"]["value"], open_by_band, base - own):
                    wrong.append(f"{key} is {first} to {last} to a respondent, of {base}")
    print("\n".join(wrong[:20]))
    print(f"{circle}: {withheld} counts attacked, {len(bands)} of them bands; narrowest {narrowest}, {len(wrong)} wrong")
    return not wrong


public = reports / "public/distributions.csv"
feedback = reports / "internal/disclosure/feedback/distributions.csv"
released = [("public", [public]), ("feedback", [public, feedback])]
attacked = [attack(circle, files) for circle, files in released if all(file.exists() for file in files)]
sys.exit(not attacked or not all(attacked))
