//! Respondents who put their own answers together: what coalitions of them know about a part of a release.
//!
//! Respondents who know the same are a class, and a coalition is so many members of each class. There are
//! too many to try them one by one, so that many are tried at once, as one attacker who knows of every cell
//! and of every relation the most that any of them knows. Each of these inequalities holds of the true
//! values, and so all of them do together; and who knows more computes no wider an interval. What is wide
//! enough for that attacker is wide enough for all of them. Of the other cells the coalitions are divided
//! in two again and again, down to single ones, about which the answer is exact.
//!
//! Smaller coalitions have to be tried too. They compute less, but more is a secret of others to them: where
//! one of two respondents is short, each of them knows the other's answer, of which nothing is hidden to
//! both together.

use std::collections::BTreeMap;
use std::ops::Range;

/// How many coalitions, or sets of them, are tried in a part before it is too large to be attacked.
const MOST_TRIED: usize = 20_000;

/// Own answers of those who attack: how many of them are counted in cells, and how many could have been
/// and are not. All are ascending, without what is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::disclose) struct Knowledge {
    pub counted: Vec<(usize, i64)>,
    pub not_counted: Vec<(usize, i64)>,
    /// The relations that own answers do not exhaust, and by how much: what holds of all holds of the
    /// others alone, so that these relations are closer by that.
    pub unused: Vec<(usize, i64)>,
}

impl Knowledge {
    /// How many are counted in a cell.
    pub fn counted(&self, cell: usize) -> i64 {
        amount(&self.counted, cell)
    }

    /// How many could have been counted in a cell and are not.
    pub fn not_counted(&self, cell: usize) -> i64 {
        amount(&self.not_counted, cell)
    }

    /// How much of a relation own answers leave.
    pub fn unused(&self, relation: usize) -> i64 {
        amount(&self.unused, relation)
    }
}

fn amount(amounts: &[(usize, i64)], of: usize) -> i64 {
    amounts.binary_search_by_key(&of, |(one, _)| *one).map_or(0, |found| amounts[found].1)
}

/// What no coalition of some exceeds; of a single one, what it knows.
#[derive(Debug)]
pub(super) struct Strongest {
    pub knowledge: Knowledge,
    /// Whether it is a single one.
    pub is_one: bool,
    fewest: BTreeMap<usize, i64>,
}

impl Strongest {
    /// How many at least of the members of each coalition know their own answer to a cell.
    pub fn own(&self, cell: usize) -> i64 {
        self.fewest.get(&cell).copied().unwrap_or(0)
    }
}

/// Those who know the same, and how many of them there are.
#[derive(Debug)]
struct Class {
    knowledge: Knowledge,
    members: usize,
}

/// All coalitions of respondents who know something of a part.
#[derive(Debug)]
pub(super) struct Coalitions {
    /// The first may be nobody, who knows nothing and fills up a coalition that is smaller.
    classes: Vec<Class>,
    /// How many members each has, with nobody.
    size: usize,
}

/// The coalitions that have so many members of some classes, and so many of others.
type Choice = Vec<(Range<usize>, usize)>;

/// What came of trying all coalitions.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// How many coalitions were tried, by themselves or with others.
    pub coalitions: usize,
    /// The cells of which not all were tried, because there are too many.
    pub undecided: Vec<usize>,
}

impl Coalitions {
    /// The coalitions of so many respondents at most. Whoever knows nothing is of no use to the others.
    pub fn of(respondents: impl Iterator<Item = (Knowledge, usize)>, most: usize) -> Coalitions {
        let mut classes: BTreeMap<Knowledge, usize> = BTreeMap::new();
        for (knowledge, members) in respondents.filter(|(knowledge, _)| *knowledge != Knowledge::default()) {
            *classes.entry(knowledge).or_default() += members;
        }
        let size = most.min(classes.values().sum());
        if size > 1 {
            // One member at least is somebody.
            classes.insert(Knowledge::default(), size - 1);
        }
        let class = |(knowledge, members): (Knowledge, usize)| Class { knowledge, members: members.min(size) };
        Coalitions { classes: classes.into_iter().map(class).collect(), size }
    }

    /// What no coalition exceeds; `None` where there is none.
    pub fn strongest(&self) -> Option<Strongest> {
        self.all().map(|all| self.strongest_of(&all))
    }

    fn all(&self) -> Option<Choice> {
        (self.size > 0).then(|| vec![(0..self.classes.len(), self.size)])
    }

    /// Tries all coalitions on some cells. `is_left` gives those of the cells shown that are not wide enough
    /// to what it is shown; it ends everything with `None`.
    pub fn attack(
        &self,
        cells: Vec<usize>,
        mut is_left: impl FnMut(&Strongest, &[usize]) -> Option<Vec<usize>>,
    ) -> Tried {
        let mut tried = Tried::default();
        let mut waiting: Vec<(Choice, Vec<usize>)> = self.all().into_iter().map(|all| (all, cells.clone())).collect();
        for _ in 0..MOST_TRIED {
            let Some((choice, cells)) = waiting.pop() else { break };
            let strongest = self.strongest_of(&choice);
            let Some(left) = is_left(&strongest, &cells) else { return tried };
            if left.is_empty() || strongest.is_one {
                tried.coalitions = tried.coalitions.saturating_add(self.ways(&choice));
            } else {
                waiting.extend(self.divided(&choice).into_iter().map(|part| (part, left.clone())));
            }
        }
        tried.undecided = waiting.into_iter().flat_map(|(_, cells)| cells).collect();
        tried.undecided.sort_unstable();
        tried.undecided.dedup();
        tried
    }

    fn members(&self, classes: &Range<usize>) -> usize {
        self.classes[classes.clone()].iter().map(|class| class.members).sum()
    }

    fn strongest_of(&self, choice: &Choice) -> Strongest {
        let knowledge = Knowledge {
            counted: self.most(choice, |knowledge| &knowledge.counted),
            not_counted: self.most(choice, |knowledge| &knowledge.not_counted),
            unused: self.most(choice, |knowledge| &knowledge.unused),
        };
        let is_one = choice.iter().all(|(classes, _)| classes.len() == 1);
        Strongest { knowledge, is_one, fewest: self.fewest(choice) }
    }

    /// The most that any of some coalitions knows of each cell or relation.
    fn most(&self, choice: &Choice, of: impl Fn(&Knowledge) -> &[(usize, i64)]) -> Vec<(usize, i64)> {
        let mut most: BTreeMap<usize, i64> = BTreeMap::new();
        for (classes, count) in choice {
            let mut amounts: BTreeMap<usize, Vec<(i64, usize)>> = BTreeMap::new();
            for class in &self.classes[classes.clone()] {
                for &(key, amount) in of(&class.knowledge) {
                    amounts.entry(key).or_default().push((amount, class.members));
                }
            }
            for (key, mut amounts) in amounts {
                amounts.sort_unstable_by(|one, other| other.cmp(one));
                let mut left = *count;
                for (amount, members) in amounts {
                    let taken = members.min(left);
                    left -= taken;
                    *most.entry(key).or_default() += amount * small(taken);
                }
            }
        }
        most.into_iter().collect()
    }

    /// How many members at least of each of some coalitions know their own answer to a cell.
    fn fewest(&self, choice: &Choice) -> BTreeMap<usize, i64> {
        let mut fewest: BTreeMap<usize, i64> = BTreeMap::new();
        for (classes, count) in choice {
            let mut knowing: BTreeMap<usize, usize> = BTreeMap::new();
            for class in &self.classes[classes.clone()] {
                for (cell, _) in class.knowledge.counted.iter().chain(&class.knowledge.not_counted) {
                    *knowing.entry(*cell).or_default() += class.members;
                }
            }
            let members = self.members(classes);
            for (cell, knowing) in knowing {
                *fewest.entry(cell).or_default() += small(count.saturating_sub(members - knowing));
            }
        }
        fewest
    }

    /// Divides coalitions by how many of their members are in one half of the classes that have most.
    fn divided(&self, choice: &Choice) -> Vec<Choice> {
        let largest = (0..choice.len()).max_by_key(|&at| (choice[at].0.len(), std::cmp::Reverse(at)));
        let largest = largest.expect("a coalition has members");
        let (classes, count) = choice[largest].clone();
        let middle = classes.start + classes.len() / 2;
        let halves = [classes.start..middle, middle..classes.end];
        let room = halves.each_ref().map(|half| self.members(half));
        let divisions = (0..=count).filter(|&first| first <= room[0] && count - first <= room[1]);
        let divided = divisions.map(|first| {
            let mut part = choice.clone();
            let [one, other] = halves.clone();
            let these = [(one, first), (other, count - first)].into_iter().filter(|(_, count)| *count > 0);
            part.splice(largest..=largest, these);
            part
        });
        divided.collect()
    }

    /// How many coalitions there are of some.
    fn ways(&self, choice: &Choice) -> usize {
        let of = |(classes, count): &(Range<usize>, usize)| {
            // Place n: in how many ways n members can be of the classes so far.
            let mut ways = vec![0_usize; count + 1];
            ways[0] = 1;
            for class in &self.classes[classes.clone()] {
                for members in (1..=*count).rev() {
                    let fewer = members.saturating_sub(class.members)..members;
                    ways[members] = ways[fewer].iter().fold(ways[members], |sum, one| sum.saturating_add(*one));
                }
            }
            ways[*count]
        };
        choice.iter().map(of).fold(1, usize::saturating_mul)
    }
}

fn small(members: usize) -> i64 {
    i64::try_from(members).expect("few respondents")
}
