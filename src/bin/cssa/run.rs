//! `cssa run`: the whole job.

use cssa::pipeline::Stage;

use crate::ExitStatus;
use crate::args::IngestArgs;
use crate::report;

pub fn run(arguments: &IngestArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_ingest(arguments, &[Stage::Ingest, Stage::Tabulate, Stage::Compare, Stage::Disclose, Stage::Chart])
}
