//! `cssa run`: the whole job.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::IngestArgs;
use crate::report;

pub fn run(arguments: &IngestArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_ingest(arguments, Stages { ingest: true, tabulate: true, compare: true, disclose: true, chart: true })
}
