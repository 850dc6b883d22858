//! Figures cleared for printing: the only ones that stand beyond the wall.

use super::rule::Rule;
use super::share::Share;
use crate::survey::Circle;
use crate::tabulate::{Figures, Percent, Standing};
use crate::texts::mark;

/// Figures that disclosure control has let through.
///
/// Only [`super::protect`], [`super::as_printed`] and [`super::for_the_desk`] make tables of them:
///
/// ```compile_fail
/// // Nobody else has a seal.
/// let seal = cssa::disclose::Seal(());
/// ```
///
/// ```compile_fail
/// // And a confidential table is no releasable one.
/// fn print(table: &cssa::tabulate::Table<cssa::disclose::Releasable, cssa::disclose::Released>) {}
/// fn leak(table: &cssa::tabulate::Table<cssa::tabulate::Confidential>) { print(table) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Releasable {}

/// The permission to make a releasable table; only this module gives it.
#[derive(Debug)]
pub struct Seal(());

impl Seal {
    pub(super) fn new() -> Seal {
        Seal(())
    }
}

impl Standing for Releasable {
    type Seal = Seal;
}

/// The readers for whom figures may leave the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// The analysts themselves: everything, and marked as confidential wherever it is printed.
    Desk,
    /// A circle, by its policy.
    Circle(Circle),
}

/// Why a figure is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A rule withholds it.
    Rule(Rule),
    /// To protect others, which could be computed from it.
    Secondary,
    /// The policy prints nothing of the kind.
    Policy,
}

impl Reason {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Rule(rule) => rule.word(),
            Reason::Secondary => "secondary",
            Reason::Policy => "policy",
        }
    }
}

/// The content that a release may print for a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Everything.
    Published {
        /// How many.
        count: u32,
        /// The percentage; `None` on an empty base.
        percent: Option<Percent>,
    },
    /// Its limits.
    Share(Share),
    /// Nothing.
    Withheld(Reason),
}

/// A base that may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// How many were asked and answered.
    pub base: u32,
    /// How many were asked.
    pub asked: u32,
}

/// A figure beyond the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    base: Option<Base>,
    content: Content,
}

impl Released {
    pub(super) fn published(figures: Figures) -> Released {
        let content = Content::Published { count: figures.count, percent: figures.percent() };
        Released { base: Some(base(figures)), content }
    }

    /// Where the base is withheld, the share stands alone.
    pub(super) fn share(figures: Option<Figures>, share: Share) -> Released {
        Released { base: figures.map(base), content: Content::Share(share) }
    }

    pub(super) fn withheld(reason: Reason, figures: Option<Figures>) -> Released {
        Released { base: figures.map(base), content: Content::Withheld(reason) }
    }

    /// The content that a release may print for it.
    pub fn content(&self) -> Content {
        self.content
    }

    /// Its base, if a release may print it.
    pub fn base(&self) -> Option<Base> {
        self.base
    }

    /// The mark that stands in the place of a number, as Japanese official statistics print it; empty
    /// where there is a number.
    pub fn mark(&self) -> &'static str {
        match (self.content, self.base) {
            (Content::Withheld(_), _) => mark::WITHHELD,
            (Content::Published { percent: None, .. }, Some(Base { asked: 0, .. })) => mark::NOT_APPLICABLE,
            (Content::Published { percent: None, .. }, _) => mark::NOT_AVAILABLE,
            (Content::Published { count: 0, .. }, _) => mark::NONE,
            _ => "",
        }
    }
}

fn base(figures: Figures) -> Base {
    Base { base: figures.base, asked: figures.asked }
}
