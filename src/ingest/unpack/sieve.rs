//! Throws away the empty rows of a sheet while it is unpacked. A height or a style that was given to
//! whole columns leaves a million rows with nothing in them, which say nothing and take sixty
//! megabytes.
//!
//! Rows count on from one another where they have no number. So a row is thrown away only where it
//! has one, and where the next one has none, it is put back.

use memchr::memmem::{self, Finder};

/// Throws away what says nothing of a part that is being unpacked.
pub trait Sieve {
    /// Looks at what has come so far; gives the place up to which everything stands as it shall.
    fn shake(&mut self, part: &mut Vec<u8>) -> usize;
}

/// What is known of a sheet of elements of which some rows were thrown away.
#[derive(Debug, Default)]
pub struct RowSieve {
    /// The place in the part before which everything stands as it shall.
    settled: usize,
    /// How elements are written; known once the rows begin.
    words: Option<Words>,
    /// The beginning of the last row that was thrown away, as far as its attributes.
    last: Vec<u8>,
}

impl Sieve for RowSieve {
    fn shake(&mut self, part: &mut Vec<u8>) -> usize {
        if self.words.is_none() {
            let Some((words, begin)) = Words::of(part) else { return 0 };
            self.settled = begin;
            self.words = Some(words);
        }
        let Some(words) = &self.words else { return 0 };
        let mut kept = self.settled;
        let mut at = self.settled;
        // Each turn looks at what comes up to the end of the next row.
        while let Some(start) = words.row.find(&part[at..]).map(|found| at + found) {
            let Some(tag_end) = memchr::memchr(b'>', &part[start..]).map(|found| start + found + 1) else { break };
            let length = words.row.needle().len();
            if part[start + length].is_ascii_alphanumeric() {
                move_down(part, &mut kept, at, tag_end);
                at = tag_end;
                continue;
            }
            let is_closed = part[..tag_end].ends_with(b"/>");
            let close = || words.row_end.find(&part[tag_end..]).map(|found| tag_end + found + length + 2);
            let Some(end) = (if is_closed { Some(tag_end) } else { close() }) else { break };
            let tag = start..tag_end - if is_closed { 2 } else { 1 };
            let is_numbered = words.number.find(&part[tag.clone()]).is_some();
            let holds = |word: &Finder<'_>| word.find(&part[tag_end..end]).is_some();
            let is_empty = is_closed || !words.contents.iter().any(holds);
            move_down(part, &mut kept, at, start);
            if is_numbered && is_empty {
                self.last.clear();
                self.last.extend_from_slice(&part[tag]);
            } else {
                if !is_numbered && !self.last.is_empty() {
                    // It is no longer than what was thrown away, so it fits before what comes.
                    self.last.extend_from_slice(b"/>");
                    part[kept..kept + self.last.len()].copy_from_slice(&self.last);
                    kept += self.last.len();
                }
                self.last.clear();
                move_down(part, &mut kept, start, end);
            }
            at = end;
        }
        // What is left is looked at when more of it has come.
        self.settled = kept;
        let end = part.len();
        move_down(part, &mut kept, at, end);
        part.truncate(kept);
        self.settled
    }
}

/// How elements are written in a part: some programs write a prefix such as `x:` before their names.
#[derive(Debug)]
struct Words {
    row: Finder<'static>,
    row_end: Finder<'static>,
    number: Finder<'static>,
    /// A value, a formula, a text of the cell's own.
    contents: [Finder<'static>; 3],
}

impl Words {
    /// The words of a part, and where its rows begin.
    fn of(part: &[u8]) -> Option<(Words, usize)> {
        let data = memmem::find(part, b"sheetData")?;
        let name = part[..data].iter().rposition(|byte| *byte == b'<')?;
        let prefix = String::from_utf8_lossy(&part[name + 1..data]);
        let word = |text: String| Finder::new(text.as_bytes()).into_owned();
        let words = Words {
            row: word(format!("<{prefix}row")),
            row_end: word(format!("</{prefix}row>")),
            number: word(" r=".to_owned()),
            contents: ["v", "f", "is"].map(|name| word(format!("<{prefix}{name}"))),
        };
        Some((words, data))
    }
}

/// Moves what stands between two places down to what is kept.
pub fn move_down(part: &mut [u8], kept: &mut usize, from: usize, to: usize) {
    if *kept != from {
        part.copy_within(from..to, *kept);
    }
    *kept += to - from;
}
