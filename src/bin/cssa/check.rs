//! `cssa check`: is the definition of a year sound?

use cssa::pipeline::{self, CheckReport};

use crate::ExitStatus;
use crate::args::{CheckArgs, Format};
use crate::console;

pub fn run(arguments: &CheckArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let mut failed = false;
    for year_file in &arguments.year_files {
        match pipeline::check(year_file) {
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
    let CheckReport { fiscal_year, questions, prompts, sectors, edits, figures, forms, files } = report;
    format!(
        "FY{fiscal_year} is sound: {questions} questions ({prompts} with the items of grids), {sectors} sectors, \
         {edits} edits, {figures} figures, {forms} form(s), from {files} files\n"
    )
}
