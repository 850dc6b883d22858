//! Writes the parts of an xlsx workbook as those of a binary one (xlsb): the same cells, styles, texts and
//! drawings, as lists of records. ([MS-XLSB] 2.4.)

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::book::Parts;

/// The binary workbook of an xlsx one.
pub fn binary(workbook: &Parts) -> Vec<u8> {
    let mut parts = Parts::in_bytes(&workbook.bytes());
    let names: Vec<String> = workbook.names().map(str::to_owned).collect();
    let struck_font = count_fonts(workbook.content("xl/styles.xml"));
    for name in names {
        let content = String::from_utf8_lossy(workbook.content(&name)).into_owned();
        let binary = match name.as_str() {
            "xl/workbook.xml" => list_of_sheets(&content),
            "xl/styles.xml" => styles(&content),
            "xl/sharedStrings.xml" => texts(&content, struck_font),
            name if name.starts_with("xl/worksheets/sheet") => sheet(&content, struck_font),
            name if name.starts_with("xl/worksheets/_rels/") => content.into_bytes(),
            "_rels/.rels" => {
                parts.put(&name, content.replace("xl/workbook.xml", "xl/workbook.bin").into_bytes());
                continue;
            }
            "xl/_rels/workbook.xml.rels" => content.replace(".xml\"", ".bin\"").into_bytes(),
            _ => continue,
        };
        parts.take(&name);
        let of_part = name.replace(".xml.rels", ".bin.rels");
        parts.add(&of_part.strip_suffix(".xml").map_or(of_part.clone(), |base| format!("{base}.bin")), binary);
    }
    parts.bytes()
}

fn put(part: &mut Vec<u8>, kind: u32, content: &[u8]) {
    for number in [kind, u32::try_from(content.len()).expect("a short record")] {
        let mut number = number;
        while number >= 0x80 {
            part.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        part.push(number as u8);
    }
    part.extend_from_slice(content);
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = u32::try_from(units.len()).expect("a short text").to_le_bytes();
    length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// What is met on a walk through a part: an element that begins, text, and an element that ends.
enum Step<'s> {
    Begin(&'s str, &'s BytesStart<'s>),
    Text(&'s str),
    End(&'s str),
}

fn walk(part: &str, mut visit: impl FnMut(Step<'_>)) {
    let mut source = Reader::from_str(part);
    source.config_mut().expand_empty_elements = true;
    loop {
        match source.read_event().expect("a sound part") {
            Event::Start(element) => visit(Step::Begin(element.local_name().as_ref(), &element)),
            Event::Text(text) => visit(Step::Text(&text.xml10_content())),
            Event::End(element) => visit(Step::End(element.local_name().as_ref())),
            Event::Eof => return,
            _ => {}
        }
    }
}

fn get(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).expect("a sound attribute").into_owned())
}

fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Option<T> {
    get(element, name)?.parse().ok()
}

fn list_of_sheets(part: &str) -> Vec<u8> {
    let mut binary = Vec::new();
    walk(part, |step| {
        if let Step::Begin("sheet", element) = step {
            let state = u32::from(get(element, "state").is_some_and(|state| state != "visible"));
            let [id, name] = ["id", "name"].map(|key| wide(&get(element, key).expect("a sheet has both")));
            put(&mut binary, 0x9C, &[&state.to_le_bytes()[..], &1_u32.to_le_bytes(), &id, &name].concat());
        }
    });
    put(&mut binary, 0x90, &[]);
    binary
}

fn colour(element: &BytesStart<'_>) -> [u8; 8] {
    if let Some(rgb) = get(element, "rgb") {
        let rgb = u32::from_str_radix(&rgb, 16).expect("a colour").to_be_bytes();
        return [5, 255, 0, 0, rgb[1], rgb[2], rgb[3], 255];
    }
    match (number::<u8>(element, "theme"), number::<u8>(element, "indexed")) {
        (Some(theme), _) => [6, theme, 0, 0, 0, 0, 0, 255],
        (_, Some(indexed)) => [2, indexed, 0, 0, 0, 0, 0, 255],
        _ => [0; 8],
    }
}

fn count_fonts(part: &[u8]) -> u16 {
    let (mut count, mut is_within) = (0, false);
    walk(&String::from_utf8_lossy(part), |step| match step {
        Step::Begin("fonts", _) => is_within = true,
        Step::End("fonts") => is_within = false,
        Step::Begin("font", _) if is_within => count += 1,
        _ => {}
    });
    count
}

/// Behind the fonts of the workbook stand two more: one that strikes out, and one that does not.
fn styles(part: &str) -> Vec<u8> {
    let mut binary = Vec::new();
    let (mut formats, mut fonts, mut fills, mut cells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut borders: Vec<Vec<u8>> = Vec::new();
    let mut within = String::new();
    let mut font = (false, [0; 8], 220_u16);
    let mut fill = (0_u32, [[0; 8]; 2]);
    let of_font = |(struck, colour, height): (bool, [u8; 8], u16)| {
        let flags = if struck { 8_u16 } else { 0 };
        [&height.to_le_bytes()[..], &flags.to_le_bytes(), &[0; 8], &colour, &[0], &wide("Font")].concat()
    };
    walk(part, |step| match step {
        Step::Begin(name @ ("numFmts" | "fonts" | "fills" | "cellXfs" | "cellStyleXfs" | "dxfs" | "borders"), _) => {
            name.clone_into(&mut within);
        }
        Step::Begin(name, element) => match (within.as_str(), name) {
            ("numFmts", "numFmt") => {
                let id: u16 = number(element, "numFmtId").expect("a format has a number");
                let code = get(element, "formatCode").expect("a format");
                formats.push([&id.to_le_bytes()[..], &wide(&code)].concat());
            }
            ("fonts", "font") => font = (false, [0; 8], 220),
            ("fonts", "sz") => font.2 = 20 * number::<u16>(element, "val").unwrap_or(11),
            ("fonts", "strike") => font.0 = get(element, "val").is_none_or(|value| value != "0" && value != "false"),
            ("fonts", "color") => font.1 = colour(element),
            ("fills", "fill") => fill = (0, [[0; 8]; 2]),
            ("fills", "patternFill") => {
                fill.0 = match get(element, "patternType").as_deref() {
                    None | Some("none") => 0,
                    Some("solid") => 1,
                    Some(_) => 17,
                };
            }
            ("fills", "fgColor") => fill.1[0] = colour(element),
            ("fills", "bgColor") => fill.1[1] = colour(element),
            ("borders", "border") => {
                let ways =
                    ["diagonalDown", "diagonalUp"].map(|way| u8::from(get(element, way).as_deref() == Some("1")));
                borders.push([&[ways[0] | ways[1] << 1][..], &[0; 50]].concat());
            }
            ("borders", "diagonal") => {
                if let Some(border) = borders.last_mut() {
                    border[41] = u8::from(get(element, "style").is_some());
                }
            }
            ("cellXfs", "xf") => {
                let ids =
                    ["numFmtId", "fontId", "fillId", "borderId"].map(|key| number::<u16>(element, key).unwrap_or(0));
                cells.push([&[0; 2][..], &ids.map(u16::to_le_bytes).concat(), &[0; 6]].concat());
            }
            _ => {}
        },
        Step::End("font") if within == "fonts" => fonts.push(of_font(font)),
        Step::End("fill") => fills.push([&fill.0.to_le_bytes()[..], &fill.1.concat(), &[0; 48]].concat()),
        _ => {}
    });
    fonts.extend([true, false].map(|struck| of_font((struck, [0; 8], 220))));
    for (begin, kind, records, end) in [
        (0x267, 0x2C, formats, 0x268),
        (0x263, 0x2B, fonts, 0x264),
        (0x25B, 0x2D, fills, 0x25C),
        (0x265, 0x2E, borders, 0x266),
        (0x269, 0x2F, cells, 0x26A),
    ] {
        put(&mut binary, begin, &u32::try_from(records.len()).expect("few").to_le_bytes());
        records.iter().for_each(|record| put(&mut binary, kind, record));
        put(&mut binary, end, &[]);
    }
    binary
}

/// A text with its runs, as they are walked through.
#[derive(Default)]
struct Rich {
    text: String,
    /// Where each begins, and whether it is struck out.
    runs: Vec<(u16, bool)>,
    in_text: bool,
    aside: bool,
}

impl Rich {
    fn take(&mut self, step: &Step<'_>) {
        match step {
            Step::Begin("rPr", _) => {
                let at = u16::try_from(self.text.encode_utf16().count()).expect("a short text");
                self.runs.push((at, false));
            }
            Step::Begin("strike", element) => {
                if let Some(run) = self.runs.last_mut() {
                    run.1 = get(element, "val").is_none_or(|value| value != "0" && value != "false");
                }
            }
            Step::Begin("rPh", _) => self.aside = true,
            Step::End("rPh") => self.aside = false,
            Step::Begin("t", _) => self.in_text = !self.aside,
            Step::End("t") => self.in_text = false,
            Step::Text(text) if self.in_text => self.text.push_str(text),
            _ => {}
        }
    }

    fn record(&self, struck_font: u16) -> Vec<u8> {
        let mut record = vec![u8::from(!self.runs.is_empty())];
        record.extend(wide(&self.text));
        if !self.runs.is_empty() {
            record.extend(u32::try_from(self.runs.len()).expect("few runs").to_le_bytes());
            for (at, struck) in &self.runs {
                let font = if *struck { struck_font } else { struck_font + 1 };
                record.extend([at.to_le_bytes(), font.to_le_bytes()].concat());
            }
        }
        record
    }
}

fn texts(part: &str, struck_font: u16) -> Vec<u8> {
    let mut items: Vec<Vec<u8>> = Vec::new();
    let mut rich = Rich::default();
    walk(part, |step| match step {
        Step::Begin("si", _) => rich = Rich::default(),
        Step::End("si") => items.push(rich.record(struck_font)),
        other => rich.take(&other),
    });
    let mut binary = Vec::new();
    let count = u32::try_from(items.len()).expect("few texts").to_le_bytes();
    put(&mut binary, 0x9F, &[count, count].concat());
    items.iter().for_each(|item| put(&mut binary, 0x13, item));
    put(&mut binary, 0xA0, &[]);
    binary
}

/// `B2` as row and column from 0.
fn place(cell: &str) -> (u32, u32) {
    let digits = cell.find(|c: char| c.is_ascii_digit()).expect("a cell such as F12");
    let column = cell[..digits].bytes().fold(0, |sum, letter| 26 * sum + u32::from(letter - b'A') + 1);
    (cell[digits..].parse::<u32>().expect("a cell such as F12") - 1, column - 1)
}

/// The cells of a row by column: the kind of each record, and its content.
type Cells = BTreeMap<u32, (u32, Vec<u8>)>;

fn sheet(part: &str, struck_font: u16) -> Vec<u8> {
    let mut columns: Vec<Vec<u8>> = Vec::new();
    let mut rows: BTreeMap<u32, (Vec<u8>, Cells)> = BTreeMap::new();
    let mut merged: Vec<Vec<u8>> = Vec::new();
    let mut cell = (String::new(), String::new(), 0_u32, String::new(), Rich::default());
    let mut in_value = false;
    walk(part, |step| match &step {
        Step::Begin("col", element) if get(element, "min").is_some() => {
            let ends = ["min", "max"].map(|key| number::<u32>(element, key).unwrap_or(1) - 1);
            let width = (number::<f64>(element, "width").unwrap_or(8.43) * 256.0) as u32;
            let hidden = u16::from(get(element, "hidden").is_some_and(|value| value == "1" || value == "true"));
            let content = [ends[0], ends[1], width, 0].map(u32::to_le_bytes).concat();
            columns.push([content, hidden.to_le_bytes().to_vec()].concat());
        }
        // The anchors of controls have elements of the same name.
        Step::Begin("row", element) if get(element, "r").is_some() => {
            let row = number::<u32>(element, "r").expect("a row has a number") - 1;
            let height = (number::<f64>(element, "ht").unwrap_or(15.0) * 20.0) as u16;
            let hidden = get(element, "hidden").is_some_and(|value| value == "1" || value == "true");
            let flags = if hidden { 0x1000_u16 } else { 0 };
            let head = [row, 0].map(u32::to_le_bytes).concat();
            let header = [&head[..], &height.to_le_bytes(), &flags.to_le_bytes(), &[0; 5]].concat();
            rows.insert(row, (header, BTreeMap::new()));
        }
        Step::Begin("c", element) => {
            let [at, kind] = ["r", "t"].map(|key| get(element, key).unwrap_or_default());
            cell = (at, kind, number(element, "s").unwrap_or(0), String::new(), Rich::default());
        }
        Step::Begin("v", _) => in_value = true,
        Step::End("v") => in_value = false,
        Step::Text(text) if in_value => cell.3.push_str(text),
        Step::End("c") => {
            let (at, kind, style, value, rich) = &cell;
            let content = match kind.as_str() {
                "s" => Some((7, value.parse::<u32>().expect("a text's number").to_le_bytes().to_vec())),
                "b" => Some((4, vec![u8::from(value == "1")])),
                "inlineStr" => Some((0x3E, rich.record(struck_font))),
                "str" => Some((6, wide(value))),
                _ => value.parse::<f64>().ok().map(|number| (5, number.to_le_bytes().to_vec())),
            };
            let (row, column) = place(at);
            if let (Some((kind, content)), Some((_, cells))) = (content, rows.get_mut(&row)) {
                let whole = [&column.to_le_bytes()[..], &style.to_le_bytes(), &content].concat();
                cells.insert(column, (kind, whole));
            }
        }
        Step::Begin("mergeCell", element) => {
            let area = get(element, "ref").expect("a merged cell has a place");
            let (first, last) = area.split_once(':').expect("a merged cell has two ends");
            let ((top, left), (bottom, right)) = (place(first), place(last));
            merged.push([top, bottom, left, right].map(u32::to_le_bytes).concat());
        }
        other => cell.4.take(other),
    });
    let mut binary = Vec::new();
    put(&mut binary, 0x81, &[]);
    put(&mut binary, 0x94, &[0, 1_000, 0, 100].map(u32::to_le_bytes).concat());
    put(&mut binary, 0x186, &[]);
    columns.iter().for_each(|column| put(&mut binary, 0x3C, column));
    put(&mut binary, 0x187, &[]);
    put(&mut binary, 0x91, &[]);
    for (header, cells) in rows.values() {
        put(&mut binary, 0, header);
        cells.values().for_each(|(kind, content)| put(&mut binary, *kind, content));
    }
    put(&mut binary, 0x92, &[]);
    put(&mut binary, 0xB1, &u32::try_from(merged.len()).expect("few").to_le_bytes());
    merged.iter().for_each(|area| put(&mut binary, 0xB0, area));
    put(&mut binary, 0xB2, &[]);
    put(&mut binary, 0x82, &[]);
    binary
}
