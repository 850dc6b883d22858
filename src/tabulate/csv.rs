//! Tables as CSV: UTF-8 with a byte order mark, so that Excel reads the Japanese, and with
//! nothing in a cell that a spreadsheet would run.

use super::number::QUARTILE_METHOD;
use super::scope::scope_ids;
use super::{Exact, NumberSummary, Tabulation, table};
use crate::survey::Survey;

/// `distributions.csv`.
pub fn distributions_csv(survey: &Survey, tabulation: &Tabulation) -> Vec<u8> {
    let year = survey.fiscal_year.to_string();
    let mut rows = vec![
        ["fiscal_year", "sector", "subsector", "question", "item", "option", "kind", "count", "base", "percent"]
            .map(str::to_owned),
    ];
    for row in table::rows(survey, &tabulation.distributions) {
        let percent = row.figures.percent().map(|percent| percent.to_string()).unwrap_or_default();
        rows.push([
            year.clone(),
            row.sector.to_owned(),
            row.subsector.to_owned(),
            row.question.to_owned(),
            row.item.to_owned(),
            row.option.to_owned(),
            row.kind.to_owned(),
            row.figures.count.to_string(),
            row.figures.base.to_string(),
            percent,
        ]);
    }
    csv_bytes(&rows)
}

/// `numbers.csv`: n, mean and quartiles of the number questions.
pub fn numbers_csv(survey: &Survey, tabulation: &Tabulation) -> Vec<u8> {
    let year = survey.fiscal_year.to_string();
    let mut rows = vec![
        [
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
        ]
        .map(str::to_owned),
    ];
    let print = |number: Option<Exact>| number.map(|number| number.to_string()).unwrap_or_default();
    for table in &tabulation.numbers {
        for (key, NumberSummary { asked, base, mean, quartiles }) in table.cells() {
            let (sector, subsector) = scope_ids(survey, key.scope);
            let [first, median, third] = quartiles.map_or([None; 3], |all| all.map(Some));
            rows.push([
                year.clone(),
                sector.to_owned(),
                subsector.to_owned(),
                survey.question(table.question()).id.clone(),
                asked.to_string(),
                base.to_string(),
                print(*mean),
                print(first),
                print(median),
                print(third),
                QUARTILE_METHOD.to_owned(),
            ]);
        }
    }
    csv_bytes(&rows)
}

/// A CSV file as Excel opens it: UTF-8 with a byte order mark, and nothing that it would compute.
pub fn csv_bytes(rows: &[impl AsRef<[String]>]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|cell| defused(cell))).expect("writing to memory cannot fail");
    }
    writer.into_inner().expect("writing to memory cannot fail")
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front. Plain numbers
/// with a sign are none.
fn defused(cell: &str) -> String {
    // A dash by itself is the mark of a count of zero.
    let runs = cell != "-" && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if runs { format!("'{cell}") } else { cell.to_owned() }
}
