//! Labels on a line, moved apart until they do not overlap and no farther than they must.

/// Where something would like its middle to be, and the room it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    pub middle: f64,
    pub extent: f64,
}

/// The middles after moving, in the order given, within `low..high` where they fit.
///
/// The sum of squared moves is the least possible: after taking off the room of those before,
/// keeping the order is isotonic regression, solved by pooling neighbours that violate it.
pub(super) fn spread(wishes: &[Wish], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut offset = 0.0;
    for (index, wish) in wishes.iter().enumerate() {
        if index > 0 {
            offset += wishes[index - 1].extent / 2.0 + gap + wish.extent / 2.0;
        }
        offsets.push(offset);
    }
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut pool = (wish.middle - offset, 1);
        while let Some(&(sum, size)) = pools.last() {
            if mean((sum, size)) < mean(pool) {
                break;
            }
            pools.pop();
            pool = (sum + pool.0, size + pool.1);
        }
        pools.push(pool);
    }
    let (Some(first), Some(last), Some(length)) = (wishes.first(), wishes.last(), offsets.last()) else {
        return Vec::new();
    };
    let lowest = low + first.extent / 2.0;
    let highest = (high - last.extent / 2.0 - length).max(lowest);
    pools
        .into_iter()
        .flat_map(|pool| std::iter::repeat_n(mean(pool).clamp(lowest, highest), pool.1))
        .zip(offsets)
        .map(|(middle, offset)| middle + offset)
        .collect()
}

fn mean((sum, size): (f64, usize)) -> f64 {
    sum / size as f64
}
