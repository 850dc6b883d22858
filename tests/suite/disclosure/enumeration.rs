//! The knowledge that a release gives, in the slowest and plainest way: every table that agrees with the printed
//! figures, one after the other.
//!
//! Nothing here is taken from the program but the names of cells. A table counts the answers that a number of
//! institutions can give together, so the tables of m institutions are those of m − 1 with one more answer added; no
//! relation between cells is written down anywhere.

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
    /// The options that are adverse answers.
    adverse: &'static [&'static str],
    /// Whether it is adverse not to choose an option.
    is_lack_adverse: bool,
}

const fn single(question: &'static str, options: &'static [&'static str]) -> Asked {
    Asked {
        question,
        item: "",
        is_single: true,
        options,
        exclusive: &[],
        nets: &[],
        opened_by: &[],
        adverse: &[],
        is_lack_adverse: false,
    }
}

/// A multiple choice: adverse are "none" and the like, and every measure that is lacking.
const fn multiple(
    question: &'static str,
    options: &'static [&'static str],
    exclusive: &'static [&'static str],
) -> Asked {
    Asked { is_single: false, exclusive, adverse: exclusive, is_lack_adverse: true, ..single(question, options) }
}

/// Things asked that hang together: the first decides who is asked the others.
static FAMILIES: [&[Asked]; 6] = [
    &[
        Asked {
            nets: &[("installed", &["always", "partial"])],
            adverse: &["none"],
            ..single("soc", &["always", "partial", "none"])
        },
        Asked {
            nets: &[("any", &["malware", "outbound"])],
            opened_by: &["always", "partial"],
            ..multiple("scope", &["malware", "outbound", "none"], &["none"])
        },
    ],
    &[Asked { item: "plan", ..single("staffing", &["own", "external", "short"]) }],
    &[Asked { item: "watch", ..single("staffing", &["own", "external", "short"]) }],
    &[
        multiple("contingency", &["web", "ddos", "none"], &["none"]),
        Asked { item: "web", opened_by: &["web"], ..multiple("measures", &["drill", "rto"], &[]) },
        Asked { item: "ddos", opened_by: &["ddos"], ..multiple("measures", &["drill", "rto"], &[]) },
    ],
    &[
        multiple("exercise", &["desk", "field", "none"], &["none"]),
        Asked { opened_by: &["desk", "field"], adverse: &["no"], ..single("lessons", &["yes", "no"]) },
    ],
    &[
        Asked {
            nets: &[("detection", &["edr", "ndr"])],
            ..multiple("tools", &["edr", "ndr", "siem", "none", "unknown"], &["none", "unknown"])
        },
        Asked { opened_by: &["edr", "ndr"], ..single("response", &["yes", "no"]) },
    ],
];

/// The states of a response without a usable answer.
pub const SILENT: [&str; 3] = ["item_nonresponse", "contradictory", "unreadable"];

/// The places of each part of the respondents: as whole sectors and as parts of them.
const PLACES: [(&str, &[&str]); 3] =
    [("regional", &["regional/bank", "regional/shinkin"]), ("securities", &["securities/"]), ("trust", &["trust/"])];

/// Counts of the cells of a family, one after the other.
type Counts = Vec<u8>;

impl Asked {
    /// Its cells but for the base: options and nets, each with the options that it counts.
    fn counted_by_cells(&self) -> impl Iterator<Item = (&'static str, &[&'static str])> + '_ {
        let options = self.options.iter().map(|option| (*option, std::slice::from_ref(option)));
        options.chain(self.nets.iter().map(|(net, of)| (*net, *of)))
    }

    fn width(&self) -> usize {
        1 + self.options.len() + self.nets.len()
    }

    /// The counts that an answer adds to the cells.
    fn counted(&self, chosen: &[&str]) -> Counts {
        let is_any = |options: &[&str]| u8::from(options.iter().any(|option| chosen.contains(option)));
        std::iter::once(1).chain(self.counted_by_cells().map(|(_, of)| is_any(of))).collect()
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

    /// Whether it is adverse that all gave any of some options, and that nobody did.
    fn adverse_ends(&self, counted: &[&str]) -> [bool; 2] {
        let is_adverse = |option: &&str| self.adverse.contains(option);
        let mut others = self.options.iter().filter(|option| !counted.contains(option));
        let nobody = match self.is_single {
            true => !self.adverse.is_empty() && others.all(is_adverse),
            false => self.is_lack_adverse && counted.iter().any(|option| !self.exclusive.contains(option)),
        };
        [counted.iter().all(is_adverse), nobody]
    }
}

/// A cell of a family.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    question: usize,
    /// The column of its base; of a base, itself.
    base: usize,
    adverse: [bool; 2],
    /// Of a base behind a gate, and of the counts before it.
    is_at_gate: bool,
}

fn columns(family: usize) -> Vec<Column> {
    let questions = FAMILIES[family];
    let mut all: Vec<Column> = Vec::new();
    for (at, asked) in questions.iter().enumerate() {
        let base = all.len();
        let named = |name: &str| format!("{}/{}/{name}", asked.question, asked.item);
        let adverse = if at == 0 { [false; 2] } else { questions[0].adverse_ends(asked.opened_by) };
        all.push(Column { name: named("base"), question: at, base, adverse, is_at_gate: at > 0 });
        all.extend(asked.counted_by_cells().map(|(name, of)| Column {
            name: named(name),
            question: at,
            base,
            adverse: asked.adverse_ends(of),
            is_at_gate: at == 0,
        }));
    }
    all
}

/// The public facts on the institutions of a part: the number that answered the first question of a family, and the
/// numbers that were asked the others and gave no usable answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Known {
    base: u8,
    nonresponse: Vec<u8>,
}

/// An institution in the terms of a family.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
struct Own {
    /// The counts that it adds to the cells.
    counts: Counts,
    /// The nonresponse that it adds to each of the other questions.
    nonresponse: Vec<u8>,
}

/// The content that is printed in a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Print {
    Value(u8),
    /// Limits in half per cents, of which the upper one only belongs to it where it is 200; and of the base, on which
    /// alone there is such a share.
    Share([u32; 2], [u32; 2]),
    Nothing,
}

/// The possible counts of each cell that is not printed.
pub type Ranges = BTreeMap<String, (i64, i64)>;

/// A respondent, or several that answered alike.
pub struct Respondent {
    pub codes: Vec<String>,
    /// Whether it belongs to the base of each cell, and is counted in it.
    pub within: BTreeMap<String, [i64; 2]>,
    pub ranges: Ranges,
}

/// The knowledge that a release gives.
#[derive(Default)]
pub struct Knowable {
    pub outside: Ranges,
    pub respondents: Vec<Respondent>,
    /// The cells of which a reader who knows the policy finds one value only.
    pub pinned_by_policy: BTreeSet<String>,
    pub tables: usize,
    /// Families of questions in sectors.
    pub systems: usize,
    /// Those of them that have too many tables to look for what the policy gives away.
    pub skipped: usize,
}

/// The limits of a policy by which rules withhold cells.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub minimum_base: i64,
    pub minimum_count: i64,
    pub small_counts_below: i64,
    pub adverse_all_but: i64,
}

impl Limits {
    /// Whether a rule withholds a count of so many; `adverse` says whether all and nobody are adverse.
    fn withhold(self, count: i64, whole: i64, [all, nobody]: [bool; 2]) -> bool {
        let rest = whole - count;
        let is_few = |number: i64| number > 0 && number < self.minimum_count;
        let is_adverse = (all && rest <= self.adverse_all_but) || (nobody && count <= self.adverse_all_but);
        let is_small = whole < self.small_counts_below && (is_few(count) || is_few(rest));
        whole > 0 && (whole < self.minimum_base || is_adverse || is_small)
    }
}

/// The answers behind tables: groups of institutions, and the tables that count them.
struct Behind<'m> {
    groups: Vec<Vec<&'m Member>>,
    /// Each with what stands in front of its cells' names, and the groups that it counts.
    tables: Vec<(&'static str, Vec<usize>)>,
}

impl Behind<'_> {
    /// Where the groups differ, how many of a base a count leaves is looked at as well.
    fn has_rests(&self, table: usize) -> bool {
        self.tables.len() > 1 && self.tables[table].1.len() == 1
    }

    /// The columns of all tables, in order.
    fn columns(&self, family: usize) -> Vec<Column> {
        let own = columns(family);
        let mut all: Vec<Column> = Vec::new();
        for (at, (behind, _)) in self.tables.iter().enumerate() {
            let start = all.len();
            let named = |column: &Column| Column { base: start + column.base, ..column.clone() };
            all.extend(
                own.iter().map(named).map(|column| Column { name: format!("{behind}{}", column.name), ..column }),
            );
            if self.has_rests(at) {
                let rests = own.iter().filter(|column| !column.name.ends_with("/base"));
                let start = all.len();
                all.extend(rests.enumerate().map(|(n, column)| Column {
                    name: format!("rest@{behind}{}", column.name),
                    base: start + n,
                    ..column.clone()
                }));
            }
        }
        all
    }

    /// The counts in all columns that an answer of the institutions of each group gives.
    fn laid_out(&self, family: usize, groups: &[&[u8]]) -> Counts {
        let own = columns(family);
        let mut all = Counts::new();
        for (at, (_, counted)) in self.tables.iter().enumerate() {
            let zero = vec![0; own.len()];
            let counts = counted.iter().fold(zero, |all, &group| sum(&all, groups[group]));
            let rests = own.iter().enumerate().filter(|(n, column)| self.has_rests(at) && column.base != *n);
            let rests: Counts = rests.map(|(n, column)| counts[column.base] - counts[n]).collect();
            all.extend(counts.into_iter().chain(rests));
        }
        all
    }
}

fn key(place: &str, cell: &str) -> String {
    match cell.rsplit_once('@') {
        Some((behind, cell)) => format!("{behind}@{place}/{cell}"),
        None => format!("{place}/{cell}"),
    }
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

/// All that institutions can have answered together, as far as it agrees with what is printed of them; of one of
/// them the answer is known if `own` is given.
fn vectors(family: usize, known: &Known, own: Option<&Own>, printed: Option<&[Print]>) -> Vec<Counts> {
    let questions = FAMILIES[family];
    let starts = starts(family);
    let with_own = |at: usize, counts: &[u8]| -> Counts {
        let own = own.map_or(&[][..], |own| &own.counts[starts[at]..starts[at + 1]]);
        let own = own.iter().copied().chain(std::iter::repeat(0));
        counts.iter().zip(own).map(|(one, own)| one + own).collect()
    };
    let agrees = |at: usize, counts: &[u8]| {
        let Some(printed) = printed else { return true };
        printed[starts[at]..starts[at + 1]].iter().zip(counts).all(|(print, &count)| fits(*print, count, counts[0]))
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
        for at in 1..questions.len() {
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
    let (count_200, base_wide) = (200 * u32::from(count), u32::from(base));
    match print {
        Print::Value(value) => value == count,
        Print::Share([from, to], [least, most]) => {
            (least..=most).contains(&base_wide)
                && count_200 >= from * base_wide
                && (to == 200 || count_200 < to * base_wide)
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

/// The tables of two parts, of which those of the whole are the sums.
struct Pairs<'t> {
    whole: &'t [Print],
    bases: &'t [usize],
    /// The cells of the whole that something is told of.
    told: Vec<usize>,
}

impl<'t> Pairs<'t> {
    fn new(whole: &'t [Print], bases: &'t [usize]) -> Pairs<'t> {
        // A share tells of its base as well, whether that is printed or not.
        let is_share = |at: usize| matches!(whole[at], Print::Share(..));
        let is_told = |at: &usize| {
            whole[*at] != Print::Nothing
                || (bases[*at] == *at && (0..whole.len()).any(|one| bases[one] == *at && is_share(one)))
        };
        Pairs { whole, bases, told: (0..whole.len()).filter(is_told).collect() }
    }

    /// Tables by what they add to those cells.
    fn grouped<'l>(&self, tables: &'l [Counts]) -> HashMap<Counts, Vec<&'l Counts>> {
        let mut groups: HashMap<Counts, Vec<&Counts>> = HashMap::new();
        for counts in tables {
            groups.entry(self.told.iter().map(|&at| counts[at]).collect()).or_default().push(counts);
        }
        groups
    }

    /// The groups of two parts that agree with what is printed of the whole.
    fn agreeing<'g, G>(&self, first: &'g HashMap<Counts, G>, second: &'g HashMap<Counts, G>) -> Vec<(&'g G, &'g G)> {
        let is_exact = self.told.iter().all(|&at| matches!(self.whole[at], Print::Value(_)));
        let rest = |key: &Counts| -> Option<Counts> {
            let rest = self.told.iter().zip(key).map(|(&at, count)| match self.whole[at] {
                Print::Value(value) => value.checked_sub(*count),
                _ => None,
            });
            rest.collect()
        };
        let fits_sum = |one: &Counts, other: &Counts| {
            let sums = sum(one, other);
            let base = |at: usize| self.told.binary_search(&self.bases[at]).map_or(0, |place| sums[place]);
            self.told.iter().zip(&sums).all(|(&at, &count)| fits(self.whole[at], count, base(at)))
        };
        let mut found = Vec::new();
        for (key, one) in first {
            if is_exact {
                found.extend(rest(key).and_then(|rest| second.get(&rest)).map(|other| (one, other)));
            } else {
                found.extend(second.iter().filter(|(other, _)| fits_sum(key, other)).map(|(_, other)| (one, other)));
            }
        }
        found
    }

    /// The ranges of the cells of both parts and of the whole.
    fn extremes(&self, parts: [&[Counts]; 2]) -> [Extremes; 3] {
        let of = |tables: &[Counts]| -> HashMap<Counts, Extremes> {
            let groups = self.grouped(tables).into_iter().map(|(key, tables)| {
                let mut all = Extremes::of(tables[0]);
                tables.iter().for_each(|one| all.merge(&Extremes::of(one)));
                (key, all)
            });
            groups.collect()
        };
        let [first, second] = parts.map(of);
        let mut found: [Option<Extremes>; 3] = [None, None, None];
        for (one, other) in self.agreeing(&first, &second) {
            merge(&mut found[0], one);
            merge(&mut found[1], other);
            let sums = one.0.iter().zip(&other.0).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
            merge(&mut found[2], &Extremes(sums.collect()));
        }
        found.map(|ends| ends.expect("the truth agrees with what is printed"))
    }
}

/// Looks at every table, as an outsider, as every respondent, and as a reader who knows the policy.
pub fn knowable(
    members: &[Member],
    sectors: &[&str],
    print: &dyn Fn(&str) -> Print,
    limits: Option<Limits>,
) -> Knowable {
    let behind = Behind { groups: vec![members.iter().collect()], tables: vec![("", vec![0])] };
    look_at_all(&behind, sectors, FAMILIES.len(), print, limits)
}

/// The institutions whose answers or places are the same in two editions, and those behind one of them alone.
fn apart<'m>(before: &'m [Member], after: &'m [Member]) -> [Vec<&'m Member>; 3] {
    // No usable answer is as good as another.
    let given = |one: &Member| -> BTreeMap<_, _> {
        let given = one.answers.iter().filter(|(_, chosen)| !SILENT.contains(&chosen[0]));
        given.map(|(asked, chosen)| (*asked, chosen.clone())).collect()
    };
    let is_alike = |one: &Member, other: &Member| {
        (&one.code, one.sector, one.subsector) == (&other.code, other.sector, other.subsector)
            && given(one) == given(other)
    };
    let is_in = |one: &Member, others: &[Member]| others.iter().any(|other| is_alike(one, other));
    let (unchanged, came): (Vec<&Member>, Vec<&Member>) = after.iter().partition(|one| is_in(one, before));
    [unchanged, before.iter().filter(|one| !is_in(one, after)).collect(), came]
}

/// The answers that are behind the earlier of two editions alone, and those behind the later one alone.
pub fn left_and_came(before: &[Member], after: &[Member]) -> [Vec<Member>; 2] {
    let [_, left, came] = apart(before, after);
    [left, came].map(|members| members.into_iter().cloned().collect())
}

/// The same of two editions: those of whom answers or places are others now are known. Cells of the earlier edition
/// are named `earlier@…`, of the answers that left and came `left@…` and `came@…`, and what a count leaves of its base
/// `rest@…`.
pub fn knowable_of_both(
    before: &[Member],
    after: &[Member],
    sectors: &[&str],
    print: &dyn Fn(&str) -> Print,
) -> Knowable {
    let groups = apart(before, after).into_iter().collect();
    let tables = vec![("earlier@", vec![0, 1]), ("", vec![0, 2]), ("left@", vec![1]), ("came@", vec![2])];
    // The tables of the last family are too many.
    look_at_all(&Behind { groups, tables }, sectors, FAMILIES.len() - 1, print, None)
}

fn look_at_all(
    behind: &Behind<'_>,
    sectors: &[&str],
    families: usize,
    print: &dyn Fn(&str) -> Print,
    limits: Option<Limits>,
) -> Knowable {
    let mut all = Knowable::default();
    for (sector, parts) in PLACES.iter().filter(|(sector, _)| sectors.contains(sector)) {
        for family in 0..families {
            if let Some(look) = Look::new(behind, (sector, parts), family, print) {
                look.add_to(&mut all, limits);
            }
        }
    }
    all
}

/// A family of questions in a sector.
struct Look<'m> {
    behind: &'m Behind<'m>,
    family: usize,
    columns: Vec<Column>,
    bases: Vec<usize>,
    whole_place: String,
    whole: Vec<Print>,
    /// Parts with somebody in them: their places, the institutions of each group, and the printed content.
    parts: Vec<Inhabited<'m>>,
    is_divided: bool,
}

type Inhabited<'m> = (&'static str, Vec<Vec<(&'m str, Own)>>, Vec<Print>);

impl<'m> Look<'m> {
    fn new(
        behind: &'m Behind<'m>,
        (sector, places): (&str, &[&'static str]),
        family: usize,
        print: &dyn Fn(&str) -> Print,
    ) -> Option<Look<'m>> {
        let columns = behind.columns(family);
        let printed = |place: &str| -> Vec<Print> { columns.iter().map(|one| print(&key(place, &one.name))).collect() };
        let of_place = |place: &'static str| {
            let there = |one: &&&Member| format!("{}/{}", one.sector, one.subsector) == place;
            let owns = |group: &Vec<&'m Member>| -> Vec<(&'m str, Own)> {
                group.iter().filter(there).map(|one| (one.code.as_str(), own(family, one))).collect()
            };
            (place, behind.groups.iter().map(owns).collect::<Vec<_>>(), printed(place))
        };
        let parts = places.iter().map(|place| of_place(place));
        // A part in which nobody is has no figures.
        let parts: Vec<_> = parts.filter(|(_, groups, _)| groups.iter().any(|group| !group.is_empty())).collect();
        let whole_place = format!("{sector}/");
        let whole = printed(&whole_place);
        let all = parts.iter().flat_map(|(.., printed)| printed).chain(&whole);
        let is_open = all.zip(columns.iter().cycle()).any(|(print, _)| !matches!(print, Print::Value(_)));
        let bases = columns.iter().map(|column| column.base).collect();
        let is_divided = places.len() > 1;
        let look = Look { behind, family, bases, columns, whole_place, whole, parts, is_divided };
        (is_open && !look.parts.is_empty()).then_some(look)
    }

    /// Every table of a part; `own` are the answers of a respondent in each of the groups.
    fn tables(&self, part: usize, own: &[Option<Own>]) -> Vec<Counts> {
        let (_, groups, printed) = &self.parts[part];
        let is_plain = groups.len() == 1;
        let lists = groups.iter().zip(own).map(|(owns, own)| {
            vectors(self.family, &known(self.family, owns), own.as_ref(), is_plain.then_some(printed))
        });
        let lists: Vec<Vec<Counts>> = lists.collect();
        let [unchanged, left, came] = &lists[..] else { return lists.into_iter().next().expect("a group") };
        let width = columns(self.family).len();
        let agrees = |start: usize, counts: &[u8]| {
            let all = (0..width).zip(&printed[start..start + width]).zip(&self.bases[start..]);
            all.into_iter().all(|((at, print), base)| fits(*print, counts[at], counts[base - start]))
        };
        let mut all = Vec::new();
        for (one, gone) in unchanged.iter().flat_map(|one| left.iter().map(move |gone| (one, gone))) {
            if agrees(0, &sum(one, gone)) {
                let new = came.iter().filter(|new| agrees(width, &sum(one, new)));
                all.extend(new.map(|new| self.behind.laid_out(self.family, &[one, gone, new])));
            }
        }
        all
    }

    /// The counts that some tables of the parts leave open in each cell.
    fn ranges(&self, lists: &[&[Counts]]) -> Ranges {
        let pairs = Pairs::new(&self.whole, &self.bases);
        let nobody = [vec![0; self.columns.len()]];
        let [first, second, whole] = pairs.extremes([lists[0], lists.get(1).copied().unwrap_or(&nobody)]);
        let mut places = vec![(self.whole_place.as_str(), whole, &self.whole)];
        if self.is_divided {
            let parts = self.parts.iter().zip([first, second]);
            places.extend(parts.map(|((place, _, printed), ends)| (*place, ends, printed)));
        }
        let cells = places.iter().flat_map(|(place, ends, printed)| {
            let ends = ends.0.iter().zip(&self.columns).zip(printed.iter());
            let ends = ends.filter(|(_, print)| !matches!(print, Print::Value(_)));
            ends.map(|((ends, column), _)| (key(place, &column.name), (i64::from(ends.0), i64::from(ends.1))))
        });
        cells.collect()
    }

    fn add_to(&self, all: &mut Knowable, limits: Option<Limits>) {
        let nobody = vec![None; self.behind.groups.len()];
        let lists: Vec<Vec<Counts>> = (0..self.parts.len()).map(|part| self.tables(part, &nobody)).collect();
        all.systems += 1;
        all.tables += lists.iter().map(Vec::len).sum::<usize>();
        let outside: Vec<&[Counts]> = lists.iter().map(Vec::as_slice).collect();
        all.outside.extend(self.ranges(&outside));
        if let Some(limits) = limits {
            match self.pinned_by_policy(&outside, limits) {
                Some(pinned) => all.pinned_by_policy.extend(pinned),
                None => all.skipped += 1,
            }
        }
        let mut memo: HashMap<(usize, Vec<Option<Own>>), Vec<Counts>> = HashMap::new();
        for (owns, codes) in self.respondents() {
            for (&part, own) in &owns {
                memo.entry((part, own.clone())).or_insert_with(|| self.tables(part, own));
            }
            let mut seen = outside.clone();
            owns.iter().for_each(|(&part, own)| seen[part] = &memo[&(part, own.clone())]);
            let within = self.within(&owns);
            all.respondents.push(Respondent { codes, within, ranges: self.ranges(&seen) });
        }
    }

    /// Everybody who is in something of the family, with its answers in each group of each part.
    fn respondents(&self) -> BTreeMap<BTreeMap<usize, Vec<Option<Own>>>, Vec<String>> {
        let mut by_code: BTreeMap<&str, BTreeMap<usize, Vec<Option<Own>>>> = BTreeMap::new();
        for (part, (_, groups, _)) in self.parts.iter().enumerate() {
            for (group, owns) in groups.iter().enumerate() {
                // A respondent without an answer to the first question is in no cell of the family.
                for (code, own) in owns.iter().filter(|(_, own)| own.counts[0] == 1) {
                    let of_part = by_code.entry(code).or_default().entry(part);
                    of_part.or_insert_with(|| vec![None; groups.len()])[group] = Some(own.clone());
                }
            }
        }
        let mut alike: BTreeMap<_, Vec<String>> = BTreeMap::new();
        by_code.into_iter().for_each(|(code, owns)| alike.entry(owns).or_default().push(code.to_owned()));
        alike
    }

    /// The bases, and the cells, that count a respondent.
    fn within(&self, owns: &BTreeMap<usize, Vec<Option<Own>>>) -> BTreeMap<String, [i64; 2]> {
        let mut within: BTreeMap<String, [i64; 2]> = BTreeMap::new();
        let zero = vec![0; columns(self.family).len()];
        for (&part, own) in owns {
            let groups: Vec<&[u8]> =
                own.iter().map(|own| own.as_ref().map_or(zero.as_slice(), |own| own.counts.as_slice())).collect();
            let counts = self.behind.laid_out(self.family, &groups);
            for (at, column) in self.columns.iter().enumerate() {
                // Those who could have been asked gave a usable answer to the first question.
                let first = column.base - if column.base == at { starts(self.family)[column.question] } else { 0 };
                let places = [self.parts[part].0, self.whole_place.as_str()];
                for place in places.into_iter().collect::<BTreeSet<_>>() {
                    let entry = within.entry(key(place, &column.name)).or_default();
                    entry[0] += i64::from(counts[first]);
                    entry[1] += i64::from(counts[at]);
                }
            }
        }
        within
    }

    /// The cells that a rule withholds and that have one value only in all tables in which, of the withheld cells that
    /// hang together with it, a rule withholds one at least. `None` where there are too many tables.
    fn pinned_by_policy(&self, lists: &[&[Counts]], limits: Limits) -> Option<BTreeSet<String>> {
        const MOST_PAIRS: usize = 300_000;
        let width = self.columns.len();
        let silent = |part: &[Vec<(&str, Own)>]| known(self.family, &part[0]).nonresponse;
        let mut places: Vec<(&str, &[Print], Vec<u8>)> = Vec::new();
        let zero = vec![0; FAMILIES[self.family].len() - 1];
        let all_silent = self.parts.iter().fold(zero, |all, (_, groups, _)| sum(&all, &silent(groups)));
        places.push((&self.whole_place, &self.whole, all_silent));
        if self.is_divided {
            places.extend(self.parts.iter().map(|(place, groups, printed)| (*place, &printed[..], silent(groups))));
        }
        let is_ruled = |cell: usize, table: &[u8]| {
            let (place, at) = (cell / width, cell % width);
            let column = &self.columns[at];
            let of = |at: usize| i64::from(table[place * width + at]);
            match column.base == at {
                true if column.question == 0 => false,
                true => {
                    limits.withhold(of(at) + i64::from(places[place].2[column.question - 1]), of(0), column.adverse)
                }
                false => limits.withhold(of(at), of(column.base), column.adverse),
            }
        };
        // The whole, and the parts if the sector is divided.
        let joined = |one: &[u8], other: &[u8]| -> Counts {
            let parts = if self.is_divided { [one, other].concat() } else { Vec::new() };
            [sum(one, other), parts].concat()
        };
        let nobody = [vec![0; width]];
        let pairs = Pairs::new(&self.whole, &self.bases);
        let [first, second] = [lists[0], lists.get(1).copied().unwrap_or(&nobody)].map(|tables| pairs.grouped(tables));
        let agreeing = pairs.agreeing(&first, &second);
        if agreeing.iter().map(|(one, other)| one.len() * other.len()).sum::<usize>() > MOST_PAIRS {
            return None;
        }
        let truth = self.truth();
        let printed: Vec<Print> = places.iter().flat_map(|(_, printed, _)| printed.iter().copied()).collect();
        let pieces = self.pieces(&printed);
        let withheld: Vec<usize> = (0..printed.len()).filter(|&cell| printed[cell] == Print::Nothing).collect();
        let mut pending: Vec<usize> = withheld.iter().copied().filter(|&cell| is_ruled(cell, &truth)).collect();
        for (one, other) in agreeing
            .iter()
            .flat_map(|(first, second)| first.iter().flat_map(|one| second.iter().map(move |other| (one, other))))
        {
            if pending.is_empty() {
                break;
            }
            let table = joined(one, other);
            let explained: BTreeSet<usize> =
                withheld.iter().filter(|&&cell| is_ruled(cell, &table)).map(|&cell| pieces[cell]).collect();
            pending.retain(|&cell| table[cell] == truth[cell] || !explained.contains(&pieces[cell]));
        }
        let name = |cell: usize| key(places[cell / width].0, &self.columns[cell % width].name);
        Some(pending.into_iter().map(name).collect())
    }

    /// The true table: the whole, and the parts if the sector is divided.
    fn truth(&self) -> Counts {
        let zero = || vec![0; self.columns.len()];
        let of = |owns: &[(&str, Own)]| owns.iter().fold(zero(), |all, (_, own)| sum(&all, &own.counts));
        let parts: Vec<Counts> = self.parts.iter().map(|(_, groups, _)| of(&groups[0])).collect();
        let whole = parts.iter().fold(zero(), |all, part| sum(&all, part));
        [whole, if self.is_divided { parts.concat() } else { Vec::new() }].concat()
    }

    /// Which cells hang together of those that are not printed: those of one table, those of one cell in a sector and
    /// its parts (two parts of a printed sum as well), and a base behind a gate with the counts before it.
    fn pieces(&self, printed: &[Print]) -> Vec<usize> {
        let width = self.columns.len();
        let mut pieces: Vec<usize> = (0..printed.len()).collect();
        let is_free = |cell: &usize| !matches!(printed[*cell], Print::Value(_));
        let free: Vec<usize> = (0..printed.len()).filter(is_free).collect();
        for (&one, &other) in free.iter().flat_map(|one| free.iter().map(move |other| (one, other))) {
            let [a, b] = [one, other].map(|cell| &self.columns[cell % width]);
            let is_one_place = one / width == other / width;
            let is_one_table = is_one_place && a.base == b.base;
            let is_one_cell = one % width == other % width;
            if is_one_table || is_one_cell || (is_one_place && a.is_at_gate && b.is_at_gate) {
                let (from, to) = (pieces[one], pieces[other]);
                pieces.iter_mut().filter(|piece| **piece == from).for_each(|piece| *piece = to);
            }
        }
        pieces
    }
}

fn answer<'m>(member: &'m Member, question: &Asked) -> Option<&'m [&'static str]> {
    let chosen = member.answers.get(&(question.question, question.item))?;
    chosen.iter().all(|option| question.options.contains(option)).then_some(chosen.as_slice())
}

/// The counts that an institution adds to the cells of a family.
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

fn known(family: usize, owns: &[(&str, Own)]) -> Known {
    let zero = vec![0; FAMILIES[family].len() - 1];
    let nonresponse = owns.iter().fold(zero, |all, (_, own)| sum(&all, &own.nonresponse));
    Known { base: owns.iter().map(|(_, own)| own.counts[0]).sum(), nonresponse }
}

/// A cell as it truly is.
#[derive(Clone, Copy, Debug, Default)]
pub struct True {
    pub count: i64,
    /// Its base; of a base behind a gate, those who could have been asked.
    pub whole: i64,
    /// With those who gave no usable answer, of a base behind a gate.
    pub counted: i64,
    /// Whether all and nobody are adverse.
    pub adverse: [bool; 2],
}

impl True {
    /// Whether a rule withholds it.
    pub fn is_ruled(&self, limits: Limits) -> bool {
        limits.withhold(self.counted, self.whole, self.adverse)
    }
}

/// Every cell of some sectors with its true value. Bases of questions that everybody is asked are parts of nothing.
pub fn truth(members: &[Member], sectors: &[&str]) -> BTreeMap<String, True> {
    let mut all: BTreeMap<String, True> = BTreeMap::new();
    for member in members.iter().filter(|member| sectors.contains(&member.sector)) {
        let places = BTreeSet::from([format!("{}/{}", member.sector, member.subsector), format!("{}/", member.sector)]);
        for (place, family) in places.iter().flat_map(|place| (0..FAMILIES.len()).map(move |family| (place, family))) {
            let Own { counts, nonresponse } = own(family, member);
            for (at, column) in columns(family).into_iter().enumerate() {
                let is_base = column.base == at;
                let silent = if is_base && at > 0 { nonresponse[column.question - 1] } else { 0 };
                let cell = all.entry(key(place, &column.name)).or_default();
                cell.count += i64::from(counts[at]);
                cell.counted += i64::from(counts[at] + silent);
                cell.whole += if at > 0 { i64::from(counts[if is_base { 0 } else { column.base }]) } else { 0 };
                cell.adverse = column.adverse;
            }
        }
    }
    all
}
