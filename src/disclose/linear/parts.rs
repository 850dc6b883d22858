//! Independent parts of a system: what shares no row can be solved by itself.

use super::band::Band;

/// A part with its own numbering: its bands speak of places in `variables`.
pub(super) struct Split {
    pub(super) variables: Vec<usize>,
    pub(super) bands: Vec<Band>,
}

/// The numbers below `count` in classes: those of one list belong together. Each class is
/// ascending, and the classes are in the order of their first numbers.
pub(super) fn connected(count: usize, lists: impl Iterator<Item = Vec<usize>>) -> Vec<Vec<usize>> {
    // Every number points to a smaller one of its class, the smallest to itself.
    let mut smaller: Vec<usize> = (0..count).collect();
    for list in lists {
        for pair in list.windows(2) {
            let (one, other) = (root(&mut smaller, pair[0]), root(&mut smaller, pair[1]));
            smaller[one.max(other)] = one.min(other);
        }
    }
    let mut classes = vec![Vec::new(); count];
    for number in 0..count {
        classes[root(&mut smaller, number)].push(number);
    }
    classes.retain(|class| !class.is_empty());
    classes
}

fn root(smaller: &mut [usize], mut number: usize) -> usize {
    while smaller[number] != number {
        smaller[number] = smaller[smaller[number]];
        number = smaller[number];
    }
    number
}

/// The parts that have bands, in the order of their first variables. No band is empty.
pub(super) fn split(count: usize, bands: Vec<Band>) -> Vec<Split> {
    let variables = |band: &Band| band.terms.iter().map(|&(variable, _)| variable).collect::<Vec<_>>();
    let classes = connected(count, bands.iter().map(variables));
    let mut place = vec![(0, 0); count];
    for (number, class) in classes.iter().enumerate() {
        class.iter().enumerate().for_each(|(column, &variable)| place[variable] = (number, column));
    }
    let mut parts: Vec<Split> = classes.into_iter().map(|variables| Split { variables, bands: Vec::new() }).collect();
    for band in bands {
        let part = place[band.terms[0].0].0;
        let terms = band.terms.iter().map(|&(variable, factor)| (place[variable].1, factor)).collect();
        parts[part].bands.push(Band { terms, ..band });
    }
    parts.retain(|part| !part.bands.is_empty());
    parts
}
