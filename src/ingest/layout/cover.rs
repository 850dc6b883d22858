//! The cover: for which year the workbook was filled, and by whom.
//!
//! Found by its labels on whatever sheet they stand. Without it the workbook is set aside: a
//! guess, from the file's name or the first sheet, could put answers under another name.

use crate::finding::{CellAddress, Code};
use crate::form::{Form, LabelId};
use crate::ingest::layout::labelled::LabelledSheet;
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::sheet::{Value, Workbook};
use crate::survey::comparable;

/// What the cover says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The position of its sheet.
    pub sheet: usize,
    /// The institution code and its cell, if the box is filled.
    pub code: Option<(String, CellAddress)>,
    /// The institution's name and its cell, if the box is filled.
    pub name: Option<(String, CellAddress)>,
}

/// Finds the cover of a form in a workbook.
pub fn find(form: &Form, sheets: &[LabelledSheet<'_>]) -> Result<Cover, Refusal> {
    // Examples last, visible sheets first: a hidden cover is more likely a leftover.
    let mut order: Vec<(usize, &LabelledSheet<'_>)> = sheets.iter().enumerate().collect();
    order.sort_by_key(|(_, sheet)| (sheet.example || sheet.former, !sheet.sheet.visible));
    let mut nearly: Vec<String> = Vec::new();
    let mut found: Option<Cover> = None;
    for (position, sheet) in order {
        // The label first: it is told by a number, the title by folding texts.
        let Some((label, _)) = sheet.find(form.cover_code, 0..u32::MAX) else { continue };
        if titled_year(form, sheet) != Some(TitledYear::This) {
            nearly.push(format!("「{}」 has the second at {}", sheet.sheet.name, label.address));
            continue;
        }
        let code = beside(sheet, label.address);
        let name = sheet.find(form.cover_name, 0..u32::MAX).and_then(|(label, _)| beside(sheet, label.address));
        let cover = Cover { sheet: position, code, name };
        match &found {
            None => found = Some(cover),
            Some(first) if sheet.sheet.visible && !sheet.example && !sheet.former => {
                let codes = [first, &cover].map(|cover| cover.code.as_ref().map(|(code, _)| comparable(code)));
                if let [Some(one), Some(other)] = codes
                    && one != other
                {
                    let message = format!("two covers name different institutions, {one} and {other}");
                    return Err(Refusal::new(Code::TwoInstitutions, message));
                }
            }
            Some(_) => {}
        }
    }
    if let Some(cover) = found {
        return Ok(cover);
    }
    let expected = &form.printed_title;
    let titled = |(position, sheet): (usize, &LabelledSheet<'_>)| match titled_year(form, sheet) {
        Some(TitledYear::Other(title, cell)) => Some((title, position, cell)),
        Some(TitledYear::This) | None => None,
    };
    if let Some((title, sheet, cell)) = sheets.iter().enumerate().find_map(titled) {
        let message = format!("the cover says 「{title}」, expected 「{expected}」");
        return Err(Refusal::new(Code::OtherYear, message).at(sheet, cell));
    }
    for sheet in sheets.iter().filter(|sheet| titled_year(form, sheet) == Some(TitledYear::This)) {
        nearly.push(format!("「{}」 has the first", sheet.sheet.name));
    }
    let nearly = if nearly.is_empty() { String::new() } else { format!(" ({})", nearly.join(", ")) };
    let code = form.labels.text(form.cover_code);
    let message = format!("no sheet has both a cell 「{expected}」 near its top and a cell 「{code}」{nearly}");
    Err(Refusal::new(Code::NoCoverSheet, message))
}

/// Chooses, among the forms of a year, the one that a workbook was filled on.
pub fn recognise<'f, 'w>(
    forms: &'f [Form],
    workbook: &'w Workbook,
) -> Result<(&'f Form, Vec<LabelledSheet<'w>>, Cover), Refusal> {
    let mut best: Option<(usize, &Form, Vec<LabelledSheet<'w>>, Cover)> = None;
    let mut refusal = None;
    for form in forms {
        let sheets: Vec<LabelledSheet<'w>> =
            workbook.sheets.iter().map(|sheet| LabelledSheet::new(sheet, &form.labels)).collect();
        let cover = match find(form, &sheets) {
            Ok(cover) => cover,
            Err(reason) => {
                refusal.get_or_insert(reason);
                continue;
            }
        };
        if forms.len() == 1 {
            return Ok((form, sheets, cover));
        }
        let fitting = fit(form, &sheets);
        if best.as_ref().is_none_or(|(most, ..)| fitting > *most) {
            best = Some((fitting, form, sheets, cover));
        }
    }
    match (best, refusal) {
        (Some((_, form, sheets, cover)), _) => Ok((form, sheets, cover)),
        (None, Some(reason)) => Err(reason),
        (None, None) => Err(Refusal::new(Code::NoCoverSheet, "the year has no form to read it with")),
    }
}

/// How many question numbers of a form stand in the workbook.
fn fit(form: &Form, sheets: &[LabelledSheet<'_>]) -> usize {
    let shows = |id: LabelId| sheets.iter().any(|sheet| sheet.all().any(|(_, label)| label == Some(id)));
    form.headings.iter().filter(|heading| shows(heading.number)).count()
}

#[derive(Debug, PartialEq, Eq)]
enum TitledYear {
    This,
    /// What it says, and where.
    Other(String, CellAddress),
}

/// Whether a sheet carries the title of the form, for this year or another.
fn titled_year(form: &Form, sheet: &LabelledSheet<'_>) -> Option<TitledYear> {
    let (before, after) = &form.cover_title_parts;
    let mut other = None;
    // The title stands at the top; a cover has few cells.
    for (cell, _) in sheet.all().take(40) {
        let Value::Text(text) = &cell.value else { continue };
        if text.len() > 4 * form.cover_title.len() {
            continue;
        }
        let folded = comparable(text);
        if folded == form.cover_title {
            return Some(TitledYear::This);
        }
        let year = folded.strip_prefix(before.as_str()).and_then(|rest| rest.strip_suffix(after.as_str()));
        match year.and_then(year_of) {
            Some(year) if form.cover_title == format!("{before}{year}{after}") => return Some(TitledYear::This),
            Some(_) => other = Some(TitledYear::Other(text.trim().to_owned(), cell.address)),
            None => {}
        }
    }
    other
}

/// A year as covers print it: 2022, 令和4, 令和4年, R4.
fn year_of(text: &str) -> Option<u32> {
    let text = text.strip_suffix('年').unwrap_or(text);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if let Some(year) = text.strip_prefix("令和").or_else(|| text.strip_prefix(['R', 'r'])) {
        let year = if year == "元" { Some(1) } else { digits(year) };
        // The first year of the era 令和 is 2019.
        return year.filter(|year| (1..100).contains(year)).map(|year| 2018 + year);
    }
    digits(text).filter(|_| text.len() == 4)
}

/// The first filled cell to the right of a label.
fn beside(sheet: &LabelledSheet<'_>, label: CellAddress) -> Option<(String, CellAddress)> {
    let mut row = sheet.rows(label.row..label.row + 1);
    let (cell, _) = row.find(|(cell, _)| cell.address.column > label.column)?;
    Some((cell.value.shown().trim().to_owned(), cell.address))
}
