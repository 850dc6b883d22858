//! `cssa ingest`: read the returned workbooks into the store.

use cssa::pipeline::Stage;

use crate::ExitStatus;
use crate::args::IngestArgs;
use crate::report;

pub fn run(arguments: &IngestArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_ingest(arguments, &[Stage::Ingest])
}
