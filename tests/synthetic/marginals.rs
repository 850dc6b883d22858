//! How many of a sector give each answer: as published where it was published, as in the other year where
//! only that was published, made up where neither was.

use std::ops::Range;

use cssa::survey::{Prompt, Question, Shown, Survey};

use super::draw::draw_below;

/// A published count.
struct Figure {
    is_of_the_year: bool,
    question: String,
    item: String,
    /// The options that it counts, by id.
    options: Vec<String>,
    count: usize,
    base: usize,
}

/// The published figures of a sector.
pub struct Published<'s> {
    survey: &'s Survey,
    sector: String,
    figures: Vec<Figure>,
}

/// How many of those who are asked give no answer, and how many choose each option.
pub struct Marginals {
    pub blank: usize,
    pub counts: Vec<usize>,
}

/// How many choose options, by position, alone or together.
type Wanted = Vec<(Vec<u16>, usize)>;

/// How many would choose each option, of how many.
struct Usual {
    counts: Vec<usize>,
    whole: usize,
}

impl<'s> Published<'s> {
    /// The published counts of a sector, without those that no answers can give.
    pub fn read(survey: &'s Survey, sector: &str) -> Published<'s> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/published.csv");
        let mut reader = csv::Reader::from_path(path).expect("the published figures");
        let headers = reader.headers().expect("a header").clone();
        let column = |name: &str| headers.iter().position(|header| header == name).expect("a column");
        let columns = ["fiscal_year", "sector", "status", "question", "item", "option", "count", "base"].map(column);
        let mut figures = Vec::new();
        for row in reader.records() {
            let row = row.expect("a well-formed row");
            let [year, whose, status, question, item, option, count, base] = columns.map(|column| &row[column]);
            if whose != sector || status == "impossible" {
                continue;
            }
            figures.push(Figure {
                is_of_the_year: year == survey.fiscal_year.to_string(),
                question: question.to_owned(),
                item: item.to_owned(),
                options: option.split('+').map(str::to_owned).collect(),
                count: count.parse().expect("a count"),
                base: base.parse().expect("a base"),
            });
        }
        Published { survey, sector: sector.to_owned(), figures }
    }

    /// The counts of the answers if so many are asked.
    pub fn marginals(&self, prompt: Prompt, asked: usize) -> Marginals {
        let opened = self.opened(prompt);
        let base = match self.wanted(prompt, true) {
            (_, Some(base)) => base,
            // A question that gates another, or with fewer than 100 asked, has no blanks; any other has a few.
            _ if !opened.is_empty() || asked < 100 => asked,
            _ => asked - self.made_up(prompt, "blank", 0..3),
        };
        let mut usual = self.made_up_usual(prompt);
        if let (wanted, Some(whole)) = self.wanted(prompt, false) {
            usual = Usual { counts: self.counts(prompt, whole, wanted, &usual), whole };
        }
        let wanted = [self.wanted(prompt, true).0, opened].concat();
        let blank = asked.checked_sub(base).expect("no more answer than are asked");
        Marginals { blank, counts: self.counts(prompt, base, wanted, &usual) }
    }

    /// The published counts of a prompt in the year, or in the other, with their base.
    fn wanted(&self, prompt: Prompt, is_of_the_year: bool) -> (Wanted, Option<usize>) {
        let (question, item) = self.survey.prompt_ids(prompt);
        let of_prompt = |figure: &&Figure| figure.question == question && figure.item == item;
        let figures = self.figures.iter().filter(of_prompt).filter(|one| one.is_of_the_year == is_of_the_year);
        let base = figures.clone().next().map(|figure| figure.base);
        let question = self.survey.question(prompt.question);
        (figures.map(|figure| (positions(question, figure), figure.count)).collect(), base)
    }

    /// How many have to open the gates of later questions, by the options that do.
    fn opened(&self, prompt: Prompt) -> Wanted {
        let gated = self.survey.prompts().filter_map(|later| {
            let gate = self.survey.question(later.question).gate.as_ref()?;
            let decides = gate.question == prompt.question && prompt.item.is_none();
            let base = self.wanted(later, true).1.filter(|_| decides)?;
            Some((gate.accepted(later.item).to_vec(), base))
        });
        gated.collect()
    }

    /// A number that follows from what it is about, in every year the same.
    fn made_up(&self, prompt: Prompt, what: &str, range: Range<u32>) -> usize {
        let (question, item) = self.survey.prompt_ids(prompt);
        let drawn = draw_below(range.end - range.start, &["marginals", &self.sector, question, item, what]);
        usize::try_from(range.start + drawn).expect("a small number")
    }

    fn made_up_usual(&self, prompt: Prompt) -> Usual {
        let options = self.survey.question(prompt.question).options.iter();
        Usual { counts: options.map(|option| self.made_up(prompt, &option.id, 15..90)).collect(), whole: 100 }
    }

    fn counts(&self, prompt: Prompt, base: usize, wanted: Wanted, usual: &Usual) -> Vec<usize> {
        let question = self.survey.question(prompt.question);
        if question.kind.is_single() {
            one_each(question, base, wanted, &usual.counts)
        } else {
            any_each(question, base, &wanted, usual)
        }
    }
}

/// A single choice: the unknown part of a set of options is shared out among its others, the smallest sets first.
fn one_each(question: &Question, base: usize, mut wanted: Wanted, weights: &[usize]) -> Vec<usize> {
    let all = (0..).zip(&question.options).map(|(option, _)| option).collect();
    wanted.push((all, base));
    wanted.sort_by_key(|(options, _)| options.len());
    let mut counts: Vec<Option<usize>> = vec![None; question.options.len()];
    for (options, count) in wanted {
        let places = || options.iter().map(|&option| usize::from(option));
        let known: usize = places().filter_map(|option| counts[option]).sum();
        let mut left = count.checked_sub(known).expect("parts are no more than their whole");
        let open: Vec<usize> = places().filter(|&option| counts[option].is_none()).collect();
        assert!(!open.is_empty() || left == 0, "the parts of {} are their whole", question.id);
        let weight = |option: usize| weights[option].max(1);
        let mut others: usize = open.iter().map(|&option| weight(option)).sum();
        for option in open {
            let share = left * weight(option) / others;
            counts[option] = Some(share);
            left -= share;
            others -= weight(option);
        }
    }
    counts.into_iter().map(|count| count.expect("the whole has every option")).collect()
}

/// Of a multiple choice: "none of these" for some of those whom the others leave room for.
fn any_each(question: &Question, base: usize, wanted: &Wanted, usual: &Usual) -> Vec<usize> {
    let mut counts = Vec::with_capacity(question.options.len());
    for ((position, option), usual_count) in (0..).zip(&question.options).zip(&usual.counts) {
        let published = wanted.iter().find(|(options, _)| *options == [position]);
        counts.push(match published {
            Some((_, count)) => *count,
            None if option.exclusive => 0,
            None => base * usual_count / usual.whole,
        });
    }
    if let Some(alone) = question.options.iter().position(|option| option.exclusive) {
        let most = base - counts.iter().copied().max().unwrap_or(0);
        let least = base.saturating_sub(counts.iter().sum());
        counts[alone] = least.max(most / 3);
    }
    counts
}

fn positions(question: &Question, figure: &Figure) -> Vec<u16> {
    let of = |id: &String| match (question.option(id), question.net(id)) {
        (Some(option), _) => vec![option],
        (None, Some(net)) => question.options_of(Shown::Net(net)),
        (None, None) => panic!("{} has no option {id}", question.id),
    };
    figure.options.iter().flat_map(of).collect()
}
