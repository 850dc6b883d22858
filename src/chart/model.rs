//! The content of a figure, apart from its looks.

use std::fmt;

use crate::tabulate::Percent;
use crate::texts::{ChartTexts, Language, mark};

/// A figure with everything that is printed around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    pub heading: Heading,
    pub body: Body,
    /// The finished line, as in 「（母数）地域金融機関498先」.
    pub base: String,
    /// The finished notes, each beginning with 「（注）」 or the like.
    pub notes: Vec<String>,
    pub source: String,
    /// The language of the texts that the chart adds.
    pub language: Language,
    /// Whether the picture may leave the authority; printed on it if not.
    pub confidential: bool,
}

impl Chart {
    pub(super) fn texts(&self) -> &'static ChartTexts {
        &self.language.texts().chart
    }

    /// Its title with its number in print, if it has one.
    pub(super) fn title(&self) -> String {
        let title = &self.heading.title;
        let reference = self.heading.reference.as_ref();
        reference.map_or_else(|| title.clone(), |reference| (self.texts().title)(title, reference))
    }
}

/// The heading above the figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// As in 「地域金融機関」.
    pub sector: String,
    /// As in 「2023事務年度」.
    pub year: String,
    /// As in 「本文図表2」; printed in brackets after the title.
    pub reference: Option<String>,
    pub title: String,
    pub mode: Option<AnswerMode>,
}

/// How many options a respondent could choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerMode {
    Single,
    Multiple,
}

/// A percentage, or the mark of official statistics that stands in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    Percent(Percent),
    /// Suppressed: 「x」.
    Withheld,
    /// 「…」
    NotAvailable,
    /// 「・」
    NotApplicable,
    /// Nobody could be counted: 「-」.
    None,
}

impl Share {
    /// The tenths of a percent to draw; nothing is drawn for a mark.
    pub(super) fn tenths(self) -> u16 {
        match self {
            Share::Percent(percent) => percent.tenths(),
            _ => 0,
        }
    }

    /// As printed with its unit; a mark has none.
    pub(super) fn with_unit(self, texts: &ChartTexts) -> String {
        match self {
            Share::Percent(percent) => (texts.percent)(&percent.to_string()),
            mark => mark.to_string(),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Share::Percent(percent) => percent.fmt(f),
            Share::Withheld => f.pad(mark::WITHHELD),
            Share::NotAvailable => f.pad(mark::NOT_AVAILABLE),
            Share::NotApplicable => f.pad(mark::NOT_APPLICABLE),
            Share::None => f.pad(mark::NONE),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Donut(Vec<Slice>),
    Bars(Bars),
    Stacked(Stacked),
    Panels(Panels),
}

/// The meaning of a part of a whole, which decides its colour. The order of the parts cannot decide it: a figure may
/// begin with its weakest part, as the one on staffing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A level of maturity, 0 the strongest.
    Step(u8),
    /// The level at which nothing is in place or intended.
    Lacking,
    /// Outside the order of levels, as 「いずれでもない」.
    Neutral,
}

/// A part of a donut, clockwise from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    pub label: String,
    pub tone: Tone,
    pub share: Share,
    /// The share of the year before, printed under the label.
    pub previous: Option<Share>,
}

/// Horizontal bars from the top; two series (this year and the last) are drawn in pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    pub labels: Vec<String>,
    pub series: Vec<Series>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    /// One for each label.
    pub shares: Vec<Share>,
}

/// Horizontal bars of parts of 100; a row that stops short of it is framed up to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stacked {
    pub legend: Vec<LegendEntry>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendEntry {
    pub label: String,
    pub tone: Tone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub label: String,
    /// One for each entry of the legend.
    pub shares: Vec<Share>,
}

/// Bar charts side by side that share the labels of their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panels {
    pub labels: Vec<String>,
    pub panels: Vec<Panel>,
    pub divider: Option<Divider>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    pub title: String,
    /// One for each label.
    pub shares: Vec<Share>,
}

/// A line of text between two rows, for instance where the base changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divider {
    /// The row above which it stands.
    pub before: usize,
    pub text: String,
}
