//! `cssa ingest`: read the returned workbooks into the store.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::StageArgs;
use crate::report;

pub fn run(arguments: &StageArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(arguments, Stages { ingest: true, tabulate: false, chart: false })
}
