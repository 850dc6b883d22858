//! From tables to charts: which figures a chart shows, and every line printed around it.

use super::model::{
    AnswerMode, Bars, Body, Chart, Divider, Heading, LegendEntry, Panel, Panels, Row, Series, Share, Slice, Stacked,
    Tone,
};
use crate::disclose::{Base, Content, Reader, Releasable, Release, Released};
use crate::survey::{ChartKind, Figure, Question, QuestionIndex, SectorIndex, Shown, Survey};
use crate::tabulate::{Scope, Table};
use crate::texts::{BaseTexts, mark};

/// A figure of the publication, ready to be drawn for one sector.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The id of the sector.
    pub sector: String,
    /// The id of the figure.
    pub figure: String,
    /// Its number in print, if it has one.
    pub reference: Option<String>,
    /// The chart.
    pub chart: Chart,
}

/// Composes every figure for every sector that it is drawn for and that the release is about, by sector
/// and number in print. A figure of which nothing may be printed is left out.
pub fn compose(survey: &Survey, release: &Release) -> Vec<Composed> {
    let mut composed: Vec<(SectorIndex, Composed)> = Vec::new();
    for figure in &survey.figures {
        for (sector, reference) in &figure.sectors {
            // A sector that nobody of was asked in the year has no figures.
            if release.population(Scope { sector: *sector, subsector: None }).is_none() {
                continue;
            }
            let draft = Draft { survey, release, figure, sector: *sector };
            if !draft.says_something() {
                continue;
            }
            let one = Composed {
                sector: survey.sectors[sector.position()].id.clone(),
                figure: figure.id.clone(),
                reference: reference.clone(),
                chart: draft.chart(reference.clone()),
            };
            composed.push((*sector, one));
        }
    }
    composed.sort_by_key(|(sector, _)| *sector);
    composed.into_iter().map(|(_, one)| one).collect()
}

struct Draft<'a> {
    survey: &'a Survey,
    release: &'a Release,
    figure: &'a Figure,
    sector: SectorIndex,
}

impl Draft<'_> {
    fn chart(&self, reference: Option<String>) -> Chart {
        let question = self.survey.question(self.figure.question);
        let body = match self.figure.chart {
            ChartKind::Donut => Body::Donut(self.slices(question)),
            ChartKind::Bars => Body::Bars(self.bars(question)),
            ChartKind::Stacked => Body::Stacked(self.stacked(question)),
            ChartKind::Panels => Body::Panels(self.panels(question)),
        };
        Chart {
            heading: Heading {
                sector: self.sector_name().to_owned(),
                year: self.survey.year_name(),
                reference,
                title: self.figure.title.clone(),
                mode: Some(if question.kind.is_single() { AnswerMode::Single } else { AnswerMode::Multiple }),
            },
            body,
            base: self.base_line(question),
            notes: self.notes(question),
            source: (self.survey.texts().chart.source)(&self.table(self.figure.question).head().source),
            language: self.survey.language,
            confidential: self.release.reader() == Reader::Desk,
        }
    }

    fn sector_name(&self) -> &str {
        &self.survey.sectors[self.sector.position()].name
    }

    fn table(&self, question: QuestionIndex) -> &Table<Releasable, Released> {
        let of_question = |table: &&Table<Releasable, Released>| table.question() == question;
        self.release.distributions().iter().find(of_question).expect("every question with options is tabulated")
    }

    /// Whether any of the shares that the figure shows may be printed.
    fn says_something(&self) -> bool {
        let scope = Scope { sector: self.sector, subsector: None };
        let cells = self.table(self.figure.question).cells().iter();
        let of_figure = cells.filter(|(key, _)| {
            key.scope == scope && key.category.is_some_and(|category| self.figure.shows.contains(&category))
        });
        of_figure.into_iter().any(|(_, released)| matches!(released.content(), Content::Published { .. }))
    }

    fn figure(&self, question: QuestionIndex, item: Option<u16>, shown: Shown) -> Released {
        let scope = Scope { sector: self.sector, subsector: None };
        *self.table(question).cell(scope, item, Some(shown)).expect("a figure's sectors are asked its question")
    }

    fn share(&self, question: QuestionIndex, item: Option<u16>, shown: Shown) -> Share {
        let released = self.figure(question, item, shown);
        match released.content() {
            Content::Published { percent: Some(percent), .. } => Share::Percent(percent),
            // Nobody was asked: not applicable. Somebody was, and nobody answered: not available.
            Content::Published { percent: None, .. } => match released.base() {
                Some(Base { asked: 0, .. }) => Share::NotApplicable,
                _ => Share::NotAvailable,
            },
            // A class has no length that could be drawn.
            Content::Share(_) | Content::Withheld(_) => Share::Withheld,
        }
    }

    fn slices(&self, question: &Question) -> Vec<Slice> {
        let slice = |&shown: &Shown| Slice {
            label: label(question, shown),
            tone: tone(question, shown),
            share: self.share(self.figure.question, None, shown),
            previous: None,
        };
        self.figure.shows.iter().map(slice).collect()
    }

    fn bars(&self, question: &Question) -> Bars {
        let index = self.figure.question;
        let (labels, shares) = if question.items.is_empty() {
            let labels = self.figure.shows.iter().map(|&shown| label(question, shown)).collect();
            (labels, self.figure.shows.iter().map(|&shown| self.share(index, None, shown)).collect())
        } else {
            let shown = self.figure.shows[0];
            let labels = question.items.iter().map(|item| item.label.clone()).collect();
            (labels, items(question).map(|item| self.share(index, Some(item), shown)).collect())
        };
        Bars { labels, series: vec![Series { name: self.survey.year_name(), shares }] }
    }

    fn stacked(&self, question: &Question) -> Stacked {
        let index = self.figure.question;
        let legend = self
            .figure
            .shows
            .iter()
            .map(|&shown| LegendEntry { label: label(question, shown), tone: tone(question, shown) })
            .collect();
        let shares = |item| self.figure.shows.iter().map(|&shown| self.share(index, item, shown)).collect();
        let rows = match &self.figure.row {
            Some(row) => vec![Row { label: row.clone(), shares: shares(None) }],
            None => items(question)
                .map(|item| Row { label: question.items[usize::from(item)].label.clone(), shares: shares(Some(item)) })
                .collect(),
        };
        Stacked { legend, rows }
    }

    fn panels(&self, question: &Question) -> Panels {
        let lead = self.figure.lead.as_ref().expect("a figure with panels has a lead");
        let index = self.figure.question;
        let mut labels = vec![lead.label.clone()];
        labels.extend(self.figure.shows.iter().map(|&shown| label(question, shown)));
        let panels = items(question)
            .map(|item| {
                let gate = Shown::Option(lead.options[usize::from(item)]);
                let mut shares = vec![self.share(lead.question, None, gate)];
                shares.extend(self.figure.shows.iter().map(|&shown| self.share(index, Some(item), shown)));
                Panel { title: question.items[usize::from(item)].label.clone(), shares }
            })
            .collect();
        Panels { labels, panels, divider: Some(Divider { before: 1, text: lead.divider.clone() }) }
    }

    /// The base of each item, or of the question; `None` where it may not be printed.
    fn bases(&self, question: &Question) -> Vec<Option<Base>> {
        let shown = self.figure.shows[0];
        let of = |item| self.figure(self.figure.question, item, shown).base();
        if question.items.is_empty() { vec![of(None)] } else { items(question).map(|item| of(Some(item))).collect() }
    }

    /// The base under the chart. In a census it also says who did not come back.
    fn base_line(&self, question: &Question) -> String {
        let scope = Scope { sector: self.sector, subsector: None };
        let population = self.release.population(scope).unwrap_or_default();
        let base = self.base_words(question);
        let texts = &self.survey.texts().chart.base;
        if population.returned == population.members {
            return (texts.line)(&base);
        }
        (texts.line_with_returned)(&base, population.members, population.returned)
    }

    fn base_words(&self, question: &Question) -> String {
        let who = self.figure.base.replace("{sector}", self.sector_name());
        let bases = self.bases(question);
        let texts = &self.survey.texts().chart.base;
        if let Some(lead) = &self.figure.lead {
            let all = self.figure(lead.question, None, Shown::Option(lead.options[0])).base();
            let holders: Vec<String> = question
                .items
                .iter()
                .zip(&bases)
                .map(|(item, base)| (texts.respondents)(&item.label, &number(*base)))
                .collect();
            let holders = holders.join(self.survey.texts().punctuation.comma);
            return (texts.below_lead)(&respondents(texts, &who, all), &lead.divider, &holders);
        }
        let first = bases[0];
        if bases.iter().all(|base| *base == first) {
            return respondents(texts, &who, first);
        }
        let known: Vec<u32> = bases.iter().flatten().map(|base| base.base).collect();
        match (known.iter().min(), known.iter().max()) {
            (Some(least), Some(most)) => (texts.between)(&who, *least, *most),
            _ => (texts.respondents)(&who, mark::WITHHELD),
        }
    }

    fn notes(&self, question: &Question) -> Vec<String> {
        let texts = &self.survey.texts().chart;
        let mut notes = self.figure.notes.clone();
        let is_whole = self.figure.shows.len() == question.options.len();
        if is_whole && matches!(self.figure.chart, ChartKind::Donut | ChartKind::Stacked) {
            notes.push(texts.rounding.to_owned());
        }
        match notes.as_slice() {
            [one] => vec![(texts.note)(one)],
            many => many.iter().enumerate().map(|(rank, note)| (texts.numbered_note)(rank + 1, note)).collect(),
        }
    }
}

/// The words for the respondents that the percentages rest on, with their number.
fn respondents(texts: &BaseTexts, who: &str, base: Option<Base>) -> String {
    match base {
        Some(Base { base, asked }) if base != asked => (texts.answered_of_asked)(who, asked, base),
        base => (texts.respondents)(who, &number(base)),
    }
}

/// A base as it is printed.
fn number(base: Option<Base>) -> String {
    base.map_or_else(|| mark::WITHHELD.to_owned(), |base| base.base.to_string())
}

fn items(question: &Question) -> impl Iterator<Item = u16> + use<> {
    0..u16::try_from(question.items.len()).expect("a grid has few items")
}

fn label(question: &Question, shown: Shown) -> String {
    match shown {
        Shown::Option(option) => question.options[usize::from(option)].label.clone(),
        Shown::Net(net) => question.nets[usize::from(net)].label.clone(),
    }
}

/// The colour of an option follows its level, whatever the order in which the figure shows it.
fn tone(question: &Question, shown: Shown) -> Tone {
    let Shown::Option(option) = shown else { return Tone::Neutral };
    let Some(level) = question.options[usize::from(option)].level else { return Tone::Neutral };
    let levels = || question.options.iter().filter_map(|option| option.level);
    if levels().min() == Some(level) {
        return Tone::Lacking;
    }
    let stronger = levels().filter(|&other| other > level).count();
    Tone::Step(u8::try_from(stronger).unwrap_or(u8::MAX))
}
