//! `cssa chart`: draw the figures from the store.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::StageArgs;
use crate::report;

pub fn run(arguments: &StageArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(
        arguments,
        Stages { ingest: false, tabulate: false, compare: false, disclose: false, chart: true },
    )
}
