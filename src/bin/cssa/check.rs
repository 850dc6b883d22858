//! `cssa check`: is the definition of a year sound?

use cssa::pipeline::{self, CheckReport, CheckSettings, LedgerReport};

use crate::ExitStatus;
use crate::args::{CheckArgs, Format};
use crate::console;

pub fn run(arguments: &CheckArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let mut failed = false;
    for year_file in &arguments.year_files {
        let settings = CheckSettings {
            year_file: year_file.clone(),
            ledger: arguments.ledger.clone(),
            roster: arguments.roster.clone(),
        };
        match pipeline::check(&settings) {
            Ok(report) => console::print(&match arguments.format {
                Format::Json => serde_json::to_string(&report)? + "\n",
                Format::Text => describe(&report),
            }),
            Err(error) => {
                failed = true;
                console::error(&error);
            }
        }
    }
    Ok(if failed { ExitStatus::Failed } else { ExitStatus::Fine })
}

fn describe(report: &CheckReport) -> String {
    let CheckReport { fiscal_year, questions, prompts, sectors, edits, figures, forms, files, ledger } = report;
    let definition = format!(
        "FY{fiscal_year} is sound: {questions} questions ({prompts} with the items of grids), {sectors} sectors, \
         {edits} edits, {figures} figures, {forms} form(s), from {files} files\n"
    );
    definition + &ledger.as_ref().map(describe_ledger).unwrap_or_default()
}

fn describe_ledger(report: &LedgerReport) -> String {
    let LedgerReport { events, roster, roster_years, unexplained } = report;
    let roster = roster.display();
    match roster_years {
        None => format!("  its ledger of {events} event(s) is held against no roster: {roster} is not there\n"),
        Some(years) => {
            let years: Vec<String> = years.iter().map(|year| format!("FY{year}")).collect();
            let rest = match unexplained {
                None | Some(0) => String::new(),
                Some(count) => format!(
                    "  {count} difference(s) between the rosters of the two years are not explained by it; `cssa ingest` names them (P01 to P04)\n"
                ),
            };
            format!(
                "  its ledger of {events} event(s) contradicts nothing on the roster of {} ({roster})\n{rest}",
                years.join(", ")
            )
        }
    }
}
