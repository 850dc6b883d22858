#!/usr/bin/env python3
"""Attacks released distributions with another solver (HiGHS): what outsiders, every respondent, and a reader who knows
the policy can compute of each cell that a rule withholds, or that a policy prints as a class only.

The relations are written down anew: options and their base, nets and their options, answers that exclude all others,
gates and the next base, sub-sectors and their sector. How many gave no answer behind a gate is taken to be known. Every
interval has to hold the true count and to be as wide as the policy says, or as the base and what is printed of the
sector allow. Whoever knows the policy takes those tables for possible in which, of the withheld cells that hang
together, a rule withholds one at least: no cell may have one value in all of them. With a second pair of folders, an
edition and the answers behind it, outsiders also compare that edition with the one that it corrects. Members that two
sectors have in common, and what a respondent knows of several questions at once, are not tried.

usage: reattack.py REPORTS_OF_A_YEAR PIPELINES STORE [EARLIER_REPORTS EARLIER_STORE]"""
import csv
import sys
import tomllib
from collections import defaultdict
from math import ceil, floor
from pathlib import Path

import duckdb
import numpy
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, vstack
from scipy.sparse.csgraph import connected_components

reports, pipelines, store = map(Path, sys.argv[1:4])
load = lambda name: tomllib.loads((pipelines / name).read_text(encoding="utf-8"))
read = lambda path: list(csv.DictReader(open(path, encoding="utf-8-sig")))
questions = {one["id"]: one for one in load("questions.toml")["question"]}
nets = {(one["question"], one["id"]): one["options"] for one in load("nets.toml")["net"]}
policies = load("disclosure.toml")
group_of = lambda row: (row["sector"], row["subsector"], row["question"], row["item"])
is_single = lambda question: questions[question]["kind"].endswith("single")
alone = lambda question: [one["id"] for one in questions[question]["options"] if one.get("exclusive")]
members = lambda question, option: nets.get((question, option), [option])


def opening(question, item):
    """The question whose answers open a gate, and those answers."""
    gate = questions[question].get("asked_if")
    return gate and (gate["question"], [option.replace("{item}", item) for option in gate["any_of"]])


def adverse_ends(question, counted):
    """Whether it is adverse that all gave any of some options, and that nobody did."""
    one, options = questions[question], questions[question]["options"]
    named = [option["id"] for option in options if option.get("adverse")]
    levels = [option["level"] for option in options if "level" in option]
    if one.get("harmless"):
        return False, False
    if is_single(question):
        lowest = min(levels) if levels and min(levels) < max(levels) else None
        adverse = named or [option["id"] for option in options if lowest is not None and option.get("level") == lowest]
        others = [option["id"] for option in options if option["id"] not in counted]
        return set(counted) <= set(adverse), bool(adverse) and set(others) <= set(adverse)
    adverse = named or alone(question)
    return set(counted) <= set(adverse), not named and any(option not in alone(question) for option in counted)


class Edition:
    """The answers behind an edition, and the true figures."""

    def __init__(self, reports, store):
        self.reports = reports
        rows = read(reports / "internal/distributions.csv")
        self.rows = {(*group_of(row), row["option"]): row for row in rows}
        self.bases = {group_of(row): int(row["base"]) for row in rows}
        year = rows[0]["fiscal_year"]
        table = lambda name: f"read_parquet('{store}/{name}/fiscal_year={year}/*.parquet')"
        places = duckdb.sql(f"SELECT institution, sector, subsector FROM {table('memberships')}").fetchall()
        given = duckdb.sql(f"""SELECT institution, question, item, list(DISTINCT option) FROM {table('responses')}
            WHERE state = 'answered' AND option <> '' GROUP BY ALL""").fetchall()
        self.places, self.answers = defaultdict(set), defaultdict(dict)
        for institution, sector, subsector in places:
            self.places[institution].add((sector, subsector))
        for institution, question, item, chosen in given:
            self.answers[institution][question, item] = frozenset(chosen)

    def figure(self, group, option):
        """The true figure of a cell; the option of a base is None."""
        return self.bases[group] if option is None else int(self.rows[(*group, option)]["count"])

    def behind(self, institution):
        return frozenset(self.places[institution]), frozenset(self.answers[institution].items())

    def count(self, institutions, group, option):
        """How many of some institutions are counted in a cell."""
        sector, subsector, question, item = group
        counted = 0
        for one in institutions:
            if any(place[0] == sector and subsector in ("", place[1]) for place in self.places[one]):
                chosen = self.answers[one].get((question, item))
                counted += chosen is not None and (option is None or bool(chosen & set(members(question, option))))
        return counted


class System:
    """Cells with what is known of each, and the relations between them."""

    def __init__(self, limits):
        self.limits = {name: one["value"] for name, one in limits.items() if isinstance(one, dict)}
        self.at, self.low, self.high = {}, [], []
        self.equal, self.at_most, self.within = [], [], {}
        self.shares, self.whole, self.silent, self.true = {}, {}, {}, {}

    def cell(self, key):
        if key not in self.at:
            self.at[key] = len(self.at)
            self.low.append(0)
            self.high.append(100_000)
        return self.at[key]

    def know(self, key, least, most):
        at = self.cell(key)
        self.low[at], self.high[at] = max(self.low[at], least), min(self.high[at], most)

    def add_table(self, behind, group, options, count):
        """The relations of one table; `count` gives the true values."""
        question, base = group[2], self.cell((behind, *group, None))
        cell = lambda option: self.cell((behind, *group, option))
        first = len(self.at_most)
        plain = [option for option in options if (question, option) not in nets]
        for option in [None, *options]:
            self.true[behind, *group, option] = count(group, option)
            self.whole[behind, *group, option] = base
        if is_single(question):
            self.equal.append(([(cell(option), 1) for option in plain] + [(base, -1)], 0))
        else:
            self.at_most.append(([(cell(option), -1) for option in plain] + [(base, 1)], 0))
            for option in plain:
                others = [(cell(one), 1) for one in alone(question) if option not in alone(question)]
                self.at_most.append(([(cell(option), 1), *others, (base, -1)], 0))
        for option in options:
            self.at_most.append(([(cell(option), 1), (base, -1)], 0))
            if option in plain:
                continue
            parts = [(cell(part), 1) for part in members(question, option)]
            if is_single(question):
                self.equal.append((parts + [(cell(option), -1)], 0))
            else:
                self.at_most.append(([(cell(option), 1)] + [(part, -1) for part, _ in parts], 0))
                self.at_most.extend(([part, (cell(option), -1)], 0) for part in parts)
        self.within[behind, *group] = range(first, len(self.at_most))
        gate = opening(question, group[3])
        if gate is None:
            self.know((behind, *group, None), count(group, None), count(group, None))
            return
        deciding = (*group[:2], gate[0], "")
        self.whole[behind, *group, None] = self.cell((behind, *deciding, None))
        if is_single(gate[0]) or len(gate[1]) == 1:
            passed = sum(count(deciding, option) for option in gate[1])
            silent = self.silent[behind, *group] = passed - count(group, None)
            self.equal.append(([(self.cell((behind, *deciding, one)), 1) for one in gate[1]] + [(base, -1)], silent))

    def add_sums(self):
        wholes = defaultdict(list)
        for behind, sector, subsector, *rest in list(self.at):
            if subsector:
                wholes[behind, sector, "", *rest].append(self.at[behind, sector, subsector, *rest])
        for whole, parts in wholes.items():
            if whole in self.at:
                self.equal.append(([(part, 1) for part in parts] + [(self.at[whole], -1)], 0))

    def add_printed(self, behind, row):
        """What an edition prints of a cell and its base."""
        key, base = (behind, *group_of(row), row["option"]), (behind, *group_of(row), None)
        for one, printed in ((key, row["count"]), (base, row["base"])):
            if printed:
                self.know(one, int(printed), int(printed))
        if row["count"] or not row["percent"]:
            return
        # In half per cents: 28 is 27.5 or more and below 28.5.
        is_class = "～" in row["percent"]
        ends = list(map(int, row["percent"].split("～"))) if is_class else [int(row["percent"])] * 2
        least, most = (2 * ends[0], 2 * ends[1]) if is_class else (max(0, 2 * ends[0] - 1), min(200, 2 * ends[1] + 1))
        self.shares[key] = least, most, is_class
        cell, base_cell = self.cell(key), self.cell(base)
        self.at_most.append(([(base_cell, least), (cell, -200)], 0))
        if most < 200:
            self.at_most.append(([(cell, 200), (base_cell, -most)], -1))
        if not row["base"]:
            self.know(base, max(1, self.limits["minimum_base"]), 100_000)
            if is_class and self.true[base] < self.limits["bands_below"]:
                self.know(base, 0, self.limits["bands_below"] - 1)

    def adverse_ends(self, key):
        _, _, _, question, item, option = key
        if option is not None:
            return adverse_ends(question, members(question, option))
        gate = opening(question, item)
        return adverse_ends(*gate) if gate else (False, False)

    def rules(self, key):
        """The ways in which a rule withholds a cell, each as limits of its count, of the rest, and of its base."""
        limits, (all_of, nobody) = self.limits, self.adverse_ends(key)
        if limits["minimum_base"] > 1:
            yield (0, None), (0, None), (1, limits["minimum_base"] - 1)
        if all_of:
            yield (0, None), (0, limits["adverse_all_but"]), (1, None)
        if nobody:
            yield (0, limits["adverse_all_but"]), (0, None), (1, None)
        if limits["minimum_count"] > 1:
            few, small = (1, limits["minimum_count"] - 1), (1, limits["small_counts_below"] - 1)
            yield few, (0, None), small
            yield (0, None), few, small

    def is_ruled(self, key):
        count, whole = self.true[key] + self.silent.get(key[:-1], 0) * (key[-1] is None), self.true_whole(key)
        fits = lambda number, limits: limits[0] <= number and (limits[1] is None or number <= limits[1])
        return any(fits(count, a) and fits(whole - count, b) and fits(whole, c) for a, b, c in self.rules(key))

    def true_whole(self, key):
        if not hasattr(self, "key_of"):
            self.key_of = {at: key for key, at in self.at.items()}
        return self.true[self.key_of[self.whole[key]]]

    def share_counts(self, key):
        least, most, _ = self.shares[key]
        base = self.true_whole(key)
        return -(-least * base // 200), base if most == 200 else -(-most * base // 200) - 1

    def need(self, key, limit, in_base=0, own=0):
        """How wide the interval of a cell has to be."""
        whole, at = self.true_whole(key), self.at[key]
        if self.low[at] == self.high[at] or key[-1] is None and opening(key[3], key[4]) is None:
            return 0
        is_ruled, share = self.is_ruled(key), self.shares.get(key)
        by_policy = self.limits["minimum_base"] <= whole < self.limits["bands_below"]
        if not (share[2] and by_policy if share else is_ruled):
            return 0
        need = min(self.limits[limit], whole - in_base)
        sector = (*key[:2], "", *key[3:])
        if key[2] and sector in self.at and self.low[self.at[sector]] == self.high[self.at[sector]]:
            need = min(need, self.true[sector], max(0, self.true_whole(sector) - self.true[sector]))
        if share:
            least, most = self.share_counts(key)
            need = min(need, need if is_ruled else most - least)
            need = min(need, max(0, min(most, whole - (in_base - own)) - max(least, own)) if in_base else need)
        return need

    def matrix(self, rows):
        entries = [(factor, number, at) for number, (terms, _) in enumerate(rows) for at, factor in terms]
        factors, numbers, columns = zip(*entries)
        shape = (len(rows), len(self.at))
        return coo_matrix((factors, (numbers, columns)), shape=shape).tocsr(), numpy.array([one for _, one in rows])

    def parts(self):
        """The cells that are not known, by those that hang together, each with its relations."""
        (exact, exact_constants), (loose, loose_constants) = self.matrix(self.equal), self.matrix(self.at_most)
        low, high = numpy.array(self.low), numpy.array(self.high)
        unknown = numpy.flatnonzero(low < high)
        if not len(unknown):
            return
        known = numpy.where(low == high, low, 0)
        together = abs(vstack([exact, loose]).tocsr()[:, unknown])
        _, part_of = connected_components(together.T @ together)
        keys = {at: key for key, at in self.at.items()}
        for part in range(part_of.max() + 1):
            cells = unknown[part_of == part]

            def rows_of(rows, constants):
                touched = numpy.unique(rows[:, cells].nonzero()[0])
                return rows[touched][:, cells], constants[touched] - rows[touched] @ known

            yield Part(self, [keys[at] for at in cells], cells, rows_of(exact, exact_constants),
                       rows_of(loose, loose_constants), low[cells], high[cells], known)


class Part:
    def __init__(self, system, keys, cells, exact, loose, low, high, known):
        self.system, self.keys, self.cells, self.exact, self.loose = system, keys, cells, exact, loose
        self.low, self.high, self.known = low, high, known
        self.place = {at: place for place, at in enumerate(cells)}

    def interval(self, place, low=None, more=None):
        """The lowest and the highest count of a cell; None where no table agrees with what is printed."""
        loose = self.loose if more is None else (vstack([self.loose[0], more[0]]).tocsr(),
                                                 numpy.concatenate([self.loose[1], more[1]]))
        ends = []
        for sign in (1, -1):
            costs = numpy.zeros(len(self.cells))
            costs[place] = sign
            exact = self.exact if len(self.exact[1]) else (None, None)
            uneven = loose if len(loose[1]) else (None, None)
            found = linprog(costs, A_ub=uneven[0], b_ub=uneven[1], A_eq=exact[0], b_eq=exact[1],
                            bounds=list(zip(self.low if low is None else low, self.high)), method="highs")
            if found.status != 0:
                return None
            ends.append(sign * found.fun)
        # Counts are whole.
        return ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)

    def has_table(self, limited):
        """Whether there is a table of whole counts in which sums of cells keep some more limits."""
        terms, least, most = [], [], []
        for of, low, high in limited:
            row, constant = numpy.zeros(len(self.cells)), 0
            for at, factor in of:
                if at in self.place:
                    row[self.place[at]] += factor
                else:
                    constant += factor * self.known[at]
            terms.append(row)
            least.append(-numpy.inf if low is None else low - constant)
            most.append(numpy.inf if high is None else high - constant)
        rows = [LinearConstraint(csr_matrix(numpy.array(terms)), least, most)]
        if len(self.exact[1]):
            rows.append(LinearConstraint(self.exact[0], self.exact[1], self.exact[1]))
        if len(self.loose[1]):
            rows.append(LinearConstraint(self.loose[0], -numpy.inf, self.loose[1]))
        size = len(self.cells)
        found = milp(numpy.zeros(size), constraints=rows, integrality=numpy.ones(size), bounds=Bounds(self.low, self.high))
        return found.status == 0

    def is_explained_otherwise(self, key):
        """Whether a reader who knows the policy has to reckon with another count in a cell."""
        system = self.system
        is_x = lambda one: one not in system.shares and not (one[-1] is None and system.whole[one] == system.at[one])
        others = sorted((one for one in self.keys if is_x(one)), key=lambda one: (one != key, not system.is_ruled(one)))
        for other in others:
            silent = system.silent.get(other[:-1], 0) if other[-1] is None else 0
            count, whole = [(system.at[other], 1)], [(system.whole[other], 1)]
            rest = whole + [(system.at[other], -1)]
            shift = lambda limits, by: (limits[0] - by, limits[1] if limits[1] is None else limits[1] - by)
            for of_count, of_rest, of_whole in system.rules(other):
                limits = [(count, *shift(of_count, silent)), (rest, *shift(of_rest, -silent)), (whole, *of_whole)]
                true = system.true[key]
                for least, most in ((None, true - 1), (true + 1, None)):
                    if self.has_table([*limits, ([(system.at[key], 1)], least, most)]):
                        return True
        return False


def files_of(circle, reports):
    """What the readers of a circle have: who is given feedback knows what is public as well."""
    public, feedback = reports / "public/distributions.csv", reports / "internal/disclosure/feedback/distributions.csv"
    files = [public] if circle == "public" else [public, feedback]
    return files if all(file.exists() for file in files) else []


def add_edition(system, behind, edition, files):
    rows = [row for file in files for row in read(file)]
    groups = defaultdict(list)
    for row in rows:
        if row["option"] not in groups[group_of(row)]:
            groups[group_of(row)].append(row["option"])
    for group, options in groups.items():
        system.add_table(behind, group, options, edition.figure)
    for row in rows:
        system.add_printed(behind, row)
    return groups


def attack(circle, edition):
    """Whether every interval of a circle is as wide as its policy says."""
    files = files_of(circle, edition.reports)
    if not files:
        return None
    system = System(policies[circle])
    groups = add_edition(system, "", edition, files)
    system.add_sums()
    # The different answers that there are to a question, by the place of who gave them.
    own_answers = defaultdict(set)
    for institution, answers in edition.answers.items():
        for asked, chosen in answers.items():
            for place in edition.places[institution]:
                own_answers[(*place, *asked)].add(chosen)
    tried = {"outsider": 0, "policy": 0, "own": 0}
    wrong, narrowest = [], None
    for part in system.parts():
        here = {key[:-1] for key in part.keys}
        for place, key in enumerate(part.keys):
            need = system.need(key, "narrowest_interval")
            if need == 0:
                continue
            tried["outsider"] += 1
            ends, true = part.interval(place), system.true[key]
            if ends is None or not ends[0] <= true <= ends[1]:
                wrong.append(f"{key} is {true}, outside of {ends}: no table agrees with what is printed")
                continue
            narrowest = min(ends[1] - ends[0], narrowest if narrowest is not None else ends[1] - ends[0])
            if ends[1] - ends[0] < need:
                wrong.append(f"{key} is {ends} of {system.true_whole(key)}, {need} wanted")
            by_policy = system.limits["minimum_base"] <= system.true_whole(key) < system.limits["bands_below"]
            if key not in system.shares and not by_policy:
                tried["policy"] += 1
                if not part.is_explained_otherwise(key):
                    wrong.append(f"{key} is {true} to whoever knows the policy")
        # Own answers: what holds of all respondents to the question holds of the others alone, in the sub-sector and
        # in the sector.
        for sector, subsector, *asked in sorted(own_answers):
            tables = {("", sector, subsector, *asked), ("", sector, "", *asked)} & here
            for chosen in sorted(own_answers[(sector, subsector, *asked)], key=sorted) if tables else []:
                low, own = part.low.copy(), {}
                for table in tables:
                    own[system.at[(*table, None)]] = 1
                    for option in groups[table[1:]]:
                        own[system.at[(*table, option)]] = int(bool(chosen & set(members(asked[0], option))))
                for at in own:
                    if at in part.place:
                        low[part.place[at]] = max(low[part.place[at]], own[at])
                rows, constants = [], []
                for number in (number for table in tables for number in system.within[table]):
                    terms, constant = system.at_most[number]
                    left = constant + sum(factor * own[at] for at, factor in terms)
                    row = numpy.zeros(len(part.cells))
                    for at, factor in terms:
                        if at in part.place:
                            row[part.place[at]] += factor
                        else:
                            left -= factor * part.known[at]
                    if row.any():
                        rows.append(row)
                        constants.append(left)
                more = (csr_matrix(numpy.array(rows)), numpy.array(constants)) if rows else None
                for place, key in enumerate(part.keys):
                    if key[:-1] not in tables or key[-1] is None:
                        continue
                    need = system.need(key, "own_answer_interval", 1, own[system.at[key]])
                    if need == 0:
                        continue
                    tried["own"] += 1
                    ends = part.interval(place, low, more)
                    if ends is None or ends[1] - ends[0] < need:
                        wrong.append(f"{key}, {system.true[key]}, is {ends} to who answered {sorted(chosen)}")
    print("\n".join(wrong[:20]))
    print(f"{circle}: {tried['outsider']} cells attacked, {len(system.shares)} shares; narrowest {narrowest}; "
          f"{tried['policy']} by who knows the policy; {tried['own']} by who knows an own answer; {len(wrong)} wrong")
    return not wrong


def compare(circle, before, after):
    """Whether both editions of a circle together leave every interval as wide as the policy says."""
    files = [files_of(circle, one.reports) for one in (before, after)]
    if not all(files):
        return None
    system = System(policies[circle])
    everybody = set(before.places) | set(after.places)
    changed = {one for one in everybody if before.behind(one) != after.behind(one)}
    groups = defaultdict(list)
    for behind, edition, of in (("earlier", before, files[0]), ("present", after, files[1])):
        for group, options in add_edition(system, behind, edition, of).items():
            groups[group] = options
    crowds = {"unchanged": (after, everybody - changed), "left": (before, changed), "came": (after, changed)}
    for group, options in groups.items():
        for behind, (edition, institutions) in crowds.items():
            system.add_table(behind, group, options, lambda group, option: edition.count(institutions, group, option))
        for behind, own in (("earlier", "left"), ("present", "came")):
            for option in [None, *options]:
                terms = [(system.cell((one, *group, option)), 1) for one in ("unchanged", own)]
                if (behind, *group, option) in system.at:
                    system.equal.append((terms + [(system.cell((behind, *group, option)), -1)], 0))
    system.add_sums()
    tried, wrong = 0, []
    for part in system.parts():
        for place, key in enumerate(part.keys):
            need = system.need(key, "narrowest_interval") if key[0] in ("earlier", "present") else 0
            if need:
                tried += 1
                ends = part.interval(place)
                if ends is None or ends[1] - ends[0] < need:
                    wrong.append(f"{key}, {system.true[key]}, is {ends} by both editions, {need} wanted")
    print("\n".join(wrong[:20]))
    print(f"{circle}: {tried} cells of two editions attacked; {len(changed)} institutions with other answers; {len(wrong)} wrong")
    return not wrong


present = Edition(reports, store)
attacked = [attack(circle, present) for circle in policies]
if len(sys.argv) > 4:
    earlier = Edition(*map(Path, sys.argv[4:6]))
    attacked += [compare(circle, earlier, present) for circle in policies]
attacked = [one for one in attacked if one is not None]
sys.exit(not attacked or not all(attacked))
