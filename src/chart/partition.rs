//! A whole of 100 per cent divided into drawn parts, in integers.

use super::model::Share;

/// Where each part begins and ends, and the whole they are measured by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Begin and end of each share in tenths of a percent; a mark takes no room.
    pub parts: Vec<(u32, u32)>,
    /// The remainder if the shares stop short: withheld or not shown.
    pub rest: Option<(u32, u32)>,
    pub whole: u32,
}

/// Divides the whole among the shares, in their order.
///
/// Rounded shares of a complete distribution may miss 100.0 by half a tenth each; within that the
/// parts fill the whole. Beyond it, or where shares are withheld, the rest stays open. `None`
/// where the shares are more than a whole.
#[must_use]
pub fn partition(shares: &[Share]) -> Option<Partition> {
    let mut end = 0;
    let parts: Vec<(u32, u32)> = shares
        .iter()
        .map(|share| {
            let begin = end;
            end += u32::from(share.tenths());
            (begin, end)
        })
        .collect();
    let tolerance = u32::try_from(shares.len().div_ceil(2)).ok()?;
    if end > 1000 + tolerance {
        return None;
    }
    let withheld = shares.contains(&Share::Withheld);
    let whole = if end > 1000 || (!withheld && end + tolerance >= 1000) { end } else { 1000 };
    let rest = (end < whole).then_some((end, whole));
    Some(Partition { parts, rest, whole })
}
