//! The time that a release takes on a collection of full size: to make one, and to attack it with the own answers of
//! every respondent.

use std::fs;
use std::path::Path;
use std::time::Instant;

use cssa::compare::Replies;
use cssa::disclose::{self, Beside, Contributions, Material, Pattern, Protected};
use cssa::store::Store;
use cssa::survey::{Circle, Policy, Survey};
use cssa::tabulate::{self, Tabulation};

use crate::program::{self, Measured, year_file};
use crate::synthetic::{self, Shape};
use crate::{median, variant};

const ROUNDS: usize = 5;
const YEARS: [u16; 2] = [2022, 2023];

/// Fills a store with both years and measures.
pub fn measure(work: &Path) {
    let folder = work.join("disclosure");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let surveys = YEARS.map(|year| Survey::load(&year_file(year)).expect("a sound definition"));
    let store = folder.join("data/store");
    for survey in &surveys {
        synthetic::write(&Store::open(&store).expect("a store"), survey);
    }
    measure_release(&folder);
    measure_attacks(&store, &surveys);
    measure_subsets(&folder, &surveys[1]);
    measure_shapes(&folder, &surveys[1]);
}

/// Both years, each in a process of its own, as an operator runs them.
fn measure_release(folder: &Path) {
    let (mut ratios, mut seconds, mut memory) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..ROUNDS {
        let both = |stage: &str| YEARS.map(|year| program::run_on_store(folder, stage, &year_file(year)));
        let sum = |measured: &[Measured]| measured.iter().map(|one| one.seconds).sum::<f64>();
        let (tabulate, disclose) = (both("tabulate"), both("disclose"));
        ratios.push(sum(&disclose) / sum(&tabulate));
        seconds.push(sum(&disclose));
        memory = disclose.iter().map(Measured::memory).fold(memory, f64::max);
    }
    println!(
        "release of both years: {:.2} s (bound 1.5); ratio to tabulating them, median of {ROUNDS} pairs {:.2}; \
         peak memory {:.0} MB (bound 200)",
        median(&mut seconds),
        median(&mut ratios),
        memory / 1e6
    );
}

/// Ten collections in which only some institutions answered.
fn measure_subsets(folder: &Path, survey: &Survey) {
    for number in 0..10 {
        let percent = 8 + 9 * number;
        let shape = Shape { subset: Some((percent, number)), ..Shape::SHIPPED };
        let name = format!("{percent} of 100 institutions");
        println!("{}", measure_shape(&folder.join(format!("subset-{number}")), survey, shape, &name, "1.5 s, 200 MB"));
    }
}

/// Twenty sub-sectors, and the questions several times.
fn measure_shapes(folder: &Path, survey: &Survey) {
    let divided = Shape { divided: Some(("shinkin", 20)), ..Shape::SHIPPED };
    println!("{}", measure_shape(&folder.join("divided"), survey, divided, "twenty sub-sectors of shinkin", "10 s"));
    for times in [1, 2, 4, 8] {
        let shape = Shape { times, ..Shape::SHIPPED };
        let name = format!("questions times {times}");
        println!("{}", measure_shape(&folder.join(format!("times-{times}")), survey, shape, &name, "linear"));
    }
}

/// A release of both circles of a collection in a shape.
fn measure_shape(folder: &Path, survey: &Survey, shape: Shape, name: &str, bound: &str) -> String {
    fs::create_dir_all(folder).expect("a folder can be made");
    let year_file = variant::write(&folder.join("definition"), shape);
    synthetic::write_shape(&Store::open(&folder.join("data/store")).expect("a store"), survey, shape);
    let measured = program::run_on_store(folder, "disclose", &year_file);
    let survey = Survey::load(&year_file).expect("a sound definition");
    let year = Year::read(&survey, &folder.join("data/store"));
    let mut public: Option<Pattern> = None;
    let circles = Circle::ALL.map(|circle| {
        let policy = survey.policy(circle).expect("a policy");
        let (seconds, protected) = timed(|| year.protect(policy, public.as_ref()));
        let account = &protected.account;
        let said = format!(
            "{} {seconds:.2} s, {} published, {} shares, {} withheld, {} opened",
            circle.word(),
            account.published,
            account.shares,
            protected.withheld.len(),
            protected.openings.len()
        );
        public = public.take().or(Some(protected.release.pattern()));
        said
    });
    format!(
        "release of {name}: {:.2} s, {:.0} MB (bound {bound}); {}",
        measured.seconds,
        measured.memory() / 1e6,
        circles.join("; ")
    )
}

/// The figures of one year.
struct Year<'a> {
    survey: &'a Survey,
    tabulation: Tabulation,
    replies: Replies,
    contributions: Contributions,
}

impl<'a> Year<'a> {
    fn read(survey: &'a Survey, store: &Path) -> Year<'a> {
        let store = Store::open(store).expect("a store");
        let tabulation = tabulate::tabulate(survey, &store).expect("counts");
        let replies = Replies::read(survey, survey, &store).expect("replies");
        let contributions = Contributions::read(survey, &store).expect("numbers");
        Year { survey, tabulation, replies, contributions }
    }

    fn protect(&self, policy: &Policy, public: Option<&Pattern>) -> Protected {
        let Year { survey, tabulation, replies, contributions } = self;
        let material = Material { survey, tabulation, replies, contributions, last_year: None };
        disclose::protect(&material, policy, &Beside { public, corrected: None }).expect("a release that can be made")
    }

    /// The cost of each limit in cells: the numbers that the file of policies has.
    fn print_costs(&self, policy: &Policy, public: Option<&Pattern>) {
        let Year { survey, tabulation, replies, contributions } = self;
        let material = Material { survey, tabulation, replies, contributions, last_year: None };
        let costs = disclose::costs(&material, policy, &Beside { public, corrected: None }).expect("no refusal");
        for (limit, value, account) in costs {
            println!(
                "    {limit} = {value}: {} published, {} shares, {} of {} tables whole",
                account.published, account.shares, account.whole_tables, account.tables
            );
        }
    }
}

/// The attacks of all respondents with their own answers, beside those of outsiders alone. An institution with
/// feedback knows the public release as well.
fn measure_attacks(store: &Path, surveys: &[Survey]) {
    for survey in surveys {
        let year = Year::read(survey, store);
        let mut public = None;
        for circle in Circle::ALL {
            let policy = survey.policy(circle).expect("a policy");
            let mut outsiders = policy.clone();
            outsiders.own_answer_interval.value = 0;
            let (mut ratios, mut seconds) = (Vec::new(), Vec::new());
            let mut protected = None;
            for _ in 0..ROUNDS {
                let (alone, _) = timed(|| year.protect(&outsiders, public.as_ref()));
                let (all, release) = timed(|| year.protect(policy, public.as_ref()));
                ratios.push(all / alone);
                seconds.push(all);
                protected = Some(release);
            }
            let protected = protected.expect("there are rounds");
            let account = &protected.account;
            println!(
                "release of {} for circle {}, protected and attacked with {} sets of own answers: {:.3} s (bound 1.5 for both circles); \
                 ratio to outsiders alone, median of {ROUNDS} pairs {:.2}; {} cells published, {} as shares, {} withheld, \
                 {} opened",
                survey.fiscal_year,
                circle.word(),
                account.classes,
                median(&mut seconds),
                median(&mut ratios),
                account.published,
                account.shares,
                protected.withheld.len(),
                protected.openings.len()
            );
            year.print_costs(policy, public.as_ref());
            public = public.or(Some(protected.release.pattern()));
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let began = Instant::now();
    let product = work();
    (began.elapsed().as_secs_f64(), product)
}
