//! The texts of figures.

/// The texts around and within a figure, and those of its description for people who hear it.
#[derive(Debug)]
pub struct ChartTexts {
    /// The tag of a figure that is not for the public.
    pub confidential: &'static str,
    /// The tags of the mode of answering.
    pub single: &'static str,
    pub multiple: &'static str,
    /// A title with its number in print.
    pub title: fn(title: &str, reference: &str) -> String,
    /// Sector and year, above the title.
    pub overline: fn(sector: &str, year: &str) -> String,
    /// A percentage with its unit.
    pub percent: fn(percent: &str) -> String,
    /// The unit at an axis.
    pub percent_sign: &'static str,
    /// The earlier percentage of a part, below its label.
    pub previous: fn(percent: &str) -> String,
    /// The key of the withheld parts of a bar.
    pub withheld_parts: &'static str,
    /// The brackets around the heading of a line under a figure.
    pub brackets: [char; 2],
    /// The line on the base.
    pub base: BaseTexts,
    /// The note on rounding.
    pub rounding: &'static str,
    /// A note that is the only one, and one of several.
    pub note: fn(note: &str) -> String,
    pub numbered_note: fn(number: usize, note: &str) -> String,
    /// The line on the source.
    pub source: fn(source: &str) -> String,
    /// The line on the marks, of sentences of [`ChartTexts::mark`] in a list.
    pub marks: fn(list: &str) -> String,
    /// A mark and its meaning.
    pub mark: fn(mark: &str, meaning: &str) -> String,
    /// The meanings of the marks: withheld, not available, not applicable, none.
    pub withheld: &'static str,
    pub not_available: &'static str,
    pub not_applicable: &'static str,
    pub none: &'static str,

    /// The first line of a description: confidential or not, sector, year, single or multiple choice, kind of figure.
    pub described: fn(confidential: bool, sector: &str, year: &str, mode: Option<&str>, kind: &str) -> String,
    /// The kinds of figures.
    pub donut: &'static str,
    pub bars: &'static str,
    pub stacked: &'static str,
    pub panels: &'static str,
    /// A number of a description by its label, with or without the earlier one.
    pub spoken: fn(label: &str, share: &str) -> String,
    pub spoken_with_previous: fn(label: &str, share: &str, previous: &str) -> String,
    /// The numbers of a row, which [`ChartTexts::spoken`] lists.
    pub spoken_row: fn(label: &str, list: &str) -> String,
    /// A line of a description as a sentence.
    pub sentence: fn(line: &str) -> String,
    /// The marks as they are read aloud: a mark alone would be passed over in silence.
    pub spoken_withheld: &'static str,
    pub spoken_not_available: &'static str,
    pub spoken_not_applicable: &'static str,
    pub spoken_none: &'static str,
}

/// The line on the base of a figure.
#[derive(Debug)]
pub struct BaseTexts {
    /// The line.
    pub line: fn(base: &str) -> String,
    /// The line where not everybody returned the questionnaire.
    pub line_with_returned: fn(base: &str, members: u32, returned: u32) -> String,
    /// Respondents and their number, or the mark in its place.
    pub respondents: fn(who: &str, number: &str) -> String,
    /// Respondents of whom not everybody answered.
    pub answered_of_asked: fn(who: &str, asked: u32, answered: u32) -> String,
    /// Respondents whose number differs from item to item.
    pub between: fn(who: &str, least: u32, most: u32) -> String,
    /// The base of a figure with a lead: of the lead, and of the items below its divider in a list.
    pub below_lead: fn(lead: &str, divider: &str, list: &str) -> String,
}
