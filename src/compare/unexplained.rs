//! Findings about differences between the rosters of two years that the institution ledger does not explain.

use super::{Lineage, Remark};
use crate::finding::{Code, Finding, Place};

/// Findings about differences between the rosters of `before` and of the year after it.
pub fn unexplained(before: u16, lineage: &Lineage) -> Vec<Finding> {
    let ledger = |lines: &[usize]| match lines {
        [] => "the ledger does not say why".to_owned(),
        [line] => format!("line {line} of the ledger says otherwise"),
        several => {
            let lines: Vec<String> = several.iter().map(usize::to_string).collect();
            format!("lines {} of the ledger say otherwise", lines.join(", "))
        }
    };
    let places = |places: &[(String, String)]| {
        let one = |(sector, part): &(String, String)| {
            if part.is_empty() { sector.clone() } else { format!("{sector}/{part}") }
        };
        places.iter().map(one).collect::<Vec<_>>().join(" and ")
    };
    let finding = |remark: &Remark| {
        let (code, institution, seen, lines): (_, _, _, &[usize]) = match remark {
            Remark::UnexplainedLeaver { code, name, lines } => {
                let seen = format!("{code} {name} was asked in {before} and is not on the roster");
                (Code::UnexplainedLeaver, code, seen, lines)
            }
            Remark::UnexplainedEntrant { code, name } => {
                let seen = format!("{code} {name} is asked and was not in {before}");
                (Code::UnexplainedEntrant, code, seen, &[])
            }
            Remark::UnexplainedName { code, before: old, now, lines } => {
                (Code::UnexplainedName, code, format!("{code} is called {now}, in {before} {old}"), lines)
            }
            Remark::UnexplainedMove { code, before: old, now, lines } => {
                let seen = format!("{code} stands in {}, in {before} in {}", places(now), places(old));
                (Code::UnexplainedMove, code, seen, lines)
            }
        };
        let message = format!("{seen}; {}", ledger(lines));
        // A row of the ledger that comes or goes moves the others.
        let cause = if lines.is_empty() { seen } else { format!("{seen}; the ledger says otherwise") };
        Finding::new(code, Place::Collection, message, code.rule().remedy).of(institution).caused_by(cause)
    };
    lineage.remarks().iter().map(finding).collect()
}
