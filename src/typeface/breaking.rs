//! Lines of a text: the cheapest set of breaks that keeps every line within a width.
//!
//! All measures are integers (font units), so that the same text breaks alike on every machine.

use super::Weight;
use super::face::{advance, units_per_em};
use super::kinsoku::break_cost;

/// The saving in other costs that justifies one more line than necessary.
const EXTRA_LINE: u64 = 25;
/// The cost of a break at a forbidden place in a word that is longer than a line.
const FORBIDDEN: u64 = 10_000;
/// Deviations of a line are squared thousandths of the width, divided by this.
const RAGGEDNESS: u64 = 2_500;
/// The last line of running text should be no shorter than this many thousandths.
const WIDOW: u64 = 150;

/// How the lines of a text should compare with each other.
#[derive(Clone, Copy)]
enum Setting {
    /// A label: lines of about the same length.
    Balanced,
    /// Running text: full lines, the last one as long as it happens to be.
    Filled,
}

/// Breaks a label into lines of about equal width, none wider than `max_width`.
///
/// A newline in the text always breaks. A word that is wider than a line is broken anywhere.
#[must_use]
pub fn break_lines(text: &str, weight: Weight, size: f64, max_width: f64) -> Vec<String> {
    set(text, weight, size, max_width, Setting::Balanced)
}

/// Breaks running text into full lines, none wider than `max_width`, without a last line of one
/// or two characters.
#[must_use]
pub fn fill_lines(text: &str, weight: Weight, size: f64, max_width: f64) -> Vec<String> {
    set(text, weight, size, max_width, Setting::Filled)
}

fn set(text: &str, weight: Weight, size: f64, max_width: f64, setting: Setting) -> Vec<String> {
    let units = max_width * f64::from(units_per_em(weight)) / size;
    // A width below one character still has to give lines; the cast saturates.
    let limit = (units as u64).max(1);
    text.split('\n').flat_map(|paragraph| Paragraph::new(paragraph, weight, limit, setting).lines()).collect()
}

/// One text without newlines, ready to be broken.
struct Paragraph {
    characters: Vec<char>,
    /// Advances up to each character, one more than there are characters.
    reach: Vec<u64>,
    limit: u64,
    setting: Setting,
}

/// The cheapest way to set the text up to some character.
#[derive(Clone, Copy)]
struct Way {
    cost: u64,
    from: usize,
}

impl Paragraph {
    fn new(text: &str, weight: Weight, limit: u64, setting: Setting) -> Self {
        let characters: Vec<char> = text.trim().chars().collect();
        let mut reach = vec![0];
        let mut total = 0;
        for &character in &characters {
            total += u64::from(advance(character, weight));
            reach.push(total);
        }
        Self { characters, reach, limit, setting }
    }

    fn lines(&self) -> Vec<String> {
        let ends = self
            .ends(false)
            .or_else(|| self.ends(true))
            .unwrap_or_else(|| (1..=self.characters.len().max(1)).collect());
        let mut start = 0;
        ends.into_iter()
            .map(|end| {
                let end = end.min(self.characters.len());
                let line: String = self.characters[start..end].iter().collect();
                start = end;
                line.trim().to_owned()
            })
            .collect()
    }

    /// Where the lines end; `None` when a word is wider than a line and must not be broken.
    fn ends(&self, anywhere: bool) -> Option<Vec<usize>> {
        let length = self.characters.len();
        let (count, (cost, ends)) =
            (1..=length.max(1)).find_map(|count| Some((count, self.with_lines(count, anywhere)?)))?;
        if count == 1 || matches!(self.setting, Setting::Filled) {
            return Some(ends);
        }
        match self.with_lines(count + 1, anywhere) {
            Some((more, airier)) if more + EXTRA_LINE < cost => Some(airier),
            _ => Some(ends),
        }
    }

    /// The cheapest way to set the text on exactly `count` lines.
    fn with_lines(&self, count: usize, anywhere: bool) -> Option<(u64, Vec<usize>)> {
        let length = self.characters.len();
        let aim = match self.setting {
            Setting::Balanced => self.reach[length] / count as u64,
            Setting::Filled => self.limit,
        };
        let mut levels: Vec<Vec<Option<Way>>> = vec![vec![None; length + 1]];
        levels[0][0] = Some(Way { cost: 0, from: 0 });
        for line in 1..=count {
            let mut level = vec![None; length + 1];
            let ends = if line == count { length..=length } else { 1..=length.saturating_sub(1) };
            for end in ends {
                let Some(broken) = self.break_at(end, anywhere) else {
                    continue;
                };
                for from in (0..=end).rev() {
                    if self.width(from, end) > self.limit && end - from > 1 {
                        break;
                    }
                    let Some(way) = levels[line - 1][from] else {
                        continue;
                    };
                    let cost = way.cost + broken + self.shape(from, end, aim, line == count);
                    if level[end].is_none_or(|known: Way| cost < known.cost) {
                        level[end] = Some(Way { cost, from });
                    }
                }
            }
            levels.push(level);
        }
        let cost = levels[count][length]?.cost;
        let mut ends = vec![length];
        for line in (2..=count).rev() {
            let end = ends[ends.len() - 1];
            ends.push(levels[line][end]?.from);
        }
        ends.reverse();
        Some((cost, ends))
    }

    /// The cost of a break before the character at `end`; the end of the text is free.
    fn break_at(&self, end: usize, anywhere: bool) -> Option<u64> {
        if end == 0 || end >= self.characters.len() {
            return Some(0);
        }
        let cost = break_cost(&self.characters, end);
        if anywhere { Some(cost.unwrap_or(FORBIDDEN)) } else { cost }
    }

    /// The width of a line without the spaces at its ends.
    fn width(&self, from: usize, end: usize) -> u64 {
        let blank = |at: &usize| self.characters[*at].is_whitespace();
        let first = (from..end).find(|at| !blank(at)).unwrap_or(end);
        let last = (first..end).rev().find(|at| !blank(at)).map_or(first, |at| at + 1);
        self.reach[last] - self.reach[first]
    }

    fn shape(&self, from: usize, end: usize, aim: u64, last: bool) -> u64 {
        let width = self.width(from, end);
        let deviation = match self.setting {
            Setting::Filled if last && from > 0 => (self.limit * WIDOW / 1000).saturating_sub(width) * 4,
            Setting::Filled if last => 0,
            _ => width.abs_diff(aim),
        };
        let thousandths = deviation * 1000 / self.limit;
        thousandths * thousandths / RAGGEDNESS
    }
}
