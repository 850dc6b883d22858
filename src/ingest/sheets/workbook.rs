//! Reads a cleared workbook into sheets, by calamine, which reads what Excel writes.
//!
//! Cells are streamed, so a stray cell in the last row costs nothing. A sheet that cannot be read
//! costs itself. Errors of the library are retold in the words of the person who has to mend the
//! file.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{
    CellType, Data, DataRef, Dimensions, Range, Reader, SheetVisible, Xls, XlsError, XlsOptions, Xlsb, XlsbError, Xlsx,
    XlsxError, XlsxFormulaMetadata,
};

use super::active;
use super::binary;
use crate::finding::{CellAddress, Code};
use crate::ingest::refusal::{Refusal, Unread};
use crate::ingest::sheets::legacy::Squeezed;
use crate::ingest::sheets::looks::SheetLooks;
use crate::ingest::sheets::opendocument::{self, Document};
use crate::ingest::sheets::sheet::{Format, Merged, Sheet, SheetCell, Value, Workbook, formula_shown};
use crate::ingest::sheets::sheet_parts::{SheetPart, SheetParts};
use crate::ingest::unpack::budget::Budget;
use crate::ingest::unpack::guard::{Cleared, Content, SheetName};
use crate::survey::date_shown;

/// The most cells of a sheet with errors that the library does not know.
const ERROR_LIMIT: usize = 1_000;

/// Reads a workbook that the guard has cleared.
pub fn read(cleared: Cleared<'_>) -> Result<Workbook, Refusal> {
    let Cleared { content, application, saved, mut carries, mut unread } = cleared;
    let mut damaged = Vec::new();
    let (format, sheets) = match content {
        Content::Xlsx { container, sheets, mut parts, macros } => {
            let format = if macros { Format::Xlsm } else { Format::Xlsx };
            (format, read_xlsx(container, sheets, &mut parts, &mut damaged, &mut unread)?)
        }
        Content::Xlsb { container, sheets, contents } => {
            (Format::Xlsb, read_xlsb(container, sheets, contents, &mut unread)?)
        }
        Content::Ods { content, styles } => {
            let Document { sheets, carries: more } = opendocument::read(content, styles)?;
            carries.extend(more);
            (Format::Ods, sheets)
        }
        Content::Xls { container, code_page, squeezed, looks } => {
            (Format::Xls, read_xls(&container, code_page, &squeezed, looks)?)
        }
    };
    if sheets.iter().any(|sheet| sheet.drawings().iter().any(|drawing| drawing.is_note)) {
        carries.push(active::CALLOUTS);
    }
    carries.sort_unstable();
    carries.dedup();
    Ok(Workbook { format, application, saved, sheets, carries, damaged, unread })
}

fn damaged(what: &str) -> Refusal {
    Refusal::new(Code::DamagedWorkbook, format!("the workbook cannot be read: {what}"))
}

fn encrypted() -> Refusal {
    Refusal::new(Code::EncryptedWorkbook, "the workbook is encrypted with a password")
}

/// What is wrong with a part of an xlsx workbook.
fn told(error: &XlsxError) -> &'static str {
    match error {
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) => "it is no sound XML",
        XlsxError::XmlEof(_) | XlsxError::Io(_) | XlsxError::Zip(_) => "it ends in the middle",
        XlsxError::NotAWorksheet(_) => "it is no sheet of cells",
        XlsxError::ParseInt(_) | XlsxError::ParseFloat(_) => "a cell holds another kind of value than it says",
        XlsxError::CellTAttribute(_) => "a cell holds a kind of value that nobody knows",
        XlsxError::Alphanumeric(_) | XlsxError::NumericColumn(_) | XlsxError::DimensionCount(_) => {
            "a cell has no address"
        }
        XlsxError::RangeWithoutColumnComponent | XlsxError::RangeWithoutRowComponent => "a cell has no address",
        _ => "it is not written as a sheet of cells",
    }
}

/// Cells that could not be read: their sheet, the cell before them, and what the library said.
type Damaged = Vec<(usize, Option<CellAddress>, String)>;

fn read_xlsx(
    container: &[u8],
    names: Vec<SheetName>,
    parts: &mut SheetParts,
    damaged_cells: &mut Damaged,
    unread: &mut Vec<Unread>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut source: Xlsx<_> = Reader::new(Cursor::new(container)).map_err(|error: XlsxError| match error {
        XlsxError::Password => encrypted(),
        error => damaged(&format!("of its shared texts or formats, {}", told(&error))),
    })?;
    let count = names.len();
    let mut sheets = Vec::with_capacity(count);
    let mut budget = Budget::default();
    for (position, SheetName { name, visible }) in names.into_iter().enumerate() {
        budget.sheet()?;
        let before = damaged_cells.len();
        match read_sheet(&mut source, position, sheets.len(), parts.take(position, count), &mut budget, damaged_cells) {
            Ok(read) => sheets.push(read.named(name, visible)),
            Err(Trouble::Sheet(why)) => {
                damaged_cells.truncate(before);
                unread.push(Unread { name, why });
            }
            Err(Trouble::Workbook(refusal)) => return Err(refusal),
        }
    }
    Ok(sheets)
}

/// What is wrong with one sheet, or with the whole workbook.
enum Trouble {
    Sheet(String),
    Workbook(Refusal),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        Trouble::Workbook(refusal)
    }
}

impl From<XlsxError> for Trouble {
    fn from(error: XlsxError) -> Trouble {
        Trouble::Sheet(told(&error).to_owned())
    }
}

impl From<XlsbError> for Trouble {
    fn from(_: XlsbError) -> Trouble {
        Trouble::Sheet("its records are damaged or cut off".to_owned())
    }
}

/// What a sheet holds.
#[derive(Default)]
struct Read {
    cells: Vec<SheetCell>,
    formulas: Vec<(CellAddress, Box<str>)>,
    merged: Vec<Merged>,
    looks: SheetLooks,
}

impl Read {
    fn named(mut self, name: String, visible: bool) -> Sheet {
        let (looks, drawings) = self.looks.apply(&mut self.cells, &self.merged);
        let sheet = Sheet::new(name, visible, self.cells).with_formulas(self.formulas).with_merged(self.merged);
        sheet.with_looks(looks).with_drawings(drawings)
    }
}

/// The name that the guard gives a sheet in the container.
fn name_of(position: usize) -> String {
    (position + 1).to_string()
}

fn read_sheet(
    source: &mut Xlsx<Cursor<&[u8]>>,
    position: usize,
    index: usize,
    part: SheetPart,
    budget: &mut Budget,
    damaged_cells: &mut Damaged,
) -> Result<Read, Trouble> {
    let SheetPart { merged, has_formulas, looks } = part;
    let name = name_of(position);
    let mut read = Read { cells: Vec::with_capacity(512), looks, ..Read::default() };
    let mut places: Vec<CellAddress> = Vec::with_capacity(1_024);
    let mut unknown = 0;
    let mut reader = source.worksheet_cells_reader(&name)?;
    loop {
        // The first way of reading hands on a shared formula where it stands and copies it nowhere.
        let next = if has_formulas {
            let cell = reader.next_cell_with_formula_metadata();
            cell.map(|cell| cell.map(|cell| (cell.pos, value_of_ref(&cell.value), cell.formula.map(formula_of))))
        } else {
            let cell = reader.next_cell();
            cell.map(|cell| cell.map(|cell| (cell.get_position(), value_of_ref(cell.get_value()), None)))
        };
        match next {
            Ok(Some(((row, column), value, formula))) => {
                let address = CellAddress { row, column };
                places.push(address);
                let value = match (value, &formula) {
                    (None, Some(formula)) => Some(Value::Uncomputed(formula.clone())),
                    (value, _) => value,
                };
                if let Some(value) = value {
                    let cell = SheetCell { address, value };
                    budget.cell(&cell)?;
                    read.cells.push(cell);
                    read.formulas.extend(formula.map(|formula| (address, formula.into_boxed_str())));
                }
            }
            Ok(None) => break,
            // An error value that the library does not know, such as #SPILL!: the reader
            // stands behind it and goes on with the next cell.
            Err(XlsxError::CellError(text)) => {
                damaged_cells.push((index, read.cells.last().map(|cell| cell.address), text));
                unknown += 1;
            }
            Err(error) => return Err(error.into()),
        }
        if unknown > ERROR_LIMIT {
            return Err(Trouble::Sheet(format!("more than {ERROR_LIMIT} of its cells show errors")));
        }
    }
    drop(reader);
    if let Some(cell) = standing_twice(places) {
        return Err(Trouble::Sheet(format!("cell {cell} stands in it twice")));
    }
    read.merged = match merged {
        Some(merged) => merged,
        None => merged_cells(&source.merge_cells_by_sheet_name(&name)?),
    };
    budget.merged(read.merged.len())?;
    Ok(read)
}

fn read_xlsb(
    container: &[u8],
    names: Vec<SheetName>,
    contents: Vec<binary::Contents>,
    unread: &mut Vec<Unread>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut source: Xlsb<_> = Reader::new(Cursor::new(container))
        .map_err(|_: XlsbError| damaged("its shared texts or formats are damaged or cut off"))?;
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(names.len());
    for (position, (SheetName { name, visible }, contents)) in names.into_iter().zip(contents).enumerate() {
        budget.sheet()?;
        match read_binary_sheet(&mut source, position, contents, &mut budget) {
            Ok(read) => sheets.push(read.named(name, visible)),
            Err(Trouble::Sheet(why)) => unread.push(Unread { name, why }),
            Err(Trouble::Workbook(refusal)) => return Err(refusal),
        }
    }
    Ok(sheets)
}

fn read_binary_sheet(
    source: &mut Xlsb<Cursor<&[u8]>>,
    position: usize,
    contents: binary::Contents,
    budget: &mut Budget,
) -> Result<Read, Trouble> {
    let binary::Contents { merged, formulas, looks } = contents;
    let mut read = Read { merged, looks, ..Read::default() };
    let mut reader = source.worksheet_cells_reader(&name_of(position))?;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if let Some(value) = value_of_ref(cell.get_value()) {
            let cell = SheetCell { address: CellAddress { row, column }, value };
            budget.cell(&cell)?;
            read.cells.push(cell);
        }
    }
    drop(reader);
    if let Some(cell) = standing_twice(read.cells.iter().map(|cell| cell.address).collect()) {
        return Err(Trouble::Sheet(format!("cell {cell} stands in it twice")));
    }
    // The text of a formula that the library does not know is not needed to say that there is one.
    let mut texts = BTreeMap::new();
    if !formulas.is_empty() {
        let mut reader = source.worksheet_cells_reader(&name_of(position))?;
        while let Ok(Some(formula)) = reader.next_formula() {
            let (row, column) = formula.get_position();
            texts.insert(CellAddress { row, column }, formula_shown(formula.get_value()));
        }
    }
    read.formulas.reserve(formulas.len());
    for address in formulas {
        let shown = texts.remove(&address).unwrap_or_else(|| formula_shown("…"));
        read.formulas.push((address, shown.into_boxed_str()));
    }
    budget.merged(read.merged.len())?;
    Ok(read)
}

/// The formula of a cell; one that it shares with other cells is written out only in the first.
fn formula_of(formula: XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula_shown(&formula)
        }
        _ => formula_shown("…"),
    }
}

/// A cell that stands in a sheet more than once, filled or not: there is no telling which of the
/// contents is meant.
fn standing_twice(mut places: Vec<CellAddress>) -> Option<CellAddress> {
    if !places.is_sorted() {
        places.sort_unstable();
    }
    places.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

fn read_xls(
    container: &[u8],
    code_page: u16,
    squeezed: &BTreeMap<usize, Squeezed>,
    looks: Vec<SheetLooks>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut options = XlsOptions::default();
    options.force_codepage = Some(code_page);
    let source = Xls::new_with_options(Cursor::new(container), options);
    let mut source = source.map_err(|error: XlsError| match error {
        XlsError::Password => encrypted(),
        _ => damaged("a record of it is damaged"),
    })?;
    let metadata = source.sheets_metadata().to_vec();
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(metadata.len());
    let mut looks = looks.into_iter();
    for (position, sheet) in metadata.into_iter().enumerate() {
        budget.sheet()?;
        let missing = |_: XlsError| damaged("its list of sheets is damaged");
        let squeezed = squeezed.get(&position);
        let meant = |address| squeezed.map_or(address, |squeezed| squeezed.address(address));
        let mut read = Read { looks: looks.next().unwrap_or_default(), ..Read::default() };
        let range: Range<Data> = source.worksheet_range(&sheet.name).map_err(missing)?;
        for (row, column, data) in range.used_cells() {
            if let Some(value) = value_of(data) {
                let cell = SheetCell { address: meant(address_in(&range, row, column)), value };
                budget.cell(&cell)?;
                read.cells.push(cell);
            }
        }
        drop(range);
        let formulas: Range<String> = source.worksheet_formula(&sheet.name).map_err(missing)?;
        let shown = |formula: &str| formula_shown(formula).into_boxed_str();
        read.formulas = formulas
            .used_cells()
            .map(|(row, column, formula)| (meant(address_in(&formulas, row, column)), shown(formula)))
            .collect();
        read.merged = merged_cells(&source.merge_cells_by_sheet_name(&sheet.name).map_err(missing)?);
        budget.merged(read.merged.len())?;
        let visible = sheet.visible == SheetVisible::Visible;
        sheets.push(read.named(sheet.name, visible));
    }
    Ok(sheets)
}

/// The address of a cell of a range, which begins at the first filled row and column.
fn address_in<T: CellType>(range: &Range<T>, row: usize, column: usize) -> CellAddress {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let offset = |place: usize| u32::try_from(place).expect("a sheet has fewer than 2^32 rows and columns");
    CellAddress { row: first_row + offset(row), column: first_column + offset(column) }
}

fn merged_cells(regions: &[Dimensions]) -> Vec<Merged> {
    let corner = |(row, column)| CellAddress { row, column };
    regions.iter().map(|region| Merged { first: corner(region.start), last: corner(region.end) }).collect()
}

fn value_of_ref(data: &DataRef<'_>) -> Option<Value> {
    match data {
        DataRef::SharedString(text) => Some(Value::Text((*text).to_owned())),
        DataRef::Float(number) => Some(number_value(*number)),
        other => value_of(&Data::from(other.clone())),
    }
}

fn value_of(data: &Data) -> Option<Value> {
    Some(match data {
        Data::Empty => return None,
        Data::String(text) => Value::Text(text.clone()),
        Data::Float(number) => number_value(*number),
        Data::Int(number) => Value::Number(*number as f64),
        Data::Bool(value) => Value::Boolean(*value),
        Data::DateTime(moment) => Value::Date(date_shown(moment)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Date(text.clone()),
        Data::Error(error) => Value::Error(error.to_string()),
    })
}

/// A file can spell a number as NaN; that is no number to anyone who reads the cell.
fn number_value(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Error(number.to_string()) }
}
