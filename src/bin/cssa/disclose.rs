//! `cssa disclose`: what may be published, and why the rest may not.

use cssa::pipeline::{self, Stages};

use crate::ExitStatus;
use crate::args::{DiscloseArgs, Format};
use crate::console;
use crate::report;

pub fn run(arguments: &DiscloseArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let Some(cell) = &arguments.explain else {
        let stages = Stages { ingest: false, tabulate: false, compare: false, disclose: true, chart: false };
        return report::run_disclosure(arguments, stages);
    };
    let [year_file] = arguments.stage.year_files.as_slice() else {
        return Err("--explain takes one year file\n  name the year that the cell is of".into());
    };
    let mut settings = report::settings(&arguments.stage, year_file);
    settings.ledger.clone_from(&arguments.ledger);
    let text = pipeline::explain_disclosure(&settings, arguments.circle.circle(), cell)?;
    console::print(&match arguments.stage.format {
        Format::Text => text,
        Format::Json => serde_json::json!({ "cell": cell, "explanation": text }).to_string() + "\n",
    });
    Ok(ExitStatus::Fine)
}
