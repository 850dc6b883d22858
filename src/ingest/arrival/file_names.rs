//! What file names tell about the order of several workbooks of one institution: 再提出, 修正版,
//! v2, (2), コピー and their like, in the name and in the folders above it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// What people write into the name of a workbook that takes the place of another, longer spellings
/// first; spellings in one row mean the same.
const LATER: [&[&str]; 6] = [
    &["再々提出", "再再提出"],
    &["再提出", "再送付", "再送", "再回答"],
    &["訂正版", "訂正"],
    &["修正版", "修正"],
    &["差し替え", "差しかえ", "差替え", "差替"],
    &["最終版", "最終", "最新版", "最新", "確定版", "確定"],
];
/// What they write into the name of the one whose place is taken.
const EARLIER: [&str; 7] = ["初回", "当初", "原本", "旧版", "旧", "未修正", "未訂正"];
const VERSIONS: [&str; 4] = ["version", "ver", "rev", "v"];

/// The order of two files by their names, as far as the names tell. Folders are asked first: the
/// desk sorts into folders, while an institution may call its first return 修正版 for reasons of
/// its own. `code` is the institution's code, a number that tells nothing.
pub(in crate::ingest) fn order(a: &str, b: &str, code: &str) -> Option<Ordering> {
    let (folder_a, name_a) = parts(a);
    let (folder_b, name_b) = parts(b);
    let (folders, names) = ([folder_a, folder_b], [name_a, name_b]);
    let [folder, other_folder] = folders.map(|text| Name::read(text, code));
    let [name, other_name] = names.map(|text| Name::read(text, code));
    folder.by_marks_and_dates(&other_folder).or_else(|| name.order(&other_name, code))
}

/// The folders of a path, and the file's name without its ending.
fn parts(path: &str) -> (&str, &str) {
    let (folder, base) = path.rsplit_once('/').unwrap_or(("", path));
    (folder, base.rsplit_once('.').map_or(base, |(stem, _)| stem))
}

/// A name, taken apart.
#[derive(Debug, Default)]
struct Name {
    /// 0 for one whose place was taken, 1 for one that says nothing, 2 for one that takes the place
    /// of another, 3 and above for the second, third, … that does.
    level: u32,
    /// The rows of [`LATER`] that it uses.
    words: BTreeSet<usize>,
    /// An explicit version: major, minor.
    version: Option<(u32, u32)>,
    /// The first date: year (0 where there is none), month, day.
    date: Option<(u32, u32, u32)>,
    /// What is left, with `_` between its parts.
    rest: String,
}

impl Name {
    fn read(text: &str, code: &str) -> Name {
        let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let mut name = Name { level: 1, date: date(&folded, code), ..Name::default() };
        let mut is_superseded = false;
        let mut rest = folded.as_str();
        while let Some(first) = rest.chars().next() {
            let before = name.rest.chars().next_back().unwrap_or(' ');
            if let Some((row, after)) = later_word(rest) {
                // 修正前 is what was there before the correction.
                if let Some(after) = after.strip_prefix('前') {
                    is_superseded = true;
                    rest = after;
                } else {
                    let (times, after) = small_number(after).unwrap_or((1, after));
                    let times = if row == 0 { times.max(2) } else { times };
                    name.level = name.level.max(1 + times);
                    name.words.insert(row.max(1));
                    rest = after;
                }
                name.rest.push('_');
            } else if let Some(after) = earlier_word(rest, before) {
                is_superseded = true;
                name.rest.push('_');
                rest = after;
            } else if let Some((version, after)) = version(rest, before) {
                name.version = name.version.max(Some(version));
                name.rest.push('_');
                rest = after;
            } else {
                name.rest.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        if is_superseded {
            name.level = 0;
        }
        name.rest = tidy(&name.rest);
        name
    }

    fn order(&self, other: &Name, code: &str) -> Option<Ordering> {
        let has_marks = |name: &Name| name.level != 1 || name.version.is_some();
        match self.by_marks_and_dates(other) {
            Some(order) => Some(order),
            // Marks that say different things are not settled by a number at the end.
            None if has_marks(self) != has_marks(other) || self.words != other.words => None,
            None if self.version != other.version => None,
            None => by_numbers(&self.rest, &other.rest, code),
        }
    }

    /// The order by words and versions, else by dates. Where marks say different things, a date
    /// settles it.
    fn by_marks_and_dates(&self, other: &Name) -> Option<Ordering> {
        self.by_marks(other).or_else(|| {
            let (own, others) = (self.date?, other.date?);
            let order = own.cmp(&others);
            ((own.0 == 0) == (others.0 == 0) && order != Ordering::Equal).then_some(order)
        })
    }

    /// The order by words and versions.
    fn by_marks(&self, other: &Name) -> Option<Ordering> {
        let by_words = match self.level.cmp(&other.level) {
            // 修正_最終 comes after 修正; 再提出 and 修正 may come in either order.
            Ordering::Equal if self.words == other.words => Ordering::Equal,
            Ordering::Equal if self.words.is_superset(&other.words) => Ordering::Greater,
            Ordering::Equal if self.words.is_subset(&other.words) => Ordering::Less,
            Ordering::Equal => return None,
            order => order,
        };
        let first = (1, 0);
        let by_version = match (self.version, other.version) {
            (Some(own), Some(others)) => own.cmp(&others),
            (None, None) => Ordering::Equal,
            // Without a number it is the first of its kind, but 再提出 may come before or after v2.
            (Some(own), None) if own > first && by_words == Ordering::Less => return None,
            (None, Some(others)) if others > first && by_words == Ordering::Greater => return None,
            (Some(own), None) if by_words == Ordering::Equal => own.cmp(&first),
            (None, Some(others)) if by_words == Ordering::Equal => first.cmp(&others),
            _ => Ordering::Equal,
        };
        match (by_words, by_version) {
            (Ordering::Equal, Ordering::Equal) => None,
            (order, Ordering::Equal) | (Ordering::Equal, order) => Some(order),
            (one, another) => (one == another).then_some(one),
        }
    }
}

fn later_word(text: &str) -> Option<(usize, &str)> {
    let mut rows = LATER.iter().enumerate();
    rows.find_map(|(row, spellings)| Some((row, spellings.iter().find_map(|word| text.strip_prefix(word))?)))
}

fn earlier_word(text: &str, before: char) -> Option<&str> {
    let japanese = EARLIER.iter().find_map(|word| text.strip_prefix(word));
    // `old` as a word of its own: not that of Gold or of Oldham.
    let is_end = |after: &&str| !after.starts_with(|character: char| character.is_ascii_alphabetic());
    japanese.or_else(|| text.strip_prefix("old").filter(is_end).filter(|_| !before.is_ascii_alphabetic()))
}

/// A number of times directly after a word; a longer number is a date or a code.
fn small_number(text: &str) -> Option<(u32, &str)> {
    let (number, after) = leading_number(text)?;
    (1..=20).contains(&number).then_some((number, after))
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// `v2`, `ver.3`, `rev 2`, `v1.2`, `第2版`, `2回目`.
fn version(text: &str, before: char) -> Option<((u32, u32), &str)> {
    if before.is_ascii_alphabetic() {
        return None;
    }
    if let Some(after) = VERSIONS.iter().find_map(|word| text.strip_prefix(word)) {
        let (major, after) = leading_number(after.trim_start_matches(['.', ' ', '_']))?;
        let minor = after.strip_prefix('.').and_then(leading_number);
        let ((major, minor), after) = minor.map_or(((major, 0), after), |(minor, after)| ((major, minor), after));
        let is_end = !after.starts_with(|character: char| character.is_ascii_alphabetic());
        return is_end.then_some(((major, minor), after));
    }
    // Not within a longer number.
    let (number, after) =
        leading_number(text.strip_prefix('第').unwrap_or(text)).filter(|_| !before.is_ascii_digit())?;
    let after = ["版", "回目", "回"].iter().find_map(|word| after.strip_prefix(word))?;
    Some(((number, 0), after))
}

/// The first date in a text: 20230801, 2023-08-01, 2023年8月1日, 8月1日, or 0801 unless it is the code
/// of the institution.
fn date(text: &str, code: &str) -> Option<(u32, u32, u32)> {
    let pieces = pieces(text);
    // What stands between a number and the next, and the next.
    let next = |place: usize| pieces.get(place + 1).copied().unwrap_or_default();
    let number = |digits: &str| if matches!(digits.len(), 1 | 2) { digits.parse().unwrap_or(0) } else { 0 };
    let exists = |(year, month, day): (u32, u32, u32)| {
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
    };
    pieces.iter().enumerate().find_map(|(place, (_, digits))| {
        let (between, second) = next(place);
        let is_year = digits.starts_with("20");
        match digits.len() {
            8 if is_year => exists((digits[..4].parse().ok()?, number(&digits[4..6]), number(&digits[6..]))),
            4 if is_year && matches!(between, "-" | "_" | "." | "年") => {
                let (then, third) = next(place + 1);
                let year = digits.parse().ok().filter(|_| matches!(then, "-" | "_" | "." | "月"))?;
                exists((year, number(second), number(third)))
            }
            4 if *digits != code => exists((0, number(&digits[..2]), number(&digits[2..]))),
            1 | 2 if between == "月" => exists((0, number(digits), number(second))),
            _ => None,
        }
    })
}

/// Joins what is left with single `_`, drops brackets that became empty, and puts コピー at the end,
/// where newer versions of Windows write it.
fn tidy(rest: &str) -> String {
    const SEPARATORS: [char; 9] = [' ', '_', '-', '・', '.', '[', ']', '【', '】'];
    let joined = rest.split(SEPARATORS).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let tidy = joined.replace("(_", "(").replace("_)", ")").replace("()", "").replace("__", "_");
    let tidy = tidy.trim_matches('_');
    let first = ["コピー_~_", "コピー~", "コピー_〜_", "コピー〜", "copy_of_"];
    let original = first.iter().find_map(|word| tidy.strip_prefix(word));
    original.map_or_else(|| tidy.to_owned(), |original| format!("{original}_コピー"))
}

/// The order of names that differ in a number: `x` before `x (2)` before `x (10)`, `x_0801` before
/// `x_0815`. Other names tell nothing.
fn by_numbers(a: &str, b: &str, code: &str) -> Option<Ordering> {
    if let Some(suffix) = b.strip_prefix(a) {
        return is_copy(suffix).then_some(Ordering::Less);
    }
    if let Some(suffix) = a.strip_prefix(b) {
        return is_copy(suffix).then_some(Ordering::Greater);
    }
    let (a, b) = (pieces(a), pieces(b));
    let same_shape = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0);
    let differing = a.iter().zip(&b).find(|(a, b)| a.1 != b.1).filter(|_| same_shape)?;
    let (a, b) = (differing.0.1, differing.1.1);
    if a == code || b == code {
        return None;
    }
    let order = a.parse::<u64>().ok()?.cmp(&b.parse().ok()?);
    (order != Ordering::Equal).then_some(order)
}

/// What a copy has behind the name of its original: `(2)`, `_2`, `_コピー`, `_コピー_(2)`, `のコピー`.
fn is_copy(suffix: &str) -> bool {
    let plain = suffix.trim_start_matches(['_', 'の']);
    let after_word = ["コピー", "copy"].iter().find_map(|word| plain.strip_prefix(word));
    let number = after_word.unwrap_or(plain).trim_start_matches('_');
    if number.is_empty() {
        return after_word.is_some();
    }
    if let Some(inner) = number.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return leading_number(inner).is_some_and(|(_, after)| after.is_empty());
    }
    // A bare number is a count of copies or a date; one of another length is a code.
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (suffix.starts_with('_') || after_word.is_some()) && matches!(number.len(), 1 | 2 | 8)
}

/// Texts, each with the digits that follow it.
fn pieces(text: &str) -> Vec<(&str, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (before, digits) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        pieces.push((before, &digits[..end]));
        rest = &digits[end..];
    }
    pieces
}

/// File names in the order in which people number them, for whatever nothing else decides:
/// `x.xlsx` before `x (2).xlsx`, that before `x (10).xlsx`, and all before `x_再提出.xlsx`. The name
/// without its ending is compared first, digits as the number they spell.
pub(in crate::ingest) fn listed(file: &str) -> (Vec<(&str, u64)>, &str) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let number = |digits: &str| digits.parse().unwrap_or(0);
    (pieces(stem).into_iter().map(|(text, digits)| (text, number(digits))).collect(), file)
}
