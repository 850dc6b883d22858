//! What a file is that is no workbook, as far as its first bytes say so, and what the institution
//! has to be asked for.

use super::encodings;
use crate::finding::Code;
use crate::ingest::refusal::Refusal;

/// How much of a file is looked at.
const HEAD: usize = 4096;

/// What helps with a spreadsheet of another program or of another age.
const SAVE_ANEW: &str =
    "Ask the institution to open it in the program that made it, save it as an Excel workbook (.xlsx), and send that.";
const UNPACK: &str =
    "Unpack it and put the workbook into the folder, or ask the institution for the workbook itself or a zip archive.";
const NOT_COPIED: &str =
    "It only points at a file: copy the workbook itself into the folder, or ask the institution for it.";
const DO_NOT_RUN: &str = "Do not run it. Ask the institution for the workbook itself; if it was not expected, tell those who look after security.";
const WITHOUT_LABEL: &str = "No password opens it. Ask the institution to take the protection (label) off, or to save a copy without it, and to send that.";

/// What is known of a kind of file.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A letter, a picture: what such a file is depends on what it is called.
    Document(&'static str),
    /// Something else, with what helps.
    Other(&'static str, &'static str),
}

use Kind::{Document, Other};

/// Kinds that are known by their first bytes.
const BY_BYTES: [(&[u8], Kind); 34] = [
    (b"\x89PNG", Document("is a picture")),
    (b"\xFF\xD8\xFF", Document("is a picture")),
    (b"GIF8", Document("is a picture")),
    (b"II*\0", Document("is a picture")),
    (b"MM\0*", Document("is a picture")),
    (b"{\\rtf", Document("is a text document (RTF)")),
    (b"Rar!", Other("is a RAR archive", UNPACK)),
    (b"7z\xBC\xAF", Other("is a 7-Zip archive", UNPACK)),
    (b"\x1F\x8B", Other("is a gzip archive", UNPACK)),
    (b"BZh", Other("is a bzip2 archive", UNPACK)),
    (b"\xFD7zXZ", Other("is an xz archive", UNPACK)),
    (b"\x28\xB5\x2F\xFD", Other("is a Zstandard archive", UNPACK)),
    (b"MSCF", Other("is a cabinet archive", UNPACK)),
    (b"\x60\xEA", Other("is an ARJ archive", UNPACK)),
    // [MS-XLS] calls them BIFF2 to BIFF4: a stream of records without a container.
    (b"\x09\x00\x04\x00", Other("is a workbook of Excel 2", SAVE_ANEW)),
    (b"\x09\x00\x06\x00", Other("is a workbook of Excel 2", SAVE_ANEW)),
    (b"\x09\x02\x06\x00", Other("is a workbook of Excel 3", SAVE_ANEW)),
    (b"\x09\x04\x06\x00", Other("is a workbook of Excel 4", SAVE_ANEW)),
    (b"\x09\x08\x08\x00", Other("is a workbook of Excel 5 without its container", SAVE_ANEW)),
    (b"\x09\x08\x10\x00", Other("is a workbook of Excel 97 without its container", SAVE_ANEW)),
    (b"\x00\x00\x02\x00", Other("is a worksheet of Lotus 1-2-3", SAVE_ANEW)),
    (b"\x00\x00\x1A\x00", Other("is a worksheet of Lotus 1-2-3", SAVE_ANEW)),
    (b"ID;", Other("is a spreadsheet in the SYLK format", SAVE_ANEW)),
    (b"TABLE\r\n0,1", Other("is a spreadsheet in the DIF format", SAVE_ANEW)),
    (b"MZ", Other("is a program, perhaps an archive that unpacks itself", DO_NOT_RUN)),
    (b"\x7FELF", Other("is a program", DO_NOT_RUN)),
    (b"L\0\0\0\x01\x14\x02\0", Other("is a shortcut of Windows", NOT_COPIED)),
    (b"[InternetShortcut]", Other("is a shortcut to a web page", NOT_COPIED)),
    (b"book\0\0\0\0mark", Other("is an alias of macOS", NOT_COPIED)),
    (b"\0\x05\x16\x07", Other("is what macOS keeps beside a file, not the file", NOT_COPIED)),
    (b"SQLite format 3", Other("is a database", SAVE_ANEW)),
    (b"\0\x01\0\0Standard", Other("is a database of Access", SAVE_ANEW)),
    (b"xV4", Document("is a scanned document")),
    (b"\x60\x0E\x82", Document("is a document of DocuWorks")),
];

/// The refusal of a file that is no workbook.
pub fn refusal_of(bytes: &[u8]) -> Refusal {
    if bytes.starts_with(b".pfile") || bytes.starts_with(b".ppdf") {
        return rights_managed();
    }
    if bytes.iter().all(|&byte| byte == 0) {
        let message = format!("the file holds nothing but {} zeros", bytes.len());
        return Refusal::new(Code::DamagedWorkbook, message);
    }
    match kind_of(bytes) {
        Document(what) => refusal(what).of_document(),
        Other(what, help) => refusal(what).helped_by(help),
    }
}

/// The refusal of a workbook that rights management protects.
pub fn rights_managed() -> Refusal {
    let message = "the workbook is protected by rights management (a label such as 秘密度ラベル), which lets only some people read it";
    Refusal::new(Code::EncryptedWorkbook, message).helped_by(WITHOUT_LABEL)
}

/// The refusal of a package of Office that is no workbook, by the names of its parts.
pub fn of_package(names: &[String]) -> Refusal {
    let has = |folder: &str| names.iter().any(|name| name.to_ascii_lowercase().starts_with(folder));
    let known =
        [("word/", "is a document of Word"), ("ppt/", "is a presentation"), ("visio/", "is a drawing of Visio")];
    let what = known.into_iter().find(|(folder, _)| has(folder)).map(|(_, what)| what);
    refusal(what.unwrap_or("is an Office document of another kind")).of_document()
}

/// The refusal of an OpenDocument that is no spreadsheet.
pub fn of_opendocument(kind: &str) -> Refusal {
    let what = match kind {
        kind if kind.starts_with("text") => "is an OpenDocument text",
        kind if kind.starts_with("presentation") => "is an OpenDocument presentation",
        _ => "is an OpenDocument of another kind",
    };
    refusal(what).of_document()
}

/// The refusal of a zip archive that holds a document of another program, by the names of its parts.
pub fn of_archive(names: &[String]) -> Option<Refusal> {
    let is_iwork = |name: &String| {
        name.ends_with(".iwa") || matches!(name.as_str(), "Index.zip" | "index.apxl" | "index.numbers" | "index.xml.gz")
    };
    names.iter().any(is_iwork).then(|| {
        let help = "Ask the institution to export it from Numbers as an Excel workbook (.xlsx), and to send that.";
        refusal("is a spreadsheet of Apple Numbers (or another document of iWork)").helped_by(help)
    })
}

fn refusal(what: &str) -> Refusal {
    Refusal::new(Code::NotAWorkbook, format!("the file {what}, expected a workbook"))
}

fn kind_of(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some((_, kind)) = BY_BYTES.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return *kind;
    }
    // The header of LHA begins with two bytes of its own length and sum.
    if head.get(2..5) == Some(b"-lh") || head.get(2..5) == Some(b"-lz") {
        return Other("is an LHA archive (LZH)", UNPACK);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Other("is a tar archive", UNPACK);
    }
    if matches!(head.get(4..8), Some(b"ftyp")) {
        return Document("is a picture or a film");
    }
    if head.windows(5).take(1024).any(|window| window == b"%PDF-") {
        return Document("is a PDF");
    }
    let mut text = head.to_vec();
    encodings::make_utf8(&mut text);
    text_kind(&String::from_utf8_lossy(&text)).unwrap_or_else(|| {
        let is_text = |byte: &u8| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n' | 0x0C | 0x1B);
        if text.iter().all(is_text) { Document("is a text or CSV file") } else { Document("has no known beginning") }
    })
}

/// The kind of a text, by the words that it begins with.
fn text_kind(text: &str) -> Option<Kind> {
    let text = text.to_ascii_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    let is_xml = text.starts_with('<');
    if is_xml && text.contains("urn:schemas-microsoft-com:office:spreadsheet") && !text.contains("<html") {
        return Some(Other("is an XML Spreadsheet 2003", SAVE_ANEW));
    }
    if is_xml && text.contains("opendocument") && text.contains("spreadsheet") {
        return Some(Other("is a flat OpenDocument spreadsheet (fods)", SAVE_ANEW));
    }
    if text.starts_with("<!doctype html") || text.contains("<html") || text.contains("<table") {
        return Some(Document("is a web page"));
    }
    if text.starts_with("mime-version:") || (text.starts_with("from:") && text.contains("\nto:")) {
        return Some(Document("is a mail or a saved web page"));
    }
    if text.starts_with("-----begin pgp") || text.starts_with("age-encryption.org") {
        let help = "Decrypt it with the key that it was encrypted for, and put the workbook into the folder.";
        return Some(Other("is encrypted for somebody's key", help));
    }
    if text.starts_with('{') && text.contains("\"doc_id\"") {
        return Some(Other("is a shortcut to a document in Google Drive", NOT_COPIED));
    }
    is_xml.then_some(Document("is an XML text"))
}

/// The endings of files that are meant to be returns, whatever they turn out to be.
const RETURNS: [&str; 18] = [
    "", "xls", "xlsx", "xlsm", "xlsb", "xlt", "xltx", "xltm", "xlam", "ods", "ots", "fods", "et", "csv", "tsv", "xml",
    "zip", "numbers",
];

/// Whether a file is what may lie beside returns, such as a letter: a document by what it is, and
/// not called a workbook.
pub fn is_letter(file: &str, refusal: &Refusal) -> bool {
    let base = file.rsplit('/').next().unwrap_or(file);
    let ending = base.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let is_locked_document = || matches!(ending.as_str(), "doc" | "docx" | "docm" | "ppt" | "pptx");
    match refusal.code {
        Code::NotAWorkbook => refusal.is_document && !RETURNS.contains(&ending.as_str()),
        Code::EmptyFile => !RETURNS.contains(&ending.as_str()),
        Code::EncryptedWorkbook => is_locked_document(),
        _ => false,
    }
}
