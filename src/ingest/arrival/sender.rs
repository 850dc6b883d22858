//! Who seems to have sent a workbook that cannot be read: what its file name says. It decides
//! nothing about answers, only whom the desk asks for another workbook.

use crate::ingest::arrival::submission::Submission;
use crate::survey::{Institution, Roster, comparable};

/// Notes the presumed sender of every workbook whose cover could not be read.
pub(in crate::ingest) fn presume(submissions: &mut [Submission], roster: &Roster, fiscal_year: u16) {
    let institutions = roster.institutions();
    for submission in submissions.iter_mut().filter(|one| one.institution.is_none()) {
        submission.presumed = named_by(&submission.file, &institutions, fiscal_year).map(|one| one.code.clone());
    }
}

/// The institution that the name of a file points to, or else those of the folders around it.
pub(in crate::ingest) fn named_by<'a>(
    file: &str,
    institutions: &[&'a Institution],
    fiscal_year: u16,
) -> Option<&'a Institution> {
    let (folder, base) = file.rsplit_once('/').unwrap_or(("", file));
    let of = |text: &str| by_code(text, institutions, fiscal_year).or_else(|| by_name(text, institutions));
    of(base).or_else(|| of(folder))
}

/// The institution whose code stands in the text by itself, if there is only one; the fiscal year
/// may look like a code.
fn by_code<'a>(text: &str, institutions: &[&'a Institution], fiscal_year: u16) -> Option<&'a Institution> {
    let folded = comparable(text);
    let year = fiscal_year.to_string();
    let words = folded.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut found: Vec<&Institution> = words
        .filter_map(|word| institutions.binary_search_by(|one| (*one.code).cmp(word)).ok())
        .map(|place| institutions[place])
        .collect();
    found.sort_by(|a, b| a.code.cmp(&b.code));
    found.dedup_by(|a, b| a.code == b.code);
    if found.len() > 1 {
        found.retain(|one| *one.code != *year);
    }
    if let [one] = found.as_slice() { Some(one) } else { None }
}

/// The institution whose name stands in the text, if there is only one; a name within a longer one
/// that stands there is none.
fn by_name<'a>(text: &str, institutions: &[&'a Institution]) -> Option<&'a Institution> {
    let folded = comparable(text);
    let names = institutions.iter().map(|one| (comparable(&one.name), *one));
    let found: Vec<(String, &Institution)> =
        names.filter(|(name, _)| !name.is_empty() && folded.contains(name.as_str())).collect();
    let is_longest = |name: &str| !found.iter().any(|(other, _)| other != name && other.contains(name));
    let longest: Vec<&Institution> = found.iter().filter(|(name, _)| is_longest(name)).map(|(_, one)| *one).collect();
    if let [one] = longest.as_slice() { Some(one) } else { None }
}
