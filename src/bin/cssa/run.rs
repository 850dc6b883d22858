//! `cssa run`: the whole job.

use cssa::pipeline::Stages;

use crate::ExitStatus;
use crate::args::ReadingArgs;
use crate::report;

pub fn run(arguments: &ReadingArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(&arguments.stage, arguments.frames, Stages { ingest: true, tabulate: true, chart: true })
}
