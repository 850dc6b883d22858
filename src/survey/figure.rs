//! Figures: which question is drawn, as which chart, for which sectors, under which number.

use super::document::{Complaint, Located, Section};
use super::question::{Kind, Question, QuestionIndex, Shown};
use super::sector::{Sector, SectorIndex};
use super::selection::Selection;

/// The kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// A ring of slices: one single choice, all its options.
    Donut,
    /// Horizontal bars: the options of a multiple choice, or one option or net over the items of a grid.
    Bars,
    /// Stacked horizontal bars: the options of a single choice, a bar for each item.
    Stacked,
    /// A panel of bars for each item, sharing the row labels, below a first row on the gate.
    Panels,
}

impl ChartKind {
    fn from_word(word: &str) -> Option<ChartKind> {
        Some(match word {
            "donut" => ChartKind::Donut,
            "bars" => ChartKind::Bars,
            "stacked" => ChartKind::Stacked,
            "panels" => ChartKind::Panels,
            _ => return None,
        })
    }
}

/// The first row of a figure with panels: the gate question, one option for each panel.
#[derive(Debug, Clone)]
pub struct Lead {
    /// The gate question.
    pub question: QuestionIndex,
    /// For each item of the figure's question, the option of the gate that bears its id.
    pub options: Vec<u16>,
    /// The label of the row.
    pub label: String,
    /// The text that divides it from the rows on those who passed the gate.
    pub divider: String,
}

/// A figure of the publication.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id, which names its files.
    pub id: String,
    /// The question it draws.
    pub question: QuestionIndex,
    /// The kind of chart.
    pub chart: ChartKind,
    /// Its title.
    pub title: String,
    /// The words for the base of the percentages, with `{sector}` for the sector's name.
    pub base: String,
    /// The sectors it is drawn for, each with its number in print.
    pub sectors: Vec<(SectorIndex, Option<String>)>,
    /// The parts that it shows, in the order drawn.
    pub shows: Vec<Shown>,
    /// The label of the only bar, for a single choice drawn as a stacked bar.
    pub row: Option<String>,
    /// The first row of a figure with panels.
    pub lead: Option<Lead>,
    /// Notes below the figure.
    pub notes: Vec<String>,
}

/// Reads the figures of a year.
pub(super) fn read(
    sections: Vec<Section<'_>>,
    sectors: &[Sector],
    questions: &Selection,
    complaints: &mut Vec<Complaint>,
) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::with_capacity(sections.len());
    for section in sections {
        let Some((figure, id)) = read_one(section, sectors, questions, complaints) else { continue };
        if figures.iter().any(|other| other.id == figure.id) {
            complaints.push(id.complaint(format!("figure `{}` is defined twice", figure.id)));
        }
        for (sector, reference) in &figure.sectors {
            let taken =
                |other: &Figure| other.sectors.iter().any(|(s, r)| s == sector && r.is_some() && r == reference);
            if let (Some(number), Some(other)) = (reference, figures.iter().find(|other| taken(other))) {
                complaints.push(id.complaint(format!(
                    "{} is both `{}` and `{}` of sector `{}`",
                    number,
                    other.id,
                    figure.id,
                    sectors[sector.position()].id
                )));
            }
        }
        figures.push(figure);
    }
    figures
}

fn read_one(
    mut section: Section<'_>,
    sectors: &[Sector],
    questions: &Selection,
    complaints: &mut Vec<Complaint>,
) -> Option<(Figure, Located<String>)> {
    let id = section.id("id", complaints);
    let question_name = section.text("question", complaints);
    let chart_word = section.text("chart", complaints);
    let title = section.text("title", complaints);
    let base = section.text("base", complaints);
    let drawn_for = section.text_by_id("sectors", complaints);
    let shows = section.texts("shows", complaints);
    let row = section.optional_text("row", complaints);
    let notes = section.texts("notes", complaints);
    let lead = section.optional_section("lead", complaints).and_then(|mut lead| {
        let question = lead.text("question", complaints);
        let label = lead.text("label", complaints);
        let divider = lead.text("divider", complaints);
        lead.finish(complaints);
        Some((question?, label?, divider?))
    });
    let here = section.here();
    section.finish(complaints);

    let (question_name, chart_word) = (question_name?, chart_word?);
    let Some(chart) = ChartKind::from_word(&chart_word.value) else {
        complaints.push(
            chart_word
                .complaint(format!("`{}` is no chart, expected donut, bars, stacked or panels", chart_word.value)),
        );
        return None;
    };
    let Some(index) = questions.find(&question_name.value) else {
        if questions.is_broken(&question_name.value) {
            return None;
        }
        complaints.push(question_name.complaint(format!("the year does not ask `{}`", question_name.value)));
        return None;
    };
    let question = questions.question(index);
    let shown = resolve_shown(&shows, question, complaints);
    check_chart(chart, &chart_word, question, &shown, row.is_some(), lead.is_some(), complaints);
    let lead =
        lead.and_then(|(name, label, divider)| resolve_lead(&name, label, divider, question, questions, complaints));

    let mut drawn = Vec::with_capacity(drawn_for.len());
    for (name, number) in drawn_for {
        let Some(sector) = SectorIndex::find(sectors, &name.value) else {
            complaints.push(name.complaint(format!("there is no sector `{}`", name.value)));
            continue;
        };
        if !question.sectors.contains(&sector) {
            complaints.push(name.complaint(format!("sector `{}` is not asked `{}`", name.value, question.id)));
        }
        drawn.push((sector, (!number.is_empty()).then_some(number)));
    }
    if drawn.is_empty() {
        complaints.push(here.complaint("the figure is drawn for no sector"));
    }
    drawn.sort_by_key(|(sector, _)| *sector);
    let (id, title, base) = (id?, title?, base?);
    if base.value.replace("{sector}", "").contains(['{', '}']) {
        complaints.push(base.complaint("the only placeholder of a base is {sector}"));
    }
    if question.gate.is_some() && lead.is_none() && base.value == "{sector}" {
        complaints.push(base.complaint(format!(
            "`{}` is asked only of those who pass its gate: the base must say who they are",
            question.id
        )));
    }
    let figure = Figure {
        id: id.value.clone(),
        question: index,
        chart,
        title: title.value,
        base: base.value,
        sectors: drawn,
        shows: shown,
        row: row.map(|row| row.value),
        lead,
        notes: notes.into_iter().map(|note| note.value).collect(),
    };
    Some((figure, id))
}

fn resolve_shown(shows: &[Located<String>], question: &Question, complaints: &mut Vec<Complaint>) -> Vec<Shown> {
    if shows.is_empty() {
        let count = u16::try_from(question.options.len()).expect("a question has few options");
        return (0..count).map(Shown::Option).collect();
    }
    let mut shown = Vec::with_capacity(shows.len());
    for name in shows {
        let found = question.option(&name.value).map(Shown::Option).or(question.net(&name.value).map(Shown::Net));
        match found {
            Some(one) if shown.contains(&one) => {
                complaints.push(name.complaint(format!("`{}` is shown twice", name.value)));
            }
            Some(one) => shown.push(one),
            None => complaints.push(name.complaint(format!("`{}` has no option or net `{}`", question.id, name.value))),
        }
    }
    shown
}

/// The kind of a chart has to fit its figure: parts of a whole are drawn only if they are parts of a whole.
fn check_chart(
    chart: ChartKind,
    word: &Located<String>,
    question: &Question,
    shown: &[Shown],
    has_row: bool,
    has_lead: bool,
    complaints: &mut Vec<Complaint>,
) {
    let options_only = shown.iter().all(|one| matches!(one, Shown::Option(_)));
    let mistake = match chart {
        ChartKind::Donut if question.kind != Kind::Single => Some("a donut shows a single choice without items"),
        ChartKind::Donut if !options_only || shown.len() != question.options.len() => {
            Some("a donut shows all options of its question, or its slices would not be parts of the whole")
        }
        ChartKind::Stacked if !question.kind.is_single() || !options_only => {
            Some("stacked bars show options of a single choice: others can overlap")
        }
        ChartKind::Stacked if has_row == question.kind.is_grid() => {
            Some("stacked bars need `row` for a choice without items, and take the items of a grid as rows")
        }
        ChartKind::Bars if question.kind.is_grid() && shown.len() != 1 => {
            Some("bars over the items of a grid show exactly one option or net")
        }
        ChartKind::Bars if !question.kind.has_options() => Some("bars show options"),
        _ if has_lead && chart != ChartKind::Panels => Some("only panels have a `lead`"),
        _ if has_row && chart != ChartKind::Stacked => Some("only stacked bars have a `row`"),
        ChartKind::Panels if !question.kind.is_grid() || !has_lead => {
            Some("panels show a grid, one panel for each item, and need `lead`")
        }
        _ => None,
    };
    if let Some(mistake) = mistake {
        complaints.push(word.complaint(format!("{mistake}; `{}` does not fit", question.id)));
    }
}

fn resolve_lead(
    name: &Located<String>,
    label: Located<String>,
    divider: Located<String>,
    question: &Question,
    questions: &Selection,
    complaints: &mut Vec<Complaint>,
) -> Option<Lead> {
    let Some(index) = questions.find(&name.value) else {
        if questions.is_broken(&name.value) {
            return None;
        }
        complaints.push(name.complaint(format!("the year does not ask `{}`", name.value)));
        return None;
    };
    let gate = questions.question(index);
    let mut options = Vec::with_capacity(question.items.len());
    for item in &question.items {
        match gate.option(&item.id) {
            Some(position) => options.push(position),
            None => complaints.push(name.complaint(format!("`{}` has no option `{}`", gate.id, item.id))),
        }
    }
    Some(Lead { question: index, options, label: label.value, divider: divider.value })
}
