//! What can be known of a release, in the slowest and plainest way: every table that agrees with
//! what is printed, one after the other.
//!
//! Nothing here is taken from the program but the names of cells. A table is what a number of
//! institutions can answer together, so the tables of m institutions are those of m − 1 with one
//! more answer added; no relation between cells is written down anywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

use crate::support::two_years::Member;

/// A thing asked.
struct Asked {
    question: &'static str,
    item: &'static str,
    is_single: bool,
    options: &'static [&'static str],
    exclusive: &'static [&'static str],
    nets: &'static [(&'static str, &'static [&'static str])],
    /// The options of the family's first question that open it; empty for the first itself.
    opened_by: &'static [&'static str],
}

const fn asked(question: &'static str, is_single: bool, options: &'static [&'static str]) -> Asked {
    Asked { question, item: "", is_single, options, exclusive: &[], nets: &[], opened_by: &[] }
}

/// Things asked that hang together: the first decides who is asked the others.
static FAMILIES: [&[Asked]; 6] = [
    &[
        Asked { nets: &[("installed", &["always", "partial"])], ..asked("soc", true, &["always", "partial", "none"]) },
        Asked {
            exclusive: &["none"],
            nets: &[("any", &["malware", "outbound"])],
            opened_by: &["always", "partial"],
            ..asked("scope", false, &["malware", "outbound", "none"])
        },
    ],
    &[Asked { item: "plan", ..asked("staffing", true, &["own", "external", "short"]) }],
    &[Asked { item: "watch", ..asked("staffing", true, &["own", "external", "short"]) }],
    &[
        Asked { exclusive: &["none"], ..asked("contingency", false, &["web", "ddos", "none"]) },
        Asked { item: "web", opened_by: &["web"], ..asked("measures", false, &["drill", "rto"]) },
        Asked { item: "ddos", opened_by: &["ddos"], ..asked("measures", false, &["drill", "rto"]) },
    ],
    &[
        Asked { exclusive: &["none"], ..asked("exercise", false, &["desk", "field", "none"]) },
        Asked { opened_by: &["desk", "field"], ..asked("lessons", true, &["yes", "no"]) },
    ],
    &[
        Asked {
            exclusive: &["none", "unknown"],
            nets: &[("detection", &["edr", "ndr"])],
            ..asked("tools", false, &["edr", "ndr", "siem", "none", "unknown"])
        },
        Asked { opened_by: &["edr", "ndr"], ..asked("response", true, &["yes", "no"]) },
    ],
];

/// Who is behind a part of the respondents: as whole sectors and as parts of them.
const PLACES: [(&str, &[&str]); 3] =
    [("regional", &["regional/bank", "regional/shinkin"]), ("securities", &["securities/"]), ("trust", &["trust/"])];

/// Counts of the cells of a family, one after the other.
type Counts = Vec<u8>;

impl Asked {
    /// The names of its cells: base, options, nets.
    fn cells(&self) -> impl Iterator<Item = String> + '_ {
        let nets = self.nets.iter().map(|(net, _)| net);
        let names = std::iter::once(&"base").chain(self.options).chain(nets);
        names.map(|name| format!("{}/{}/{name}", self.question, self.item))
    }

    fn width(&self) -> usize {
        1 + self.options.len() + self.nets.len()
    }

    /// What an answer adds to the cells.
    fn counted(&self, chosen: &[&str]) -> Counts {
        let is_any = |options: &[&str]| u8::from(options.iter().any(|option| chosen.contains(option)));
        let options = self.options.iter().map(|option| is_any(&[option]));
        std::iter::once(1).chain(options).chain(self.nets.iter().map(|(_, of)| is_any(of))).collect()
    }

    /// Every answer that somebody can give.
    fn answers(&self) -> Vec<Vec<&'static str>> {
        let sets = 1..1usize << self.options.len();
        let chosen = sets.map(|set| {
            let is_in = |at: usize| (set >> at) & 1 == 1;
            (0..self.options.len()).filter(|&at| is_in(at)).map(|at| self.options[at]).collect::<Vec<_>>()
        });
        let is_alone = |options: &[&str]| options.iter().any(|option| self.exclusive.contains(option));
        chosen.filter(|options| options.len() == 1 || (!self.is_single && !is_alone(options))).collect()
    }
}

/// What everybody knows of a part of a sector: how many answered the first question of a family, and
/// how many of those asked the others gave no usable answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Known {
    base: u8,
    nonresponse: Vec<u8>,
}

/// An institution, or several together, in the terms of a family.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
struct Own {
    /// What it adds to the cells.
    counts: Counts,
    /// What it adds to the nonresponse of each of the other questions.
    nonresponse: Vec<u8>,
}

/// What is printed of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Print {
    Value(u8),
    /// Limits in per cent, of which the upper one only belongs to it where it is 100; and of the base, on which
    /// alone there are such bands.
    Band([u32; 2], [u32; 2]),
    Nothing,
}

/// The widest that is known of each cell that is not printed.
pub type Ranges = BTreeMap<String, (i64, i64)>;

/// What can be known of a release.
pub struct Knowable {
    /// By outsiders.
    pub outside: Ranges,
    /// By each coalition of respondents, with how many of them belong to the base of each cell, and are counted in it.
    pub coalitions: Vec<(BTreeMap<String, [i64; 2]>, Ranges)>,
    /// How many tables were looked at.
    pub tables: usize,
    /// How many systems: families of questions in sectors.
    pub systems: usize,
}

fn key(place: &str, cell: &str) -> String {
    format!("{place}/{cell}")
}

/// Every vector that a number of institutions can give in the first question of a family or in another,
/// with what it lets through to the others behind it.
fn reachable(family: usize, at: usize, institutions: u8) -> Arc<Vec<Counts>> {
    type Memo = Mutex<HashMap<(usize, usize, u8), Arc<Vec<Counts>>>>;
    static MEMO: OnceLock<Memo> = OnceLock::new();
    let memo = MEMO.get_or_init(Memo::default);
    if let Some(known) = memo.lock().expect("no panic").get(&(family, at, institutions)) {
        return Arc::clone(known);
    }
    let question = &FAMILIES[family][at];
    let passed = |chosen: &[&str]| -> Counts {
        let behind = if at == 0 { &FAMILIES[family][1..] } else { &[] };
        behind.iter().map(|one| u8::from(one.opened_by.iter().any(|option| chosen.contains(option)))).collect()
    };
    let all: Vec<Counts> = if institutions == 0 {
        vec![vec![0; question.width() + passed(&[]).len()]]
    } else {
        let fewer = reachable(family, at, institutions - 1);
        let steps: Vec<Counts> =
            question.answers().iter().map(|chosen| [question.counted(chosen), passed(chosen)].concat()).collect();
        let sums = fewer.iter().flat_map(|counts| steps.iter().map(|step| sum(counts, step)));
        sums.collect::<HashSet<_>>().into_iter().collect()
    };
    let all = Arc::new(all);
    memo.lock().expect("no panic").insert((family, at, institutions), Arc::clone(&all));
    all
}

fn sum(one: &[u8], other: &[u8]) -> Counts {
    one.iter().zip(other).map(|(a, b)| a + b).collect()
}

/// Every table of a part that agrees with what is printed of it; `own` is added to what the others give.
fn tables(family: usize, known: &Known, own: Option<&Own>, printed: &[Print]) -> Vec<Counts> {
    let questions = FAMILIES[family];
    let starts = starts(family);
    let behind = questions.len() - 1;
    let own_counts = |at: usize| own.map_or(&[][..], |own| &own.counts[starts[at]..starts[at + 1]]);
    let with_own = |at: usize, counts: &[u8]| -> Counts {
        let own = own_counts(at).iter().copied().chain(std::iter::repeat(0));
        counts.iter().zip(own).map(|(count, own)| count + own).collect()
    };
    let agrees = |at: usize, counts: &[u8]| {
        counts.iter().zip(&printed[starts[at]..starts[at + 1]]).all(|(&count, print)| fits(*print, count, counts[0]))
    };
    let own_nonresponse = |at: usize| own.map_or(0, |own| own.nonresponse[at]);
    let mut memo: HashMap<(usize, u8), Vec<Counts>> = HashMap::new();
    let mut all = Vec::new();
    let others = known.base - own.map_or(0, |own| own.counts[0]);
    for first in reachable(family, 0, others).iter() {
        let (cells, passed) = first.split_at(questions[0].width());
        let cells = with_own(0, cells);
        if !agrees(0, &cells) {
            continue;
        }
        let mut partial = vec![cells];
        for at in 1..=behind {
            // Of the others, those who were asked and did not answer are the rest of the nonresponse.
            let silent = known.nonresponse[at - 1] - own_nonresponse(at - 1);
            let Some(base) = passed[at - 1].checked_sub(silent) else {
                partial.clear();
                break;
            };
            let lists = memo.entry((at, base)).or_insert_with(|| {
                let lists = reachable(family, at, base);
                lists.iter().map(|counts| with_own(at, counts)).filter(|counts| agrees(at, counts)).collect()
            });
            let longer = partial.iter().flat_map(|start| lists.iter().map(move |more| [&start[..], more].concat()));
            partial = longer.collect();
        }
        all.extend(partial);
    }
    all
}

/// Where the cells of each question of a family begin, and where the last ends.
fn starts(family: usize) -> Vec<usize> {
    let mut starts = vec![0];
    for question in FAMILIES[family] {
        starts.push(starts[starts.len() - 1] + question.width());
    }
    starts
}

fn fits(print: Print, count: u8, base: u8) -> bool {
    let (count_100, base_wide) = (100 * u32::from(count), u32::from(base));
    match print {
        Print::Value(value) => value == count,
        Print::Band([from, to], [least, most]) => {
            (least..=most).contains(&base_wide)
                && count_100 >= from * base_wide
                && (to == 100 || count_100 < to * base_wide)
        }
        Print::Nothing => true,
    }
}

/// The lowest and highest of every cell over some tables.
#[derive(Clone)]
struct Extremes(Vec<(u8, u8)>);

impl Extremes {
    fn of(counts: &[u8]) -> Extremes {
        Extremes(counts.iter().map(|&count| (count, count)).collect())
    }

    fn add(&mut self, counts: &[u8]) {
        for (ends, &count) in self.0.iter_mut().zip(counts) {
            *ends = (ends.0.min(count), ends.1.max(count));
        }
    }

    fn merge(&mut self, other: &Extremes) {
        for (ends, other) in self.0.iter_mut().zip(&other.0) {
            *ends = (ends.0.min(other.0), ends.1.max(other.1));
        }
    }
}

fn merge(all: &mut Option<Extremes>, one: &Extremes) {
    match all {
        Some(all) => all.merge(one),
        None => *all = Some(one.clone()),
    }
}

/// Tables by what they add to those cells of the whole that something is told of.
fn grouped(tables: &[Counts], told: &[usize]) -> HashMap<Counts, Extremes> {
    let mut groups: HashMap<Counts, Extremes> = HashMap::new();
    for counts in tables {
        let key: Counts = told.iter().map(|&at| counts[at]).collect();
        groups.entry(key).and_modify(|ends| ends.add(counts)).or_insert_with(|| Extremes::of(counts));
    }
    groups
}

/// The ranges of the cells of two parts and of the whole that they add up to. Bases of the whole stand at
/// `bases`, one for each cell.
fn together(parts: [&[Counts]; 2], whole: &[Print], bases: &[usize]) -> Option<(Extremes, Extremes, Extremes)> {
    // A band tells of its base as well, whether that is printed or not.
    let is_band = |at: usize| matches!(whole[at], Print::Band(..));
    let is_told = |at: &usize| {
        whole[*at] != Print::Nothing
            || (bases[*at] == *at && (0..whole.len()).any(|one| bases[one] == *at && is_band(one)))
    };
    let told: Vec<usize> = (0..whole.len()).filter(is_told).collect();
    let [first, second] = parts.map(|tables| grouped(tables, &told));
    let is_exact = told.iter().all(|&at| matches!(whole[at], Print::Value(_)));
    let mut found: [Option<Extremes>; 3] = [None, None, None];
    let mut pair = |one: &Extremes, other: &Extremes| {
        merge(&mut found[0], one);
        merge(&mut found[1], other);
        let sums = one.0.iter().zip(&other.0).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
        merge(&mut found[2], &Extremes(sums.collect()));
    };
    for (key, one) in &first {
        if is_exact {
            let rest: Option<Counts> = told
                .iter()
                .zip(key)
                .map(|(&at, count)| match whole[at] {
                    Print::Value(value) => value.checked_sub(*count),
                    _ => None,
                })
                .collect();
            if let Some(other) = rest.and_then(|rest| second.get(&rest)) {
                pair(one, other);
            }
            continue;
        }
        for (rest, other) in &second {
            let sums = sum(key, rest);
            let base = |at: usize| told.binary_search(&bases[at]).map_or(0, |place| sums[place]);
            if told.iter().zip(&sums).all(|(&at, &count)| fits(whole[at], count, base(at))) {
                pair(one, other);
            }
        }
    }
    let [first, second, whole] = found;
    Some((first?, second?, whole?))
}

/// Looks at every table, as outsiders and as every coalition of so many respondents or fewer.
pub fn knowable(members: &[Member], sectors: &[&str], most: usize, print: &dyn Fn(&str) -> Print) -> Knowable {
    let mut all = Knowable { outside: Ranges::new(), coalitions: Vec::new(), tables: 0, systems: 0 };
    for (sector, parts) in PLACES.iter().filter(|(sector, _)| sectors.contains(sector)) {
        for family in 0..FAMILIES.len() {
            look(members, (sector, parts), family, most, print, &mut all);
        }
    }
    all
}

fn look(
    members: &[Member],
    (sector, parts): (&str, &[&str]),
    family: usize,
    most: usize,
    print: &dyn Fn(&str) -> Print,
    all: &mut Knowable,
) {
    let names: Vec<String> = FAMILIES[family].iter().flat_map(Asked::cells).collect();
    let starts = starts(family);
    let base_at = |cell: usize| starts.iter().copied().filter(|&start| start <= cell).max().expect("a base");
    let bases: Vec<usize> = (0..names.len()).map(base_at).collect();
    // A part in which nobody is has no figures.
    let inhabited: Vec<(&str, Vec<Own>)> = parts
        .iter()
        .map(|place| {
            let there = members.iter().filter(|one| format!("{}/{}", one.sector, one.subsector) == *place);
            (*place, there.map(|member| own(family, member)).collect::<Vec<_>>())
        })
        .filter(|(_, owns)| !owns.is_empty())
        .collect();
    if inhabited.is_empty() {
        return;
    }
    let printed = |place: &str| -> Vec<Print> { names.iter().map(|name| print(&key(place, name))).collect() };
    let knowns: Vec<Known> = inhabited.iter().map(|(_, owns)| known(family, owns)).collect();
    let prints: Vec<Vec<Print>> = inhabited.iter().map(|(place, _)| printed(place)).collect();
    let is_divided = parts.len() > 1;
    let whole_place = format!("{sector}/");
    let whole = printed(&whole_place);
    if prints.iter().chain([&whole]).flatten().all(|print| matches!(print, Print::Value(_))) {
        return;
    }
    all.systems += 1;
    // One part alone, of a sector that is divided, is printed twice.
    let ranges = |lists: &[&[Counts]]| -> Ranges {
        let mut places: Vec<(&str, Extremes)> = Vec::new();
        match lists {
            [one, other] => {
                let (a, b, c) = together([one, other], &whole, &bases).expect("the truth agrees with what is printed");
                places.extend([(inhabited[0].0, a), (inhabited[1].0, b), (whole_place.as_str(), c)]);
            }
            [one] => {
                let nobody = [vec![0; names.len()]];
                let (a, _, c) =
                    together([one, &nobody], &whole, &bases).expect("the truth agrees with what is printed");
                places.push((whole_place.as_str(), c));
                if is_divided {
                    places.push((inhabited[0].0, a));
                }
            }
            _ => unreachable!("a sector has one part or two"),
        }
        let cells = places.iter().flat_map(|(place, ends)| {
            ends.0
                .iter()
                .zip(&names)
                .map(move |(ends, name)| (key(place, name), (i64::from(ends.0), i64::from(ends.1))))
        });
        cells.filter(|(name, _)| print(name) == Print::Nothing || matches!(print(name), Print::Band(..))).collect()
    };
    let lists: Vec<Vec<Counts>> =
        (0..inhabited.len()).map(|part| tables(family, &knowns[part], None, &prints[part])).collect();
    all.tables += lists.iter().map(Vec::len).sum::<usize>();
    all.outside.extend(ranges(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let owns: Vec<&[Own]> = inhabited.iter().map(|(_, owns)| owns.as_slice()).collect();
    let mut memo: HashMap<(usize, Own), Vec<Counts>> = HashMap::new();
    for together in coalitions(&owns, most) {
        for (&part, own) in &together {
            memo.entry((part, own.clone())).or_insert_with(|| {
                let others = tables(family, &knowns[part], Some(own), &prints[part]);
                all.tables += others.len();
                others
            });
        }
        let mut seen: Vec<&[Counts]> = lists.iter().map(Vec::as_slice).collect();
        let mut within: BTreeMap<String, [i64; 2]> = BTreeMap::new();
        for (&part, own) in &together {
            seen[part] = &memo[&(part, own.clone())];
        }
        for (cell, name) in names.iter().enumerate() {
            // They belong to those who could have been counted: in a base, who answered the first question.
            let belong = |own: &Own| i64::from(own.counts[if bases[cell] == cell { 0 } else { bases[cell] }]);
            let counted = |own: &Own| i64::from(own.counts[cell]);
            let of_all = [together.values().map(belong).sum(), together.values().map(counted).sum()];
            within.insert(key(&whole_place, name), of_all);
            let of_part = |(&part, own): (&usize, &Own)| (key(inhabited[part].0, name), [belong(own), counted(own)]);
            within.extend(together.iter().map(of_part));
        }
        all.coalitions.push((within, ranges(&seen)));
    }
}

/// Every coalition of so many or fewer of those who are in something of a family, by the parts that they
/// are in; of those who answered alike one is as good as another.
fn coalitions(parts: &[&[Own]], most: usize) -> BTreeSet<BTreeMap<usize, Own>> {
    // Who answers the first question not at all is in nothing of the family.
    let all: Vec<(usize, &Own)> = parts
        .iter()
        .enumerate()
        .flat_map(|(part, owns)| owns.iter().filter(|own| own.counts[0] == 1).map(move |own| (part, own)))
        .collect();
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    let mut found = BTreeSet::new();
    for _ in 0..most {
        let longer = sets.iter().flat_map(|set| {
            let next = set.last().map_or(0, |last| last + 1);
            (next..all.len()).map(move |one| [&set[..], &[one]].concat())
        });
        sets = longer.collect();
        for set in &sets {
            let mut together: BTreeMap<usize, Own> = BTreeMap::new();
            for &(part, own) in set.iter().map(|&one| &all[one]) {
                let add = |others: &mut Own| {
                    others.counts = sum(&others.counts, &own.counts);
                    others.nonresponse = sum(&others.nonresponse, &own.nonresponse);
                };
                together.entry(part).and_modify(add).or_insert_with(|| own.clone());
            }
            found.insert(together);
        }
    }
    found
}

fn answer<'m>(member: &'m Member, question: &Asked) -> Option<&'m [&'static str]> {
    let chosen = member.answers.get(&(question.question, question.item))?;
    chosen.iter().all(|option| question.options.contains(option)).then_some(chosen.as_slice())
}

/// What an institution adds to the cells of a family.
fn own(family: usize, member: &Member) -> Own {
    let questions = FAMILIES[family];
    let first = answer(member, &questions[0]);
    let (mut counts, mut nonresponse) = (Counts::new(), Vec::new());
    for (at, question) in questions.iter().enumerate() {
        let is_asked = at == 0 || first.is_some_and(|chosen| question.opened_by.iter().any(|one| chosen.contains(one)));
        let given = answer(member, question).filter(|_| is_asked);
        counts.extend(given.map_or_else(|| vec![0; question.width()], |chosen| question.counted(chosen)));
        if at > 0 {
            nonresponse.push(u8::from(is_asked && given.is_none()));
        }
    }
    Own { counts, nonresponse }
}

fn known(family: usize, owns: &[Own]) -> Known {
    let zero = vec![0; FAMILIES[family].len() - 1];
    let nonresponse = owns.iter().fold(zero, |all, own| sum(&all, &own.nonresponse));
    Known { base: owns.iter().map(|own| own.counts[0]).sum(), nonresponse }
}

/// The true value of every cell.
pub fn truth(members: &[Member], sectors: &[&str]) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for member in members.iter().filter(|member| sectors.contains(&member.sector)) {
        let own_place = format!("{}/{}", member.sector, member.subsector);
        let places = BTreeSet::from([own_place, format!("{}/", member.sector)]);
        for place in places {
            for (family, questions) in FAMILIES.iter().enumerate() {
                let counts = own(family, member).counts;
                for (name, count) in questions.iter().flat_map(|question| question.cells()).zip(counts) {
                    *all.entry(key(&place, &name)).or_default() += i64::from(count);
                }
            }
        }
    }
    all
}

/// The cells of a sector that can be withheld, and for each the base that it rests on or, of a base, the
/// one of the question before it.
pub fn cells(sectors: &[&str]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (sector, parts) in PLACES.iter().filter(|(sector, _)| sectors.contains(sector)) {
        let whole = format!("{sector}/");
        let places: BTreeSet<&str> = parts.iter().copied().chain([whole.as_str()]).collect();
        for place in places {
            for family in FAMILIES {
                let first = family[0].cells().next().expect("a base");
                for (at, question) in family.iter().enumerate() {
                    let base = question.cells().next().expect("a base");
                    if at > 0 {
                        all.push((key(place, &base), key(place, &first)));
                    }
                    all.extend(question.cells().skip(1).map(|cell| (key(place, &cell), key(place, &base))));
                }
            }
        }
    }
    all
}
