//! Temporary.
use crate::survey::Ledger;
use std::collections::BTreeMap;
#[derive(Debug)]
pub enum Past {
    Same(String),
    Together(Vec<String>),
    None,
}
#[derive(Debug)]
pub enum Fate {
    A,
}
pub struct InstitutionPlaces {
    pub name: String,
    pub places: Vec<(String, String)>,
}
#[derive(Debug)]
pub enum Remark {
    A,
}
#[derive(Debug)]
pub struct Lineage {
    pasts: BTreeMap<String, Past>,
}
impl Lineage {
    pub fn between(
        before: &BTreeMap<String, InstitutionPlaces>,
        now: &BTreeMap<String, InstitutionPlaces>,
        _l: &Ledger,
        _y: u16,
    ) -> Lineage {
        Lineage {
            pasts: now
                .keys()
                .map(|k| (k.clone(), if before.contains_key(k) { Past::Same(k.clone()) } else { Past::None }))
                .collect(),
        }
    }
    pub fn past(&self, i: &str) -> &Past {
        &self.pasts[i]
    }
    pub fn has_absorbed(&self, _i: &str) -> bool {
        false
    }
    pub fn remarks(&self) -> &[Remark] {
        &[]
    }
    pub fn pasts(&self) -> impl Iterator<Item = (&str, &Past)> {
        self.pasts.iter().map(|(a, b)| (a.as_str(), b))
    }
}
