//! Stretches of rows or columns, such as those that are hidden.

use std::collections::BTreeMap;

/// Stretches, each from its first to its last place. They may lie over one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(BTreeMap<u32, u32>);

impl Spans {
    /// Adds a stretch.
    pub fn add(&mut self, first: u32, last: u32) {
        let (mut first, mut last) = (first, last.max(first));
        // A stretch that it touches becomes a part of it, so that no two lie over one another.
        while let Some((&from, &to)) = self.0.range(..=last.saturating_add(1)).next_back() {
            if to.saturating_add(1) < first {
                break;
            }
            (first, last) = (first.min(from), last.max(to));
            self.0.remove(&from);
        }
        self.0.insert(first, last);
    }

    /// Whether a place lies in one of them.
    pub fn contains(&self, place: u32) -> bool {
        self.0.range(..=place).next_back().is_some_and(|(_, &last)| place <= last)
    }
}
