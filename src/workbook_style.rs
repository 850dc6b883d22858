//! The house style of every workbook that we write: fonts, headings, widths, print set-up, open
//! cells, drop-down lists, document properties. The only file that names `rust_xlsxwriter`.
//!
//! A [`Book`] is described as data and becomes bytes in [`bytes`]: the same description gives the
//! same bytes. Text is always written as a string, never as a formula, and cannot become one when
//! somebody edits the cell.

mod description;

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions,
    Workbook, Worksheet, XlsxError,
};

use crate::texts::WorkbookTexts;
use crate::typeface::{self, Weight};
use description::Content;
pub use description::{Book, Cell, Column, Row, Sheet};

/// The size of text in points.
const SIZE: f64 = 10.0;
const TITLE_SIZE: f64 = 14.0;
/// The height of a line of text in points, with room above and below.
const LINE: f64 = 16.0;
/// The distance of two lines within a cell in points, and the room above and below them.
const PITCH: f64 = 13.0;
const PADDING: f64 = 5.0;
/// The largest height of a row in points.
const ROW_LIMIT: f64 = 409.0;
/// Ink and fills of the house: dark blue for headings, grey for totals, pale yellow for open cells.
const HEADING_FILL: u32 = 0x1F_3864;
const STRONG_FILL: u32 = 0xE7_EBF3;
const OPEN_FILL: u32 = 0xFF_F9DB;
const RULE: u32 = 0xB7_BDC9;
const WHITE: u32 = 0xFF_FFFF;
/// A cell of a workbook holds at most this many UTF-16 units.
const TEXT_LIMIT: usize = 32_767;
/// The character set of Japanese fonts, so that a system without the typeface takes a Japanese one.
const SHIFT_JIS: u8 = 128;

/// Writes a workbook to memory.
///
/// # Panics
/// If a sheet's name cannot be one, or a row has not a cell for each column: both are fixed by the
/// program, not by what it is given.
pub fn bytes(book: &Book) -> Vec<u8> {
    write(book).expect("names, sizes and positions of a described workbook are within the format's limits")
}

fn write(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(book)?);
    let mut lists = Lists { texts: &book.language.texts().workbook, lists: Vec::new() };
    for sheet in &book.sheets {
        write_sheet(workbook.add_worksheet(), sheet, &mut lists)?;
    }
    if !lists.lists.is_empty() {
        lists.write(workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

/// The date of creation is fixed: bytes depend on what is written, not on when.
fn properties(book: &Book) -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(&book.title).set_creation_datetime(&created);
    Ok(book
        .properties
        .iter()
        .fold(properties, |properties, (name, value)| properties.set_custom_property(name.as_str(), value.as_str())))
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &Sheet, lists: &mut Lists) -> Result<(), XlsxError> {
    worksheet.set_name(&sheet.name)?;
    worksheet.set_screen_gridlines(false);
    for (position, column) in sheet.columns.iter().enumerate() {
        let position = narrow(position);
        worksheet.set_column_width(position, column.width)?;
        if column.is_hidden {
            worksheet.set_column_hidden(position)?;
        }
    }
    worksheet.write_string_with_format(0, 0, fitting(&sheet.title), &title_format())?;
    worksheet.set_row_height(0, 1.6 * TITLE_SIZE)?;
    let mut row = 1;
    for note in &sheet.notes {
        write_line(worksheet, sheet, row, note)?;
        row += 1;
    }
    if !sheet.notes.is_empty() {
        row += 1;
    }
    let header = row;
    if !sheet.columns.is_empty() {
        write_table(worksheet, sheet, header, lists)?;
        row = header + 1 + tall(sheet.rows.len());
    }
    for (position, footnote) in sheet.footnotes.iter().enumerate() {
        write_line(worksheet, sheet, row + 1 + tall(position), footnote)?;
    }
    set_up_print(worksheet, sheet, header)?;
    if sheet.is_locked {
        // Actions that help reading stay allowed.
        worksheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            use_autofilter: true,
            ..ProtectionOptions::default()
        });
    }
    Ok(())
}

fn write_table(worksheet: &mut Worksheet, sheet: &Sheet, header: u32, lists: &mut Lists) -> Result<(), XlsxError> {
    let last = narrow(sheet.columns.len() - 1);
    let heading = heading_format();
    let mut lines = 1;
    for (position, column) in sheet.columns.iter().enumerate() {
        worksheet.write_string_with_format(header, narrow(position), fitting(&column.heading), &heading)?;
        lines = lines.max(line_count(&column.heading, Weight::Bold, column.width));
    }
    worksheet.set_row_height(header, f64::from(lines) * LINE + 4.0)?;
    for (position, row) in sheet.rows.iter().enumerate() {
        assert_eq!(row.cells.len(), sheet.columns.len(), "a row of {} has a cell for each column", sheet.name);
        for (column, cell) in row.cells.iter().enumerate() {
            write_cell(worksheet, header + 1 + tall(position), narrow(column), cell, row.is_strong, lists)?;
        }
        let lines = row.cells.iter().zip(&sheet.columns).map(|(cell, column)| cell_lines(cell, column, row.is_strong));
        // A row to be written in has room for a sentence.
        let fewest = if row.cells.iter().any(|cell| cell.is_open) { 3 } else { 1 };
        let height = f64::from(lines.max().unwrap_or(1).max(fewest)) * PITCH + PADDING;
        worksheet.set_row_height(header + 1 + tall(position), height.min(ROW_LIMIT))?;
    }
    worksheet.set_freeze_panes(header + 1, sheet.frozen_columns)?;
    if sheet.is_filtered {
        worksheet.autofilter(header, 0, header + tall(sheet.rows.len()), last)?;
    }
    Ok(())
}

fn write_cell(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    is_strong: bool,
    lists: &mut Lists,
) -> Result<(), XlsxError> {
    let format = cell_format(cell, is_strong);
    match &cell.content {
        Content::Empty => worksheet.write_blank(row, column, &format)?,
        Content::Text(text) => worksheet.write_string_with_format(row, column, fitting(text), &format)?,
        Content::Whole(number) => worksheet.write_number_with_format(row, column, *number as f64, &format)?,
        Content::Tenths(tenths) => worksheet.write_number_with_format(row, column, *tenths as f64 / 10.0, &format)?,
    };
    if !cell.choices.is_empty() {
        let [title, message] = lists.texts.not_on_list;
        let choices = DataValidation::new()
            .allow_list_formula(Formula::new(lists.range(&cell.choices)))
            .set_error_title(title)?
            .set_error_message(message)?;
        worksheet.add_data_validation(row, column, row, column, &choices)?;
    }
    Ok(())
}

/// A line of text over the width of the table, wrapped. Merged cells do not find their height by
/// themselves, so it is computed.
fn write_line(worksheet: &mut Worksheet, sheet: &Sheet, row: u32, text: &str) -> Result<(), XlsxError> {
    let format = plain_format().set_text_wrap().set_align(FormatAlign::Top);
    let width: f64 = sheet.columns.iter().filter(|column| !column.is_hidden).map(|column| column.width).sum();
    match sheet.columns.len() {
        0 | 1 => {
            worksheet.write_string_with_format(row, 0, fitting(text), &format)?;
        }
        columns => {
            worksheet.merge_range(row, 0, row, narrow(columns - 1), &fitting(text), &format)?;
        }
    }
    worksheet.set_row_height(row, f64::from(line_count(text, Weight::Regular, width)) * LINE)?;
    Ok(())
}

/// A4 across, as wide as the page, the heading row on every page, numbered pages.
fn set_up_print(worksheet: &mut Worksheet, sheet: &Sheet, header: u32) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    worksheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    worksheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    // An ampersand begins a command in headers and footers; a blank keeps digits of the title apart
    // from the size.
    let title = sheet.title.replace('&', "&&");
    let family = typeface::FAMILY;
    worksheet.set_footer(format!("&L&\"{family}\"&8 {title}&R&\"{family}\"&8&P / &N"));
    if !sheet.columns.is_empty() {
        worksheet.set_repeat_rows(header, header)?;
    }
    Ok(())
}

fn plain_format() -> Format {
    Format::new().set_font_name(typeface::FAMILY).set_font_charset(SHIFT_JIS).set_font_size(SIZE)
}

fn title_format() -> Format {
    plain_format().set_font_size(TITLE_SIZE).set_bold().set_align(FormatAlign::VerticalCenter)
}

fn heading_format() -> Format {
    plain_format()
        .set_bold()
        .set_font_color(WHITE)
        .set_background_color(HEADING_FILL)
        .set_border(FormatBorder::Thin)
        .set_border_color(RULE)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn cell_format(cell: &Cell, is_strong: bool) -> Format {
    let mut format =
        plain_format().set_border(FormatBorder::Thin).set_border_color(RULE).set_align(FormatAlign::VerticalCenter);
    // Text and numbers keep off the rule: the text by an indent, numbers by a blank in their format.
    let is_number = matches!(cell.content, Content::Whole(_) | Content::Tenths(_));
    format = if is_number { format.set_align(FormatAlign::Right) } else { format.set_indent(1) };
    format = match &cell.content {
        Content::Whole(_) => format.set_num_format("#,##0_ "),
        Content::Tenths(_) => format.set_num_format("0.0_ "),
        // The hidden apostrophe of spreadsheets: the text stays a text when somebody edits it.
        Content::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format.set_text_wrap().set_quote_prefix()
        }
        // An open cell takes what is typed as text, so that 1-2 does not become a date.
        Content::Text(_) | Content::Empty if cell.is_open => format.set_text_wrap().set_num_format("@"),
        Content::Text(_) | Content::Empty => format.set_text_wrap(),
    };
    if is_strong {
        format = format.set_bold().set_background_color(STRONG_FILL);
    }
    if cell.is_open {
        format = format.set_unlocked().set_background_color(OPEN_FILL);
    }
    format
}

/// The lists of drop-downs: in a sheet rather than in the cell, where 255 characters are the limit
/// and a comma divides.
struct Lists {
    texts: &'static WorkbookTexts,
    lists: Vec<Vec<String>>,
}

impl Lists {
    /// The range that holds a list, which is kept once however often it is used.
    fn range(&mut self, choices: &[String]) -> String {
        let known = self.lists.iter().position(|list| list == choices);
        let position = known.unwrap_or_else(|| {
            self.lists.push(choices.to_vec());
            self.lists.len() - 1
        });
        let column = rust_xlsxwriter::utility::column_number_to_name(narrow(position));
        format!("='{}'!${column}$1:${column}${}", self.texts.lists, choices.len())
    }

    fn write(&self, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
        worksheet.set_name(self.texts.lists)?;
        worksheet.set_hidden(true);
        worksheet.protect();
        for (column, list) in self.lists.iter().enumerate() {
            for (row, choice) in list.iter().enumerate() {
                worksheet.write_string_with_format(tall(row), narrow(column), fitting(choice), &plain_format())?;
            }
        }
        Ok(())
    }
}

/// How many lines a cell takes.
fn cell_lines(cell: &Cell, column: &Column, is_strong: bool) -> u32 {
    // The indent takes nearly two digits; the rest is for the text.
    const INDENT: f64 = 2.0;
    let weight = if is_strong { Weight::Bold } else { Weight::Regular };
    match &cell.content {
        Content::Text(text) if !column.is_hidden => line_count(text, weight, column.width - INDENT),
        _ => 1,
    }
}

/// How many lines a text takes in a column of this many half-width characters.
fn line_count(text: &str, weight: Weight, width: f64) -> u32 {
    // A column unit is a digit of 7 pixels, which is 5.25 points; the padding is the format's own.
    let room = (width * 5.25 - 4.0).max(2.0 * SIZE);
    let lines = text.split('\n').map(|line| (typeface::width(line, weight, SIZE) / room).ceil().max(1.0));
    lines.sum::<f64>().min(40.0) as u32
}

/// A text within the limit of a cell; a longer one ends with an ellipsis.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= TEXT_LIMIT {
        return text.to_owned();
    }
    let mut room = TEXT_LIMIT - 1;
    let kept = text.chars().take_while(|character| match room.checked_sub(character.len_utf16()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    });
    kept.chain(['…']).collect()
}

fn narrow(column: usize) -> u16 {
    u16::try_from(column).expect("a sheet has fewer than 16,384 columns")
}

fn tall(row: usize) -> u32 {
    u32::try_from(row).expect("a sheet has fewer than 1,048,576 rows")
}
