//! `cssa ingest`: read the returned workbooks into the store.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::ReadArgs;
use crate::report;

pub fn run(arguments: &ReadArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(
        &arguments.stage,
        arguments.passwords.as_deref(),
        Stages { ingest: true, tabulate: false, chart: false },
    )
}
