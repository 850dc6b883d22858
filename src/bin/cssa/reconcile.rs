//! `cssa reconcile`: a published table held against its bases.

use cssa::reconcile::{self, Definitions, Extent, Published};

use crate::ExitStatus;
use crate::args::{Format, ReconcileArgs};
use crate::console;

pub fn run(arguments: &ReconcileArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let definitions = Definitions::load(&arguments.definitions)?;
    let published = Published::read(&arguments.table, arguments.base)?;
    let reconciliation = reconcile::reconcile(published, &definitions);
    let extent = if arguments.all { Extent::All } else { Extent::Flagged };
    console::print(&match arguments.format {
        Format::Text => reconcile::text(&reconciliation, extent),
        Format::Json => reconcile::jsonl(&reconciliation, extent),
    });
    Ok(if reconciliation.is_flagged() { ExitStatus::Findings } else { ExitStatus::Fine })
}
