//! The edits that people make, each with what must come of it.

use std::collections::BTreeSet;

use cssa::finding::Code;
use cssa::survey::{Kind, Prompt};
use rust_xlsxwriter::{Color, Format};

use super::{Becomes, Dice, Edited, Return};
use crate::book::{Entry, Sheet};
use crate::formats_alike::crossed;

/// How many kinds there are.
pub const KINDS: usize = ALL.len();

type Edit = fn(&mut Dice, &mut Return<'_>, &BTreeSet<Prompt>) -> Option<Edited>;

const ALL: [(&str, Edit); 20] = [
    ("another spelling of a mark", other_mark),
    ("characters that nobody sees", unseen_characters),
    ("marks moved out of their boxes", moved_marks),
    ("a mark beside boxes that are filled", stray_mark),
    ("marks on the numbers of options", marked_numbers),
    ("one mark on a number beside filled boxes", one_marked_number),
    ("marks on the wordings of options", marked_wordings),
    ("crosses beside a mark", crosses),
    ("crosses alone", only_crosses),
    ("the number of an option in another spelling", spelled_number),
    ("a number with its unit", number_with_unit),
    ("digits that do not stand together", divided_digits),
    ("a number in a format", formatted_number),
    ("a mark struck out", struck_mark),
    ("a mark in the colour of its ground", white_mark),
    ("a mark in a hidden row", hidden_mark),
    ("content under a merged cell", covered_number),
    ("a number in a lower row of its box", lower_row),
    ("a title twice in its row", title_twice),
    ("another font", another_font),
];

/// One of the edits, on answers that are not taken.
pub fn any(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<(&'static str, Edited)> {
    let (kind, edit) = *dice.of(&ALL);
    edit(dice, of, taken).map(|edited| (kind, edited))
}

/// An edit of whole sheets, or none.
pub fn whole(dice: &mut Dice, of: &mut Return<'_>) -> Option<Edited> {
    let what = match dice.below(8) {
        0 if of.desk.fiscal_year == 2023 => {
            for sheet in sections(of) {
                sheet.rearrange(|row, column| Some((row, if column < 3 { column } else { column + 1 })));
            }
            // The boxes of a grid stand under its options, which move with them.
            "a column inserted before the boxes"
        }
        1 => {
            for sheet in &mut of.book.sheets {
                sheet.rearrange(|row, column| Some((row + 2, column)));
            }
            "two rows inserted at the top"
        }
        2 => {
            let [first, cover] = [of.institution, "表紙"];
            let text = match dice.below(4) {
                0 => format!("{first}先"),
                1 => format!("\u{feff}{first}\u{200b}"),
                2 => format!("{},{}", &first[..1], &first[1..]),
                _ => format!("No.{first}"),
            };
            of.book.sheet(cover).put("D4", text.as_str());
            "the code in another spelling"
        }
        3 => {
            let year = of.desk.fiscal_year - 2018;
            let title = format!("サイバーセキュリティセルフアセスメント（令和{year}事務年度）");
            of.book.sheet("表紙").put("B2", title.as_str());
            "the year of the era on the cover"
        }
        4 if of.desk.fiscal_year == 2022 => {
            let heading = *dice.of(&["回答", "ご回答", "回答\u{200b}欄", "ご回答欄"]);
            of.book.sheet("点検票").put("F3", heading);
            "another spelling of the heading"
        }
        _ => return None,
    };
    Some(Edited { what: what.to_owned(), touched: Vec::new(), becomes: Becomes::Same })
}

fn sections<'b>(of: &'b mut Return<'_>) -> impl Iterator<Item = &'b mut Sheet> {
    of.book.sheets.iter_mut().filter(|sheet| sheet.name.contains('．'))
}

/// Where a question stands.
struct Spot {
    sheet: String,
    head: (u32, u16),
    /// The rows of its options.
    rows: Vec<u32>,
    number: u16,
    answers: u16,
}

impl Return<'_> {
    fn spot(&self, prompt: Prompt) -> Spot {
        let question = self.desk.survey.question(prompt.question);
        let is_list = self.desk.fiscal_year == 2022;
        let number = prompt.question.number();
        let printed = match (is_list, prompt.item) {
            (true, None) => number.to_string(),
            (true, Some(item)) => format!("{number}-{}", item + 1),
            (false, _) => format!("問{number}"),
        };
        let is_print = |entry: &Entry| matches!(entry, Entry::Text(text) if *text == printed);
        let found = self.book.sheets.iter().find_map(|sheet| {
            let found = sheet.rows().into_iter().find(|(_, cells)| cells.get(&1).is_some_and(|entry| is_print(entry)));
            found.map(|(row, _)| (sheet.name.clone(), row))
        });
        let (sheet, row) = found.unwrap_or_else(|| panic!("{printed} is nowhere"));
        let first = if is_list { row } else { row + 1 };
        let count = u32::try_from(question.options.len()).expect("few options");
        let (number, answers) = if is_list { (3, 5) } else { (1, 3) };
        Spot { sheet, head: (row, 1), rows: (first..first + count).collect(), number, answers }
    }

    fn on(&mut self, spot: &Spot) -> &mut Sheet {
        self.book.sheet(&spot.sheet)
    }

    fn chosen(&self, prompt: Prompt) -> Vec<usize> {
        self.truth[&prompt].split('+').filter_map(|number| number.parse::<usize>().ok()).map(|one| one - 1).collect()
    }

    /// An answered prompt of some kind that is not taken.
    fn pick(
        &self,
        dice: &mut Dice,
        taken: &BTreeSet<Prompt>,
        is_fit: impl Fn(&Self, Kind, Prompt) -> bool,
    ) -> Option<Prompt> {
        let fit = |prompt: &&Prompt| {
            let question = self.desk.survey.question(prompt.question);
            !self.truth[*prompt].is_empty() && !taken.contains(*prompt) && is_fit(self, question.kind, **prompt)
        };
        let all: Vec<Prompt> = self.truth.keys().filter(fit).copied().collect();
        (!all.is_empty()).then(|| *dice.of(&all))
    }

    fn marks(&self, dice: &mut Dice, taken: &BTreeSet<Prompt>) -> Option<Prompt> {
        self.pick(dice, taken, |of, kind, _| of.has_marks(kind))
    }

    /// A question with marks of which an option is not chosen.
    fn marks_with_room(&self, dice: &mut Dice, taken: &BTreeSet<Prompt>) -> Option<(Prompt, Spot, usize)> {
        let prompt = self.pick(dice, taken, |of, kind, prompt| {
            let options = of.desk.survey.question(prompt.question).options.len();
            of.has_marks(kind) && of.chosen(prompt).len() < options
        })?;
        let (spot, chosen) = (self.spot(prompt), self.chosen(prompt));
        let free: Vec<usize> = (0..spot.rows.len()).filter(|option| !chosen.contains(option)).collect();
        Some((prompt, spot, *dice.of(&free)))
    }

    /// A single choice with its number in a box.
    fn number_box(&self, dice: &mut Dice, taken: &BTreeSet<Prompt>) -> Option<Prompt> {
        self.pick(dice, taken, |of, kind, _| {
            of.desk.fiscal_year == 2022 && matches!(kind, Kind::Single | Kind::GridSingle)
        })
    }

    fn staff(&self, taken: &BTreeSet<Prompt>) -> Option<(Prompt, Spot, (u32, u16))> {
        let prompt = self.desk.prompt("staff_count", "");
        if taken.contains(&prompt) || self.truth[&prompt].is_empty() {
            return None;
        }
        let spot = self.spot(prompt);
        let cell = if self.desk.fiscal_year == 2022 { (spot.head.0, 5) } else { (spot.head.0 + 1, 3) };
        Some((prompt, spot, cell))
    }
}

fn edited(what: impl Into<String>, prompt: Prompt, becomes: Becomes) -> Option<Edited> {
    Some(Edited { what: what.into(), touched: vec![prompt], becomes })
}

fn other_mark(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    let mark = *dice.of(&["〇", "◯", " ○ ", "●", "✓", "レ", "ﾚ", "☑", "有", "はい", "TRUE", "⭕", "1", "１"]);
    for option in of.chosen(prompt) {
        let cell = (spot.rows[option], spot.answers);
        of.on(&spot).set(cell.0, cell.1, Some(mark.into()));
    }
    let becomes = if ["〇", "◯", " ○ "].contains(&mark) { Becomes::Same } else { Becomes::Noted };
    edited(format!("the mark 「{mark}」"), prompt, becomes)
}

fn unseen_characters(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    let unseen = *dice.of(&["\u{200b}", "\u{feff}", "\u{fe0e}", "\u{ad}", "\u{200f}", "\u{2060}", "\u{e0100}"]);
    let chosen = of.chosen(prompt);
    for (option, &row) in spot.rows.iter().enumerate() {
        let text = if chosen.contains(&option) { format!("○{unseen}") } else { unseen.to_owned() };
        of.on(&spot).set(row, spot.answers, Some(text.as_str().into()));
    }
    edited(format!("{unseen:?} in every box"), prompt, Becomes::Same)
}

fn moved_marks(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    if of.desk.fiscal_year == 2022 {
        return None;
    }
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    let headed = dice.below(2) == 0;
    let mark = *dice.of(&["○", "〇"]);
    for option in of.chosen(prompt) {
        let row = spot.rows[option];
        of.on(&spot).set(row, spot.answers, None);
        of.on(&spot).set(row, spot.answers + 1, Some(mark.into()));
    }
    if headed {
        let heading = *dice.of(&["前回回答", "下書き", "2022年度", "参考"]);
        of.on(&spot).set(spot.head.0, spot.answers + 1, Some(heading.into()));
        return edited(format!("marks only under 「{heading}」"), prompt, Becomes::Asked);
    }
    edited("marks a cell too far right", prompt, Becomes::Noted)
}

fn stray_mark(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, free) = of.marks_with_room(dice, taken)?;
    let mark = *dice.of(&["○", "〇", "✓"]);
    of.on(&spot).set(spot.rows[free], spot.answers + 1, Some(mark.into()));
    if of.desk.fiscal_year == 2023 && dice.below(2) == 0 {
        of.on(&spot).set(spot.head.0, spot.answers + 1, Some("前回回答".into()));
        return edited("a mark of last year beside the boxes", prompt, Becomes::Noted);
    }
    edited("a mark beside the boxes", prompt, Becomes::Found(Code::StrayMark))
}

fn marked_numbers(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.pick(dice, taken, |of, kind, prompt| of.has_marks(kind) && of.chosen(prompt).len() == 1)?;
    let spot = of.spot(prompt);
    let option = of.chosen(prompt)[0];
    let text = match dice.below(5) {
        0 => format!("○{}", option + 1),
        1 => format!("({})", option + 1),
        2 => {
            char::from_u32(0x2460 + u32::try_from(option).expect("few options")).expect("a circled number").to_string()
        }
        3 => format!("{}〇", option + 1),
        _ => format!("{} ✓", option + 1),
    };
    of.on(&spot).set(spot.rows[option], spot.answers, None);
    of.on(&spot).set(spot.rows[option], spot.number, Some(text.as_str().into()));
    edited(format!("「{text}」 for the number of the option"), prompt, Becomes::Noted)
}

fn one_marked_number(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.pick(dice, taken, |of, kind, prompt| kind == Kind::Multiple && of.chosen(prompt).len() > 1)?;
    let spot = of.spot(prompt);
    let option = *dice.of(&of.chosen(prompt));
    let is_marked = dice.below(2) == 0;
    let text = if is_marked { format!("〇{}", option + 1) } else { format!("({})", option + 1) };
    of.on(&spot).set(spot.rows[option], spot.answers, None);
    of.on(&spot).set(spot.rows[option], spot.number, Some(text.as_str().into()));
    let becomes = if is_marked { Becomes::Noted } else { Becomes::Asked };
    edited(format!("「{text}」 among filled boxes"), prompt, becomes)
}

fn crosses(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, _) = of.marks_with_room(dice, taken)?;
    let (chosen, cross) = (of.chosen(prompt), *dice.of(&["×", "✕", "✖", "×\u{fe0e}"]));
    for (option, &row) in spot.rows.iter().enumerate().filter(|(option, _)| !chosen.contains(option)) {
        assert!(!chosen.contains(&option), "only boxes without a mark");
        of.on(&spot).set(row, spot.answers, Some(cross.into()));
    }
    edited("a cross in every other box", prompt, Becomes::Noted)
}

fn only_crosses(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    for option in of.chosen(prompt) {
        let row = spot.rows[option];
        of.on(&spot).set(row, spot.answers, Some("×".into()));
    }
    edited("crosses for marks", prompt, Becomes::Asked)
}

fn marked_wordings(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    let pattern = *dice.of(&["○{}", "{}　○", "{}✓", "◎ {}"]);
    let options: Vec<String> =
        of.desk.survey.question(prompt.question).options.iter().map(|option| option.label.clone()).collect();
    for option in of.chosen(prompt) {
        let text = pattern.replace("{}", &options[option]);
        let row = spot.rows[option];
        of.on(&spot).set(row, spot.answers, None);
        of.on(&spot).set(row, spot.number + 1, Some(text.as_str().into()));
    }
    edited(format!("{pattern} for marks in the boxes"), prompt, Becomes::Noted)
}

fn spelled_number(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.number_box(dice, taken)?;
    let spot = of.spot(prompt);
    let number = of.truth[&prompt].clone();
    let pattern =
        *dice.of(&["{}。", "No.{}", "選択肢{}", "【{}】", "○{}", "{}.0", "({})", "{}番", "\u{feff}{}", "［{}］", "{}"]);
    let text = pattern.replace("{}", &number);
    of.on(&spot).set(spot.head.0, spot.answers, Some(text.as_str().into()));
    edited(format!("「{text}」 in a box"), prompt, Becomes::Noted)
}

fn number_with_unit(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, cell) = of.staff(taken)?;
    let number = of.truth[&prompt].clone();
    let pattern = *dice.of(&["{}名", "{} 人", "{}人", "{}.0", "\u{200b}{}", "{}　"]);
    let text = pattern.replace("{}", &number);
    of.on(&spot).set(cell.0, cell.1, Some(text.as_str().into()));
    edited(format!("「{text}」"), prompt, Becomes::Noted)
}

fn divided_digits(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, cell) = of.staff(taken)?;
    let text =
        *dice.of(&["5 3", "5\n3", "5　3", "8¹", "8②", "①②", "1 000", "3/4", "10～20", "約10", "5,3", "½", "TRUE"]);
    of.on(&spot).set(cell.0, cell.1, Some(text.into()));
    edited(format!("「{text}」 for a number"), prompt, Becomes::Asked)
}

fn formatted_number(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, cell) = of.staff(taken)?;
    let number: f64 = of.truth[&prompt].parse().expect("a number");
    let cases: [(&str, f64, Becomes); 9] = [
        ("#,##0", number, Becomes::Same),
        ("0.00", number, Becomes::Same),
        ("0_ ;[Red]-0\\ ", number, Becomes::Same),
        ("0\"名\"", number, Becomes::Noted),
        ("0,", number * 1000.0, Becomes::Found(Code::ShownOtherwise)),
        ("0\"千人\"", number, Becomes::Asked),
        ("0%", 0.85, Becomes::Asked),
        (";;;", number, Becomes::Asked),
        ("0", 8.4, Becomes::Number(8.0)),
    ];
    let (format, stored, becomes) = dice.of(&cases).clone();
    of.on(&spot).set(cell.0, cell.1, Some(Entry::Number(stored)));
    of.on(&spot).dress(cell.0, cell.1, Format::new().set_num_format(format));
    edited(format!("{stored} as {format}"), prompt, becomes)
}

fn struck_mark(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, free) = of.marks_with_room(dice, taken)?;
    of.on(&spot).set(spot.rows[free], spot.answers, Some("○".into()));
    let format = if dice.below(2) == 0 { Format::new().set_font_strikethrough() } else { crossed() };
    of.on(&spot).dress(spot.rows[free], spot.answers, format);
    edited("a mark struck out", prompt, Becomes::Found(Code::AnswerNotSeen))
}

fn white_mark(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, free) = of.marks_with_room(dice, taken)?;
    let format = match dice.below(4) {
        0 => Format::new().set_font_color(Color::White),
        1 => Format::new().set_font_size(1),
        2 => Format::new().set_background_color(Color::Black).set_font_color(Color::Black),
        _ => Format::new().set_num_format(";;;"),
    };
    of.on(&spot).set(spot.rows[free], spot.answers, Some("○".into()));
    of.on(&spot).dress(spot.rows[free], spot.answers, format);
    edited("a mark that nobody sees", prompt, Becomes::Found(Code::AnswerNotSeen))
}

fn hidden_mark(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let (prompt, spot, free) = of.marks_with_room(dice, taken)?;
    // The first option may stand in the row of the heading.
    if spot.rows[free] == spot.head.0 {
        return None;
    }
    of.on(&spot).set(spot.rows[free], spot.answers, Some("○".into()));
    of.on(&spot).hide_row(spot.rows[free]);
    edited("a mark in a hidden row", prompt, Becomes::Found(Code::AnswerNotSeen))
}

fn covered_number(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.number_box(dice, taken)?;
    let spot = of.spot(prompt);
    let (first, last) = (spot.rows[0], *spot.rows.last()?);
    let under = *dice.of(&spot.rows[1..]);
    let other = 1 + i32::try_from(dice.below(spot.rows.len())).expect("few options");
    let answers = spot.answers;
    of.on(&spot).merge_cells((first, answers), (last, answers));
    of.on(&spot).set(under, answers, Some(other.into()));
    edited(format!("{other} under a merged box"), prompt, Becomes::Found(Code::AnswerNotSeen))
}

fn lower_row(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.number_box(dice, taken)?;
    let spot = of.spot(prompt);
    let option = of.chosen(prompt)[0];
    let row = 1 + dice.below(spot.rows.len() - 1);
    let number = i32::try_from(option + 1).expect("few options");
    of.on(&spot).set(spot.head.0, spot.answers, None);
    of.on(&spot).set(spot.rows[row], spot.answers, Some(number.into()));
    let becomes = if row == option { Becomes::Noted } else { Becomes::Asked };
    edited(format!("{number} in the row of option {}", row + 1), prompt, becomes)
}

fn title_twice(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.pick(dice, taken, |of, kind, _| of.desk.fiscal_year == 2023 && of.has_marks(kind))?;
    let spot = of.spot(prompt);
    let title = of.desk.survey.question(prompt.question).title.clone();
    of.on(&spot).set(spot.head.0, 5, Some(title.as_str().into()));
    edited("the title twice in its row", prompt, Becomes::Same)
}

fn another_font(dice: &mut Dice, of: &mut Return<'_>, taken: &BTreeSet<Prompt>) -> Option<Edited> {
    let prompt = of.marks(dice, taken)?;
    let spot = of.spot(prompt);
    let format = match dice.below(4) {
        0 => Format::new().set_bold().set_font_color(Color::Red),
        1 => Format::new().set_background_color(Color::Yellow),
        2 => Format::new().set_background_color(Color::Black).set_font_color(Color::White),
        _ => Format::new().set_num_format("@").set_italic(),
    };
    for option in of.chosen(prompt) {
        let row = spot.rows[option];
        of.on(&spot).dress(row, spot.answers, format.clone());
    }
    edited("another font", prompt, Becomes::Same)
}
