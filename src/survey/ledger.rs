//! Temporary.
use super::{DefinitionError, Survey};
use std::path::Path;
#[derive(Debug, Default)]
pub struct Ledger;
impl Ledger {
    pub fn load(_p: &Path, _s: &Survey) -> Result<Ledger, DefinitionError> {
        Ok(Ledger)
    }
}
