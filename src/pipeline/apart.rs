//! The folders of a run lie apart: a store within the returns would be read as returns, and so would outputs; outputs
//! within a store, or a store among outputs, would be taken for what they are not.

use std::path::{Component, Path, PathBuf};

use super::PipelineError;

/// The folders within the outputs in which every file is the program's own.
const OWN: [&str; 2] = ["internal", "public"];

/// A folder that the user names, with its role and its flag.
struct Named<'p> {
    role: &'static str,
    flag: &'static str,
    path: &'p Path,
    real: PathBuf,
}

impl<'p> Named<'p> {
    fn new(role: &'static str, flag: &'static str, path: &'p Path) -> Named<'p> {
        Named { role, flag, path, real: real(path) }
    }

    /// Refuses this folder inside another one.
    fn outside(&self, outer: &Named<'_>, because: &'static str) -> Result<(), PipelineError> {
        if !self.real.starts_with(&outer.real) {
            return Ok(());
        }
        let is_same = self.real == outer.real;
        Err(PipelineError::NotApart {
            inner: format!("{} {}", self.role, self.path.display()),
            relation: if is_same { "is the same folder as" } else { "lies inside" },
            outer: format!("{} {}", outer.role, outer.path.display()),
            because,
            flag: self.flag,
        })
    }
}

/// The place of a path that may not exist yet, without links and dots as far as it exists.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut real = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            Component::CurDir => {}
            part => real.push(part),
        }
        real = std::fs::canonicalize(&real).unwrap_or(real);
    }
    real
}

/// Stops where one of the folders lies inside another one whose files have another purpose.
pub(super) fn check(returns: Option<&Path>, store: &Path, out: &Path) -> Result<(), PipelineError> {
    let returns = returns.map(|path| Named::new("the folder of returns", "--returns", path));
    let store = Named::new("the store", "--store", store);
    let own = OWN.map(|folder| out.join(folder));
    let out = Named::new("the folder of outputs", "--out", out);
    out.outside(&store, "which holds tables and nothing else")?;
    if let Some(returns) = &returns {
        returns.outside(&store, "which holds tables and no returns")?;
        store.outside(returns, "of which every file is read as a return")?;
        out.outside(returns, "of which every file is read as a return")?;
    }
    for path in &own {
        let own = Named::new("the folder of outputs", "--out", path);
        store.outside(&own, "which holds files of the program and nothing else")?;
        if let Some(returns) = &returns {
            returns.outside(&own, "which holds files of the program and no returns")?;
        }
    }
    Ok(())
}
