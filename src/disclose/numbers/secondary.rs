//! Secondary suppression of numbers: withholds further quartiles and means of a sector until no withheld
//! total can be computed too closely.

use super::family::{Family, Printed};
use crate::survey::Policy;

/// Something that is printed of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Quartiles(usize),
    Mean(usize),
}

/// Withholds what has to be withheld beside `printed`. The least important goes first: quartiles before
/// means, small sub-sectors before large ones, and the whole sector last. Then everything that went is
/// printed again if that opens nothing, the most important first. What is `known` already cannot be withheld.
pub(super) fn protect(family: &Family, policy: &Policy, printed: Vec<Printed>, known: &[Printed]) -> Vec<Printed> {
    let is_closed = |printed: &[Printed]| family.attack(policy, printed).exposures.is_empty();
    let mut now = printed;
    let mut gone = Vec::new();
    for piece in pieces(family, &now, known) {
        if is_closed(&now) {
            break;
        }
        set(&mut now, piece, false);
        gone.push(piece);
    }
    for piece in gone.into_iter().rev() {
        set(&mut now, piece, true);
        if !is_closed(&now) {
            set(&mut now, piece, false);
        }
    }
    now
}

/// All that is printed and not known already, the least important first.
fn pieces(family: &Family, printed: &[Printed], known: &[Printed]) -> Vec<Piece> {
    let mut by_importance: Vec<usize> = (0..family.groups.len()).collect();
    by_importance.sort_by_key(|&at| (at == 0, family.groups[at].members.len(), at));
    let of = |is_in: &dyn Fn(&Printed) -> bool| -> Vec<usize> {
        by_importance.iter().copied().filter(|&at| is_in(&printed[at]) && !is_in(&known[at])).collect()
    };
    let quartiles = of(&|printed| printed.quartiles).into_iter().map(Piece::Quartiles);
    let means = of(&|printed| printed.mean).into_iter().map(Piece::Mean);
    quartiles.chain(means).collect()
}

fn set(printed: &mut [Printed], piece: Piece, is_printed: bool) {
    match piece {
        Piece::Quartiles(at) => printed[at].quartiles = is_printed,
        Piece::Mean(at) => printed[at].mean = is_printed,
    }
}
