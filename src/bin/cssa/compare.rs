//! `cssa compare`: what changed from the year before.

use cssa::pipeline::Stage;

use crate::ExitStatus;
use crate::args::CompareArgs;
use crate::report;

pub fn run(arguments: &CompareArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    report::run_comparison(arguments, &[Stage::Compare])
}
