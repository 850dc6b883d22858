//! The number questions of a release as files and sentences: the printed figures, and for the desk the reasons for
//! the withheld ones.

use super::released::Mean;
use super::rule::NumberReason;
use super::{ProtectedNumbers, WithheldNumber};
use crate::disclose::release::Release;
use crate::survey::{Kind, Policy, QuestionIndex, Survey};
use crate::tabulate::{self, Exact, QUARTILE_METHOD, Scope, scope_ids};

/// `numbers.csv` of a release: base, mean and quartiles of every number question of every scope that it covers, with
/// a mark where something is not printed.
pub fn numbers_csv(survey: &Survey, release: &Release) -> Vec<u8> {
    let header = "fiscal_year,sector,subsector,question,asked,base,mean,first_quartile,median,third_quartile,\
                  quartile_method,mark";
    let print = |number: Option<Exact>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut rows: Vec<Vec<String>> = vec![header.split(',').map(str::to_owned).collect()];
    for table in release.numbers() {
        let question = &survey.question(table.question()).id;
        for (key, released) in table.cells().iter().filter(|(key, _)| release.population(key.scope).is_some()) {
            let (sector, subsector) = scope_ids(survey, key.scope);
            let base = released.base();
            let [asked, base] = base.map(|one| [one.asked.to_string(), one.base.to_string()]).unwrap_or_default();
            let mean = if let Mean::Published(mean) = released.mean() { mean } else { None };
            let [first, median, third] = released.quartiles().map_or([None; 3], |all| all.map(Some)).map(print);
            let names = [&survey.fiscal_year.to_string(), sector, subsector, question].map(str::to_owned);
            let method = QUARTILE_METHOD.to_owned();
            let figures = [asked, base, print(mean), first, median, third, method, released.mark().to_owned()];
            rows.push(names.into_iter().chain(figures).collect());
        }
    }
    tabulate::csv_bytes(&rows)
}

/// The withheld numbers for the desk: every number of which something is withheld, with its true total and largest
/// contributor, and the reasons.
pub fn withheld_numbers_csv(survey: &Survey, numbers: &ProtectedNumbers) -> Vec<u8> {
    let mut rows =
        vec![["fiscal_year", "number", "total", "largest", "mean_reason", "quartiles_reason"].map(str::to_owned)];
    for ((question, scope), WithheldNumber { mean, quartiles, total, largest }) in &numbers.withheld {
        let [mean, quartiles] = [mean, quartiles].map(|reason| reason.map_or("", NumberReason::word).to_owned());
        let (year, name) = (survey.fiscal_year.to_string(), number_name(survey, *question, *scope));
        rows.push([year, name, total.to_string(), largest.to_string(), mean, quartiles]);
    }
    tabulate::csv_bytes(&rows)
}

/// How a number is named on the command line and in messages: `regional/shinkin/security_staff`.
pub fn number_name(survey: &Survey, question: QuestionIndex, scope: Scope) -> String {
    let (sector, subsector) = scope_ids(survey, scope);
    format!("{sector}/{subsector}/{}", survey.question(question).id)
}

/// The number with a name.
pub fn number(survey: &Survey, name: &str) -> Option<(QuestionIndex, Scope)> {
    let questions = (0..survey.questions.len()).map(QuestionIndex::at);
    let numbers = questions.filter(|question| survey.question(*question).kind == Kind::Number);
    let mut all = numbers.flat_map(|question| Scope::all(survey).map(move |scope| (question, scope)));
    all.find(|(question, scope)| number_name(survey, *question, *scope) == name)
}

/// The printed figures of a number and the reasons for the withheld ones, in sentences; `None` for a number outside
/// the release.
pub fn explain_number(
    survey: &Survey,
    policy: &Policy,
    release: &Release,
    numbers: &ProtectedNumbers,
    (question, scope): (QuestionIndex, Scope),
) -> Option<String> {
    let table = release.numbers().iter().find(|table| table.question() == question)?;
    table.cell(scope, None, None).filter(|_| release.population(scope).is_some())?;
    let mut text = format!("{} ({})\n", number_name(survey, question, scope), survey.question(question).title);
    let Some(withheld) = numbers.withheld.get(&(question, scope)) else {
        return Some(text + "  printed: the mean and the quartiles\n");
    };
    for (what, reason) in [("the mean", withheld.mean), ("the quartiles", withheld.quartiles)] {
        text += &match reason {
            None => format!("  {what}: printed\n"),
            Some(reason) => format!("  {what}: withheld, because {}\n", reason.words().1),
        };
        if let Some(limit) = reason.and_then(|reason| reason.limit(policy)) {
            text += &format!("    the limit is {}: {}\n", limit.value, limit.authority);
        }
    }
    Some(text)
}
