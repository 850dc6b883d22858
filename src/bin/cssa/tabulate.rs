//! `cssa tabulate`: compute the distributions from the store.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::StageArgs;
use crate::report;

pub fn run(arguments: &StageArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(
        arguments,
        Stages { ingest: false, tabulate: true, compare: false, disclose: false, chart: false },
    )
}
