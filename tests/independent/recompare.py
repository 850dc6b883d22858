#!/usr/bin/env python3
"""Recomputes every change and every flow of a year from `responses`, `memberships` and `lineage`
with DuckDB and exact fractions, and holds the store's `changes` and `flows` to them.

usage: recompare.py STORE YEAR_FILE PREVIOUS_YEAR_FILE"""
import sys
import tomllib
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import duckdb

store, now_file, before_file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])


def toml(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


year_now, year_before = toml(now_file), toml(before_file)
NOW, BEFORE = year_now["fiscal_year"], year_before["fiscal_year"]
bank = {question["id"]: question for question in toml(now_file.parent / year_now["questions"])["question"]}
nets = defaultdict(dict)
for net in toml(now_file.parent / year_now["nets"])["net"]:
    nets[net["question"]][net["id"]] = net["options"]
concordance = toml(now_file.parent / year_now["concordance"])

# ---- which figure of this year stands beside which of last year ----


def options_of(question, year):
    return [o for o in bank[question].get("options", []) if year in o.get("years", [year])]


def categories(question, year):
    """Options and nets of a question, each with the options that it stands for."""
    own = {o["id"]: ("option", {o["id"]}) for o in options_of(question, year)}
    own |= {net: ("net", set(members)) for net, members in nets[question].items()}
    return own


# (question, option) of this year -> (question, option) of last year and how they compare
paired, absent, gone = {}, {}, []
for question in concordance["same"]:
    for option in categories(question, NOW):
        paired[question, option] = (question, option, "same")
for entry in concordance.get("question", []):
    now, before = entry.get("now"), entry.get("before")
    if "options" in entry:
        for pair in entry["options"]:
            if pair["as"] in ("same", "reworded", "net"):
                paired[now, pair["now"]] = (before, pair["before"], pair["as"])
                continue
            if "now" in pair:
                absent[now, pair["now"]] = pair["as"]
            if "before" in pair:
                gone.append((before, pair["before"], pair["as"]))
    elif entry["as"] == "reworded":
        for option in categories(now, NOW):
            paired[now, option] = (before, option, "reworded")
    else:
        if now is not None:
            absent.update({(now, option): entry["as"] for option in categories(now, NOW)})
        if before is not None:
            gone += [(before, option, entry["as"]) for option in categories(before, BEFORE)]

# ---- what the store has ----

db = duckdb.connect()
for table in ("responses", "memberships"):
    for name, year in (("now", NOW), ("before", BEFORE)):
        db.execute(
            f"create view {table}_{name} as select * from "
            f"read_parquet('{store}/{table}/fiscal_year={year}/*.parquet')"
        )
for table in ("changes", "flows", "lineage"):
    db.execute(f"create view {table} as select * from read_parquet('{store}/{table}/fiscal_year={NOW}/*.parquet')")
for name in ("now", "before"):
    # A membership of a divided sector counts in its sub-sector and in the whole.
    db.execute(
        f"""create view scopes_{name} as
            select institution, sector, '' as subsector from memberships_{name}
            union select institution, sector, subsector from memberships_{name} where subsector <> ''"""
    )
    db.execute("create table if not exists gates (question varchar, decides varchar)")
db.executemany(
    "insert into gates values (?, ?)",
    [(q["id"], q["asked_if"]["question"]) for q in bank.values() if "asked_if" in q] or [("", "")],
)
for name in ("now", "before"):
    # One line for each institution and prompt: what it came to. A gate that is not answered leaves
    # open whether one was asked: that is missing, and nothing is known of it.
    db.execute(
        f"""create table replies_{name} as
            with one as (
                select institution, question, item, any_value(state) as state,
                       list_sort(list(option) filter (where option <> '')) as chosen
                from responses_{name} group by all),
            deciding as (
                select institution, question, state from one where item = '')
            select one.institution, one.question, one.item, coalesce(one.chosen, []) as chosen,
                   case when one.state = 'answered' then 'given'
                        when one.state = 'not_asked' and deciding.state not in ('answered', 'not_asked') then 'missing'
                        when one.state = 'not_asked' then 'not_asked'
                        else 'missing' end as came
            from one left join gates using (question)
            left join deciding on deciding.institution = one.institution and deciding.question = gates.decides"""
    )
    db.execute(
        f"""create table bases_{name} as
            with members as (select sector, subsector, count(*) as members from scopes_{name} group by all)
            select sector, subsector, question, item,
                   count(*) filter (where came = 'given') as base,
                   any_value(members) - count(*) filter (where came in ('given', 'not_asked')) as missing
            from replies_{name} join scopes_{name} using (institution) join members using (sector, subsector)
            group by all"""
    )
# The panel: units of an institution of this year and those of last year that it is compared with,
# all of which must have stood in the same part of the same sector.
db.execute(
    """create table units as
       select now.sector, now.subsector, lineage.institution, list(lineage.previous_institution) as predecessors
       from lineage join scopes_now now using (institution)
       left join scopes_before before
         on before.institution = lineage.previous_institution
        and before.sector = now.sector and before.subsector = now.subsector
       where lineage.past <> 'none'
       group by all having count(before.institution) = count(*)"""
)


def rows(query):
    result = db.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values)) for values in result.fetchall()]


def replies(name):
    found = defaultdict(dict)
    for row in rows(f"select * from replies_{name}"):
        found[row["question"], row["item"]][row["institution"]] = (row["came"], tuple(row["chosen"]))
    return found


now_replies, before_replies = replies("now"), replies("before")
members = {
    name: {
        (row["sector"], row["subsector"]): row["all"]
        for row in rows(f'select sector, subsector, list(institution) as "all" from scopes_{name} group by all')
    }
    for name in ("now", "before")
}
bases = {
    name: {(r["sector"], r["subsector"], r["question"], r["item"]): r for r in rows(f"select * from bases_{name}")}
    for name in ("now", "before")
}
units = defaultdict(list)
for row in rows("select * from units"):
    units[row["sector"], row["subsector"]].append((row["institution"], row["predecessors"]))


# what the compared answers of a question stood for last year
answers_before = defaultdict(list)
for (question, option), (previous, previous_option, _) in paired.items():
    answers_before[question].append(categories(previous, BEFORE)[previous_option][1])


def panel(scope, question, item, previous_question, looked_at):
    """What each unit chose this year and last year, where both are known. Institutions that were
    consolidated count where all of them answered alike: with one answer, in all that is compared; with
    several, in what is looked at."""
    single = bank[question]["kind"] in ("single", "grid_single")
    told = answers_before[question] if single else [looked_at]
    both = []
    for institution, predecessors in units[scope]:
        came, chosen = now_replies[question, item].get(institution, ("missing", ()))
        past = [before_replies[previous_question, item].get(code, ("missing", ())) for code in predecessors]
        if came != "given" or any(one[0] != "given" for one in past):
            continue
        if len({tuple(bool(answer & set(one[1])) for answer in told) for one in past}) == 1:
            both.append((set(chosen), set(past[0][1]), len(predecessors)))
    return both


now_states = defaultdict(dict)
for row in rows("select institution, question, item, any_value(state) as state from responses_now group by all"):
    now_states[row["question"], row["item"]][row["institution"]] = row["state"]


def printed(points):
    """The sign as official statistics print it."""
    return points if points == "0.0" else "▲" + points[1:] if points.startswith("-") else "＋" + points


def tenths(fraction):
    """Percentage points with one decimal, rounded half up by their size."""
    size = (abs(fraction) * 2000 + 1) // 2
    sign = "-" if fraction < 0 and size else ""
    return f"{sign}{size // 10}.{size % 10}"


def count(scope, name, found, question, item, options):
    answers = found[question, item]
    return sum(
        1
        for institution in members[name].get(scope, [])
        if answers.get(institution, ("", ()))[0] == "given" and options & set(answers[institution][1])
    )


wrong, agreed = [], 0


def hold(what, row, expected):
    global agreed
    differing = {name: (row[name], value) for name, value in expected.items() if row[name] != value}
    if differing:
        wrong.append((what, {k: row[k] for k in list(row)[:6]}, differing))
    else:
        agreed += len(expected)


numbers = (
    "previous_count previous_base previous_percent points panel_base panel_count panel_previous_count panel_points "
    "one_institution previous_question previous_item previous_option entrants entrants_points leavers leavers_points "
    "missing previous_missing lowest_points highest_points telling panel_one_institution panel_telling printed"
).split()
seen = set()
for row in rows("select * from changes"):
    scope, question, item, option = (row["sector"], row["subsector"]), row["question"], row["item"], row["option"]
    key = (*scope, question, item, option)
    assert key not in seen, f"two lines of {key}"
    seen.add(key)
    if row["count"] is None:
        said = [one[2] for one in gone if one[:2] == (question, option)]
        # What is compared is gone only where nobody is asked it any more.
        left = scope not in members["now"] or row["sector"] not in bank.get(question, {}).get("sectors", [])
        assert said or (left and option in categories(question, BEFORE)), f"what is gone is in neither year: {key}"
        word = said[0] if said else "dropped"
        hold("gone", row, {"comparability": word, **dict.fromkeys(numbers)})
        continue
    _, options = categories(question, NOW)[option]
    base = bases["now"].get((*scope, question, item), {"base": 0, "missing": len(members["now"][scope])})
    chosen = count(scope, "now", now_replies, question, item, options)
    asked = sum(
        1
        for institution in members["now"][scope]
        if now_states[question, item].get(institution, "not_asked") != "not_asked"
    )
    expected = {
        "kind": categories(question, NOW)[option][0],
        "count": chosen,
        "base": base["base"],
        "asked": asked,
        "nonresponse": asked - base["base"],
        "percent": tenths(Fraction(chosen, base["base"])) if base["base"] else None,
    }
    asked_before = (question, option) in paired and scope in members["before"] and (
        row["sector"] in bank[paired[question, option][0]]["sectors"]
    )
    if not asked_before:
        word = absent.get((question, option), "new")
        hold("absent", row, {**expected, "comparability": word, **dict.fromkeys(numbers)})
        continue
    previous, previous_option, word = paired[question, option]
    _, previous_options = categories(previous, BEFORE)[previous_option]
    base_before = bases["before"].get((*scope, previous, item), {"base": 0, "missing": len(members["before"][scope])})
    chosen_before = count(scope, "before", before_replies, previous, item, previous_options)
    both = panel(scope, question, item, previous, previous_options)
    a_now = sum(1 for one, _, _ in both if one & options)
    a_before = sum(1 for _, other, _ in both if other & previous_options)
    b_now, b_before, n = base["base"], base_before["base"], len(both)
    m_now, m_before = base["missing"], base_before["missing"]
    expected |= {
        "comparability": word,
        "previous_question": previous,
        "previous_item": item,
        "previous_option": previous_option,
        "previous_count": chosen_before,
        "previous_base": b_before,
        "previous_percent": tenths(Fraction(chosen_before, b_before)) if b_before else None,
        "panel_base": n,
        "panel_count": a_now,
        "panel_previous_count": a_before,
        "panel_points": tenths(Fraction(a_now - a_before, n)) if n else None,
        "entrants": b_now - n,
        "leavers": b_before - sum(weight for _, _, weight in both),
        "missing": m_now,
        "previous_missing": m_before,
    }
    if min(b_now, b_before) > 0:
        change = Fraction(chosen, b_now) - Fraction(chosen_before, b_before)
        one = max(Fraction(1, b_now), Fraction(1, b_before))
        lowest = Fraction(chosen, b_now + m_now) - Fraction(chosen_before + m_before, b_before + m_before)
        highest = Fraction(chosen + m_now, b_now + m_now) - Fraction(chosen_before, b_before + m_before)
        telling = "yes"
        if abs(change) < one:
            telling = "under_one_institution"
        elif lowest <= 0 <= highest:
            telling = "within_nonresponse"
        expected |= {
            "points": tenths(change),
            "one_institution": tenths(one),
            "lowest_points": tenths(lowest),
            "highest_points": tenths(highest),
            "telling": telling,
        }
        entrants = Fraction(chosen, b_now) - Fraction(a_now, n) if n else None
        leavers = Fraction(chosen_before, b_before) - Fraction(a_before, n) if n else None
        if n:
            assert change == Fraction(a_now - a_before, n) + entrants - leavers
        expected |= {
            "entrants_points": tenths(entrants) if n else None,
            "leavers_points": tenths(leavers) if n else None,
        }
        # The part of those who are in no panel, from their own answers.
        if n and b_now > n:
            alone = Fraction(chosen - a_now, b_now - n)
            assert entrants == Fraction(b_now - n, b_now) * (alone - Fraction(a_now, n))
    else:
        expected |= dict.fromkeys(("points", "telling", "entrants_points", "leavers_points"))
        smaller = min(b_now, b_before)
        expected["one_institution"] = tenths(Fraction(1, smaller)) if smaller else None
        if min(b_now + m_now, b_before + m_before) == 0:
            expected |= dict.fromkeys(("lowest_points", "highest_points"))
        else:
            lowest = Fraction(chosen, b_now + m_now) - Fraction(chosen_before + m_before, b_before + m_before)
            highest = Fraction(chosen + m_now, b_now + m_now) - Fraction(chosen_before, b_before + m_before)
            expected |= {"lowest_points": tenths(lowest), "highest_points": tenths(highest)}
    expected["printed"] = printed(expected["points"]) if expected["points"] else None
    one = Fraction(1, n) if n else None
    expected["panel_one_institution"] = tenths(one) if n else None
    less = n and abs(Fraction(a_now - a_before, n)) < one
    expected["panel_telling"] = ("under_one_institution" if less else "yes") if n else None
    hold("change", row, expected)
# Every figure of this year, and every figure that only last year had, has its line.
lines = len(seen)
for scope, row in ((s, r) for s in members["now"] for r in year_now["asked"]):
    if scope[0] in bank[row]["sectors"]:
        for item in bank[row].get("items", [{"id": ""}]):
            for option in categories(row, NOW):
                if (*scope, row, item["id"], option) not in seen:
                    wrong.append(("no line", (*scope, row, item["id"], option)))
for scope in members["before"]:
    for question, option, _ in gone:
        if scope[0] in bank[question]["sectors"]:
            for item in bank[question].get("items", [{"id": ""}]):
                if (*scope, question, item["id"], option) not in seen:
                    wrong.append(("no line of last year", (*scope, question, item["id"], option)))

# ---- flows: the classes that the answers of both years can be sorted into alike ----


def levels(question, options):
    found = [o.get("level") for o in options_of(question, bank_year[question]) if o["id"] in options]
    return None if None in found or not found else (min(found), max(found))


bank_year = defaultdict(lambda: NOW)
bank_year.update({question: BEFORE for question in year_before["asked"] if question not in year_now["asked"]})


def classes(question):
    """The finest classes without overlap, the highest first; nothing where there are none."""
    if bank[question]["kind"] not in ("single", "grid_single"):
        return None
    pairs = []
    for option, (_, own) in categories(question, NOW).items():
        if (question, option) in paired:
            previous, previous_option, _ = paired[question, option]
            pairs.append((option, own, previous, categories(previous, BEFORE)[previous_option][1]))
    taken, taken_before, found = set(), set(), []
    for option, own, previous, theirs in sorted(pairs, key=lambda pair: len(pair[1]) + len(pair[3])):
        if own & taken or theirs & taken_before:
            continue
        taken |= own
        taken_before |= theirs
        found.append((option, own, previous, theirs))
    if not found or taken != {o["id"] for o in options_of(question, NOW)}:
        return None
    if taken_before != {o["id"] for o in options_of(found[0][2], BEFORE)}:
        return None
    ranks = [(levels(question, own), levels(previous, theirs), option, own, previous, theirs)
             for option, own, previous, theirs in found]
    if any(rank[0] is None or rank[1] is None for rank in ranks):
        return None
    return [rank[2:] for rank in sorted(ranks, key=lambda rank: rank[0], reverse=True)]


expected_flows = {}
for question in year_now["asked"]:
    found = classes(question)
    for scope in members["now"] if found else ():
        if scope[0] not in bank[question]["sectors"]:
            continue
        for item in bank[question].get("items", [{"id": ""}]):
            both = panel(scope, question, item["id"], found[0][2], set())
            if not both:
                continue
            for start, (from_id, _, _, from_options) in enumerate(found):
                for end, (to_id, to_options, _, _) in enumerate(found):
                    went = sum(1 for now, before, _ in both if now & to_options and before & from_options)
                    movement = "stayed" if start == end else "rose" if end < start else "fell"
                    own = [levels(question, found[at][1]) for at in (end, start)]
                    both_one = all(lowest == highest for lowest, highest in own)
                    steps = own[0][0] - own[1][0] if both_one else None
                    expected_flows[(*scope, question, item["id"], from_id, to_id)] = (went, movement, steps)
stored = rows("select * from flows")
for row in stored:
    key = tuple(row[name] for name in ("sector", "subsector", "question", "item", "from", "to"))
    went = expected_flows.pop(key, None)
    if went is None:
        wrong.append(("no such flow", key))
    else:
        hold("flow", row, dict(zip(("count", "movement", "levels"), went)))
wrong += [("no line of the flow", key) for key in expected_flows]

for one in wrong[:20]:
    print(one)
print(f"{lines} changes and {len(stored)} flows; {agreed} cells agree, {len(wrong)} lines do not")
sys.exit(bool(wrong))
