//! A table on the first sheet of a workbook. Numbers are taken as the sheet shows them: a percentage
//! of one decimal has one, and a code with leading zeros has them.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use super::delimited::Fault;
use super::{Grid, TableField};
use crate::finding::CellAddress;

/// The most filled cells that a table may have.
const MOST_CELLS: usize = 2_000_000;
/// The last row and column of a table, from 0.
const LAST: (u32, u32) = (200_000, 1_000);
/// The text between the cells of a row as shown.
const BETWEEN: &str = " | ";

/// Whether bytes are those of a workbook, as far as their first ones tell.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet that can be seen.
pub(super) fn read(bytes: &[u8]) -> Result<Grid, Fault> {
    let unusable = |error: calamine::XlsxError| {
        let help = "save it from Excel as a workbook (xlsx), or as 「CSV UTF-8（コンマ区切り）」 (CSV UTF-8)";
        Fault::whole(format!("is no workbook that can be read: {error}"), help)
    };
    let mut source: Xlsx<_> = Reader::new(Cursor::new(bytes)).map_err(unusable)?;
    let is_shown =
        |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let Some(name) = source.sheets_metadata().iter().find(is_shown).map(|sheet| sheet.name.clone()) else {
        return Err(Fault::whole("is a workbook without a sheet", "put the table on its first sheet"));
    };
    let mut reader = source.worksheet_cells_reader(&name).map_err(unusable)?;
    let mut cells: Vec<(u32, u32, String)> = Vec::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(unusable)? {
        let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
        let Some(shown) = shown(cell.get_value(), format.map_or("General", |format| &format.format_code)) else {
            continue;
        };
        let (row, column) = cell.get_position();
        if (row > LAST.0 || column > LAST.1 || cells.len() == MOST_CELLS) && !shown.trim().is_empty() {
            let at = CellAddress { row, column };
            let message = format!("goes on to the cell {at} of the sheet 「{name}」, further than any table does");
            return Err(Fault::whole(message, "clear what does not belong to the table"));
        }
        cells.push((row, column, shown));
    }
    Ok(grid(&name, cells))
}

fn grid(sheet: &str, mut cells: Vec<(u32, u32, String)>) -> Grid {
    cells.retain(|(_, _, text)| !text.trim().is_empty());
    cells.sort_by_key(|(row, column, _)| (*row, *column));
    let (mut lines, mut rows) = (Vec::new(), Vec::new());
    for row in cells.chunk_by(|a, b| a.0 == b.0) {
        let number = row[0].0 as usize + 1;
        let mut fields: Vec<TableField> = Vec::new();
        let mut line = String::new();
        let mut start = 1;
        for column in 0..=row[row.len() - 1].1 {
            let text = row.iter().find(|(_, at, _)| *at == column).map_or("", |(_, _, text)| text);
            if column > 0 {
                line.push_str(BETWEEN);
                start += BETWEEN.chars().count();
            }
            // A break within a cell would break the line that is shown.
            line.extend(text.chars().map(|one| if one.is_control() { ' ' } else { one }));
            let length = text.chars().count();
            let cell = format!("{sheet}!{}", CellAddress { row: row[0].0, column });
            fields.push(TableField { text: text.to_owned(), line: number, start, length, cell: Some(cell) });
            start += length;
        }
        lines.resize(number, String::new());
        lines[number - 1] = line;
        rows.push(fields);
    }
    Grid { lines, rows }
}

/// The text that a sheet cell shows; `None` if it is empty.
fn shown(value: &DataRef<'_>, format: &str) -> Option<String> {
    Some(match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => number_shown(*number, format),
        other => match Data::from(other.clone()) {
            Data::Empty => return None,
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
            Data::Float(number) => number_shown(number, format),
            Data::Int(number) => number_shown(number as f64, format),
            Data::Bool(value) => value.to_string().to_uppercase(),
            Data::DateTime(moment) => date_shown(&moment),
            Data::Error(error) => error.to_string(),
        },
    })
}

/// A date or time as a person recognises it, whatever its format: `2023-07-01`, `2023-07-01 09:30` or, of a time or
/// duration alone, `09:30`. A moment that Excel itself cannot show stays a number.
pub(crate) fn date_shown(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    // From 1900 to the last day of the year 9999.
    if !(0.0..2_958_466.0).contains(&serial) {
        return serial.to_string();
    }
    if moment.is_duration() {
        let minutes = (serial * 24.0 * 60.0).round() as u64;
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let (date, time) = (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}"));
    match (serial < 1.0, serial.fract() == 0.0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date} {time}"),
    }
}

/// A number with the decimals, the percent sign and the leading zeros of its format; one without a
/// format of its own as it is.
fn number_shown(number: f64, format: &str) -> String {
    let plain = number.to_string();
    let section = format.split(';').next().unwrap_or("");
    let digits: String = section.chars().filter(|one| matches!(one, '0' | '#' | '?' | '.' | '%')).collect();
    let is_simple = section.chars().all(|one| matches!(one, '0' | '#' | '?' | '.' | ',' | '%' | ' ' | '_'));
    if !is_simple || !digits.contains('0') {
        return plain;
    }
    let is_percent = digits.ends_with('%');
    let digits = digits.trim_end_matches('%');
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let Some(fixed) = fixed(&plain, if is_percent { 2 } else { 0 }, decimals.len()) else { return plain };
    let least = whole.bytes().filter(|&one| one == b'0').count();
    let (integer, rest) = fixed.split_once('.').map_or((fixed.as_str(), None), |(integer, rest)| (integer, Some(rest)));
    let rest = rest.map(|rest| format!(".{rest}")).unwrap_or_default();
    format!("{integer:0>least$}{rest}{}", if is_percent { "%" } else { "" })
}

/// A decimal number moved by some places and rounded half up to so many decimals, digit by digit; `None`
/// where it is none, is negative, or has too many digits.
fn fixed(plain: &str, places: usize, decimals: usize) -> Option<String> {
    let (integer, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let wanted = places + decimals;
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(wanted).collect();
    let rounds_up = fraction.as_bytes().get(wanted).is_some_and(|&digit| digit >= b'5');
    let units: u128 = format!("{integer}{kept}").parse().ok()?;
    let units = (units + u128::from(rounds_up)).to_string();
    if decimals == 0 {
        return Some(units);
    }
    let padded = format!("{units:0>width$}", width = decimals + 1);
    let (integer, fraction) = padded.split_at(padded.len() - decimals);
    Some(format!("{integer}.{fraction}"))
}
