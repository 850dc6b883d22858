//! `cssa chart`: draw the figures from the store.

use cssa::pipeline::Stage;

use crate::ExitStatus;
use crate::args::StageArgs;
use crate::report;

pub fn run(arguments: &StageArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_stages(arguments, &[Stage::Chart])
}
