//! The classes that the answers of two years can be sorted into alike: the options themselves where
//! they are the same, coarser nets where they were divided otherwise.

use super::Pairing;
use crate::survey::question::{Question, Shown};

/// Answers that mean the same in both years, with the levels of maturity that they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The option or net of this year.
    pub now: Shown,
    /// The options of this year within it.
    pub options_now: Vec<u16>,
    /// The options of last year within it.
    pub options_before: Vec<u16>,
    /// The lowest and the highest of its levels, as this year counts them.
    pub levels: (u8, u8),
}

impl Pairing {
    /// Sorts the answers of an ordinal question into classes, the highest first: as fine as both years
    /// allow, without overlap, and so that every answer of either year has one. `None` where the
    /// question is not ordinal, where the years cannot be sorted alike, or where they rank the classes
    /// differently.
    pub fn classes(&self, now: &Question, before: &Question) -> Option<Vec<Class>> {
        if !now.kind.is_single() || !before.kind.is_single() {
            return None;
        }
        let mut pairs: Vec<(Shown, Vec<u16>, Vec<u16>)> =
            self.compared().map(|(one, other)| (one, now.options_of(one), before.options_of(other))).collect();
        // The finest first; among these the order of the questionnaire.
        pairs.sort_by_key(|(_, options_now, options_before)| options_now.len() + options_before.len());
        let mut classes: Vec<Class> = Vec::new();
        let mut ranks_before: Vec<(u8, u8)> = Vec::new();
        for (shown, options_now, options_before) in pairs {
            let is_taken = classes.iter().any(|class| {
                class.options_now.iter().any(|option| options_now.contains(option))
                    || class.options_before.iter().any(|option| options_before.contains(option))
            });
            if !is_taken {
                ranks_before.push(levels(before, &options_before)?);
                let levels = levels(now, &options_now)?;
                classes.push(Class { now: shown, options_now, options_before, levels });
            }
        }
        let covered =
            |count: usize, options: &dyn Fn(&Class) -> usize| classes.iter().map(options).sum::<usize>() == count;
        let is_whole = covered(now.options.len(), &|class| class.options_now.len())
            && covered(before.options.len(), &|class| class.options_before.len());
        let mut ranked: Vec<(Class, (u8, u8))> = classes.into_iter().zip(ranks_before).collect();
        ranked.sort_by_key(|(class, _)| std::cmp::Reverse(class.levels));
        let falls = |lower: (u8, u8), higher: (u8, u8)| lower.1 < higher.0;
        let is_ranked_alike =
            ranked.windows(2).all(|pair| falls(pair[1].0.levels, pair[0].0.levels) && falls(pair[1].1, pair[0].1));
        (is_whole && is_ranked_alike).then(|| ranked.into_iter().map(|(class, _)| class).collect())
    }
}

/// The lowest and the highest level of some options; `None` where one of them has none.
fn levels(question: &Question, options: &[u16]) -> Option<(u8, u8)> {
    let levels: Option<Vec<u8>> = options.iter().map(|&option| question.options[usize::from(option)].level).collect();
    let levels = levels?;
    Some((*levels.iter().min()?, *levels.iter().max()?))
}
