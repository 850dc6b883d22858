//! The status as a workbook for the desk: 回収状況 by sector, 未回収先 by name, and 指摘 that need a look.

use super::{Line, Noticed, Outstanding, SinceKind, Status};
use crate::texts::{OutstandingTexts, Texts, mark};
use crate::workbook_style::{Book, Cell, Column, Row, Sheet, bytes};

/// The status as an xlsx file.
pub fn workbook(status: &Status) -> Vec<u8> {
    let texts = texts(status);
    let year = (texts.survey.year)(status.fiscal_year);
    let title = (texts.status.book)(&year, &status.title);
    let mut sheets = vec![by_sector(status), by_name(status)];
    sheets.extend((!status.findings.listed.is_empty()).then(|| findings(status)));
    sheets.extend((!status.since_release.is_empty()).then(|| since_release(status)));
    bytes(&Book { language: status.language, title, properties: Vec::new(), sheets })
}

fn by_sector(status: &Status) -> Sheet {
    let texts = &texts(status).status;
    let widths = [24.0, 20.0, 12.0, 10.0, 10.0, 14.0, 10.0, 14.0, 14.0];
    Sheet {
        name: texts.sheet.to_owned(),
        title: texts.sheet.to_owned(),
        notes: vec![subtitle(status)],
        columns: Column::all(texts.columns, widths),
        rows: status.lines.iter().map(line).collect(),
        footnotes: texts.footnotes.map(str::to_owned).to_vec(),
        frozen_columns: 2,
        ..Sheet::default()
    }
}

fn texts(status: &Status) -> &'static Texts {
    status.language.texts()
}

fn subtitle(status: &Status) -> String {
    let texts = texts(status);
    (texts.status.subtitle)(&(texts.survey.year)(status.fiscal_year), &status.title)
}

fn line(line: &Line) -> Row {
    let counts = line.counts;
    let (sector, subsector) =
        if line.subsector.is_empty() { (line.name.as_str(), "") } else { ("", line.name.as_str()) };
    let number = |count: u32| Cell::count(usize::try_from(count).expect("32 bits fit"));
    let rate = line.response_rate.map_or_else(|| Cell::text(mark::NONE), |rate| Cell::tenths(rate.tenths()));
    let row = Row::new([
        Cell::text(sector),
        Cell::text(subsector),
        number(counts.asked),
        number(counts.received),
        number(counts.accepted),
        number(counts.rejected),
        number(counts.outstanding),
        rate,
        number(counts.open_queries),
    ]);
    if line.subsector.is_empty() { row.strong() } else { row }
}

fn by_name(status: &Status) -> Sheet {
    let texts = &texts(status).status.outstanding;
    let widths = [12.0, 26.0, 20.0, 16.0, 12.0, 34.0, 40.0];
    let unattributed = status.unattributed.iter();
    Sheet {
        name: texts.sheet.to_owned(),
        title: texts.sheet.to_owned(),
        notes: vec![(texts.note)(&subtitle(status), status.outstanding.len())],
        columns: Column::all(texts.columns, widths),
        rows: status.outstanding.iter().map(|one| outstanding(texts, one)).collect(),
        footnotes: unattributed.map(|file| (texts.unattributed)(&file.file, &file.reason)).collect(),
        frozen_columns: 2,
        is_filtered: true,
        ..Sheet::default()
    }
}

/// The findings that need a look, and those that are new.
fn findings(status: &Status) -> Sheet {
    let texts = &texts(status).status.findings;
    let widths = [18.0, 8.0, 10.0, 18.0, 46.0, 80.0];
    let counts = &status.findings;
    let row = |one: &Noticed| {
        let severity = match one.severity.as_str() {
            "error" => texts.error,
            "warning" => texts.warning,
            _ => texts.information,
        };
        Row::new([
            Cell::text(&one.finding),
            Cell::text(if one.new { texts.new } else { "" }),
            Cell::text(severity),
            Cell::text(&one.institution),
            Cell::text(&one.place),
            Cell::text(&one.message),
        ])
    };
    Sheet {
        name: texts.sheet.to_owned(),
        title: texts.sheet.to_owned(),
        notes: vec![(texts.note)(&subtitle(status), counts.error, counts.warning, counts.information, counts.new)],
        columns: Column::all(texts.columns, widths),
        rows: counts.listed.iter().map(row).collect(),
        footnotes: texts.footnotes.map(str::to_owned).to_vec(),
        frozen_columns: 1,
        is_filtered: true,
        ..Sheet::default()
    }
}

fn outstanding(texts: &OutstandingTexts, one: &Outstanding) -> Row {
    let lines = |texts: &mut dyn Iterator<Item = &String>| {
        let texts: Vec<&str> = texts.map(String::as_str).collect();
        Cell::text(texts.join("\n").trim_end())
    };
    Row::new([
        Cell::text(&one.institution),
        Cell::text(&one.name),
        lines(&mut one.sectors.iter().map(|name| &name.sector)),
        lines(&mut one.sectors.iter().map(|name| &name.subsector)),
        Cell::text(if one.came.is_empty() { texts.nothing_came } else { texts.unusable }),
        lines(&mut one.came.iter().map(|file| &file.file)),
        lines(&mut one.came.iter().map(|file| &file.reason)),
    ])
}

/// The returns that are others since the releases that readers have.
fn since_release(status: &Status) -> Sheet {
    let all = texts(status);
    let texts = &all.status.since;
    let widths = [8.0, 8.0, 12.0, 26.0, 14.0, 10.0, 34.0, 24.0, 24.0];
    let circle = |word: &str| if word == "public" { all.release.public } else { all.release.feedback };
    let notes = status.since_release.iter().map(|since| {
        let counts = SinceKind::ALL.map(|kind| (texts.count)(kind.in_print(texts), since.count(kind)));
        let edition = (all.release.edition)(since.edition);
        (texts.note)(circle(since.circle), &edition, &since.released_at, &counts.join(all.punctuation.comma))
    });
    let rows = status.since_release.iter().flat_map(|since| {
        since.returns.iter().map(move |one| {
            let number = |count: usize| if count == 0 { Cell::text("") } else { Cell::count(count) };
            Row::new([
                Cell::text(circle(since.circle)),
                Cell::text((all.release.edition)(since.edition)),
                Cell::text(&one.institution),
                Cell::text(&one.name),
                Cell::text(one.kind.in_print(texts)),
                number(one.questions.len()),
                Cell::text(one.questions.join(" ")),
                Cell::text(&one.places[0]),
                Cell::text(&one.places[1]),
            ])
        })
    });
    Sheet {
        name: texts.sheet.to_owned(),
        title: texts.title.to_owned(),
        notes: notes.collect(),
        columns: Column::all(texts.columns, widths),
        rows: rows.collect(),
        frozen_columns: 2,
        is_filtered: true,
        ..Sheet::default()
    }
}
