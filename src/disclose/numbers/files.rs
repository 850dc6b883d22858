//! The number questions of a release as files: what may be printed, and for the desk why the rest may not.

use super::{Mean, ReleasedNumber};
use crate::disclose::protect::Protected;
use crate::disclose::release::Release;
use crate::survey::{QuestionIndex, Survey};
use crate::tabulate::{self, Exact, QUARTILE_METHOD, Scope, scope_ids};

/// `numbers.csv` of a release: base, mean and quartiles of every number question that it is about, with a
/// mark where something is not printed.
pub fn numbers_csv(survey: &Survey, release: &Release) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "sector",
        "subsector",
        "question",
        "asked",
        "base",
        "mean",
        "first_quartile",
        "median",
        "third_quartile",
        "quartile_method",
        "mark",
    ];
    let year = survey.fiscal_year.to_string();
    let print = |number: Option<Exact>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut rows = vec![header.map(str::to_owned)];
    for table in release.numbers() {
        let cells = table.cells().iter().filter(|(key, _)| release.population(key.scope).is_some());
        for (key, released) in cells {
            let (sector, subsector) = scope_ids(survey, key.scope);
            let mean = match released.mean() {
                Mean::Published(mean) => mean,
                Mean::Withheld(_) => None,
            };
            let [asked, base] = bases(released);
            let [first, median, third] = released.quartiles().map_or([None; 3], |all| all.map(Some));
            rows.push([
                year.clone(),
                sector.to_owned(),
                subsector.to_owned(),
                survey.question(table.question()).id.clone(),
                asked,
                base,
                print(mean),
                print(first),
                print(median),
                print(third),
                QUARTILE_METHOD.to_owned(),
                released.mark().to_owned(),
            ]);
        }
    }
    tabulate::csv_bytes(&rows)
}

fn bases(released: &ReleasedNumber) -> [String; 2] {
    released.base().map(|base| [base.asked.to_string(), base.base.to_string()]).unwrap_or_default()
}

/// How a total is named in messages: `regional/shinkin/security_staff`.
pub fn number_name(survey: &Survey, question: QuestionIndex, scope: Scope) -> String {
    let (sector, subsector) = scope_ids(survey, scope);
    format!("{sector}/{subsector}/{}", survey.question(question).id)
}

/// The withheld numbers for the desk: every number of which something is withheld, with its true total
/// and largest contributor, the reasons, and the totals between which an outsider cannot tell.
pub fn withheld_numbers_csv(survey: &Survey, protected: &Protected) -> Vec<u8> {
    let header = ["fiscal_year", "number", "total", "largest", "mean_reason", "quartiles_reason", "lowest", "highest"];
    let mut rows = vec![header.map(str::to_owned)];
    for ((question, scope), withheld) in &protected.numbers.withheld {
        let word = |reason: Option<super::NumberReason>| reason.map(|reason| reason.word().to_owned());
        rows.push([
            survey.fiscal_year.to_string(),
            number_name(survey, *question, *scope),
            withheld.total.to_string(),
            withheld.largest.to_string(),
            word(withheld.mean).unwrap_or_default(),
            word(withheld.quartiles).unwrap_or_default(),
            withheld.interval.map(|interval| interval.0.to_string()).unwrap_or_default(),
            withheld.interval.map(|interval| interval.1.to_string()).unwrap_or_default(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}
