//! Numbers as a format shows them. (ECMA-376, part 1, 18.8.31.)
//!
//! Not all of it: what depends on the calendar, on powers of ten or on fractions is left as it is
//! stored, because the reading library tells the first and nobody answers in the others.

/// The text that a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Its content as it is stored.
    AsStored,
    /// Something else.
    Text(String),
    /// Nothing.
    Nothing,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// 0, # or ?: a place for a digit.
    Digit(char),
    Point,
    Comma,
    Percent,
    /// The whole number as it is stored.
    General,
    /// The text of the cell.
    Text,
    Literal(String),
}

/// A section of a format, with the condition that it states.
struct Section {
    tokens: Vec<Token>,
    condition: Option<(String, f64)>,
    /// Whether it has letters of a calendar, a power or a fraction.
    is_other: bool,
}

/// The text that a number shows.
pub fn number_shown(format: &str, number: f64) -> Shown {
    let sections: Vec<Section> = sections(format);
    let numeric = &sections[..sections.len().min(3)];
    let has_conditions = numeric.iter().any(|section| section.condition.is_some());
    let (section, is_own_negative) = if has_conditions {
        let holds = |section: &&Section| section.condition.as_ref().is_none_or(|condition| is_met(condition, number));
        match numeric.iter().find(holds) {
            Some(section) => (section, false),
            None => return Shown::AsStored,
        }
    } else {
        match (numeric, number) {
            ([_, _, zero], 0.0) => (zero, false),
            ([_, negative, ..], number) if number < 0.0 => (negative, true),
            ([first, ..], _) => (first, false),
            ([], _) => return Shown::AsStored,
        }
    };
    if section.is_other || section.tokens.contains(&Token::Text) {
        return Shown::AsStored;
    }
    let text = rendered(&section.tokens, number, is_own_negative);
    if text.trim().is_empty() {
        return Shown::Nothing;
    }
    if is_same(&text, number) { Shown::AsStored } else { Shown::Text(text.trim().to_owned()) }
}

/// The text that a text shows.
pub fn text_shown(format: &str, text: &str) -> Shown {
    let sections = sections(format);
    let own = match sections.as_slice() {
        [.., last] if sections.len() == 4 => last,
        // In a format of fewer sections one that has a place for the text is the text's.
        [.., last] if last.tokens.contains(&Token::Text) => last,
        _ => return Shown::AsStored,
    };
    let shown: String = own
        .tokens
        .iter()
        .map(|token| match token {
            Token::Text => text,
            Token::Literal(literal) => literal.as_str(),
            _ => "",
        })
        .collect();
    match shown.trim() {
        "" => Shown::Nothing,
        shown if shown == text.trim() => Shown::AsStored,
        shown => Shown::Text(shown.to_owned()),
    }
}

fn is_met((operator, bound): &(String, f64), number: f64) -> bool {
    match operator.as_str() {
        "<" => number < *bound,
        "<=" => number <= *bound,
        ">" => number > *bound,
        ">=" => number >= *bound,
        "=" => number == *bound,
        _ => number != *bound,
    }
}

fn sections(format: &str) -> Vec<Section> {
    let mut sections = vec![Section { tokens: Vec::new(), condition: None, is_other: false }];
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(section) = sections.last_mut() else { return sections };
        let mut literal = |text: String| match section.tokens.last_mut() {
            Some(Token::Literal(before)) => before.push_str(&text),
            _ => section.tokens.push(Token::Literal(text)),
        };
        match character {
            ';' => sections.push(Section { tokens: Vec::new(), condition: None, is_other: false }),
            '"' => literal(characters.by_ref().take_while(|&character| character != '"').collect()),
            '\\' | '!' => literal(characters.next().map(String::from).unwrap_or_default()),
            '_' => {
                characters.next();
                literal(" ".to_owned());
            }
            '*' => drop(characters.next()),
            '[' => {
                let bracket: String = characters.by_ref().take_while(|&character| character != ']').collect();
                if let Some(currency) = bracket.strip_prefix('$') {
                    literal(currency.split('-').next().unwrap_or("").to_owned());
                } else if bracket.starts_with(['<', '>', '=']) {
                    let operator: String = bracket.chars().take_while(|c| matches!(c, '<' | '>' | '=')).collect();
                    match bracket[operator.len()..].trim().parse() {
                        Ok(bound) => section.condition = Some((operator, bound)),
                        Err(_) => section.is_other = true,
                    }
                } else if bracket.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    section.is_other = true;
                }
            }
            '0' | '#' | '?' => section.tokens.push(Token::Digit(character)),
            '.' => section.tokens.push(Token::Point),
            ',' => section.tokens.push(Token::Comma),
            '%' => section.tokens.push(Token::Percent),
            '@' => section.tokens.push(Token::Text),
            '/' => section.is_other = true,
            'G' | 'g' => {
                let rest: String = characters.clone().take(6).collect();
                if rest.eq_ignore_ascii_case("eneral") {
                    characters.nth(5);
                    section.tokens.push(Token::General);
                } else if rest.starts_with("/標準") {
                    characters.nth(2);
                    section.tokens.push(Token::General);
                } else {
                    section.is_other = true;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'E' | 'a' | 'A' | 'b' | 'B' => {
                section.is_other = true;
            }
            other => literal(other.to_string()),
        }
    }
    sections
}

/// The text of a number in a section; a section for numbers below 0 gives them its own sign.
fn rendered(tokens: &[Token], number: f64, is_own_negative: bool) -> String {
    let last_digit = tokens.iter().rposition(|token| matches!(token, Token::Digit(_)));
    let point = tokens.iter().position(|token| *token == Token::Point);
    let percents = tokens.iter().filter(|token| **token == Token::Percent).count();
    // Commas behind the last place of the whole part divide by a thousand each.
    let whole_end = point.unwrap_or(tokens.len());
    let last_whole = tokens[..whole_end].iter().rposition(|token| matches!(token, Token::Digit(_)));
    let commas_behind = |from: usize| tokens[from + 1..].iter().take_while(|token| **token == Token::Comma).count();
    let thousands = last_whole.map_or(0, commas_behind).max(last_digit.map_or(0, commas_behind));
    let is_grouped = last_whole.is_some_and(|last| {
        let first = tokens.iter().position(|token| matches!(token, Token::Digit(_))).unwrap_or(last);
        tokens[first..last].contains(&Token::Comma)
    });
    let power = |base: f64, count: usize| base.powi(i32::try_from(count).unwrap_or(0));
    let scaled = number.abs() * power(100.0, percents) / power(1000.0, thousands);
    let decimals = match point {
        Some(point) => tokens[point..].iter().filter(|token| matches!(token, Token::Digit(_))).count(),
        None => 0,
    };
    let spelled = format!("{scaled:.decimals$}");
    let (whole, fraction) = spelled.split_once('.').unwrap_or((&spelled, ""));
    let places = tokens[..whole_end].iter().filter(|token| matches!(token, Token::Digit(_))).count();
    let least = tokens[..whole_end].iter().filter(|token| matches!(token, Token::Digit('0'))).count();
    let mut digits: Vec<char> = if whole == "0" { Vec::new() } else { whole.chars().collect() };
    while digits.len() < least {
        digits.insert(0, '0');
    }
    // The first place takes all digits that have none of their own; later ones take one each.
    let mut groups: Vec<String> = vec![String::new(); places];
    for group in groups.iter_mut().rev() {
        group.extend(digits.pop());
    }
    if let Some(first) = groups.first_mut() {
        first.insert_str(0, &digits.iter().collect::<String>());
    }
    let before: usize = groups.iter().map(String::len).sum();
    let mut written = 0;
    let (mut groups, mut fraction) = (groups.into_iter(), fraction.chars());
    let mut text = String::new();
    for (position, token) in tokens.iter().enumerate() {
        match token {
            Token::Digit(_) if position < whole_end => {
                for digit in groups.next().unwrap_or_default().chars() {
                    if is_grouped && written > 0 && (before - written).is_multiple_of(3) {
                        text.push(',');
                    }
                    text.push(digit);
                    written += 1;
                }
            }
            Token::Digit(place) => match fraction.next() {
                Some('0') if *place != '0' && fraction.clone().all(|digit| digit == '0') => {}
                digit => text.extend(digit),
            },
            Token::Point => text.push('.'),
            Token::Percent => text.push('%'),
            Token::General => text.push_str(&number.abs().to_string()),
            Token::Literal(literal) => text.push_str(literal),
            Token::Comma | Token::Text => {}
        }
    }
    let is_shown = tokens.iter().any(|token| matches!(token, Token::Digit(_) | Token::General));
    if number < 0.0 && !is_own_negative && is_shown { format!("-{text}") } else { text }
}

/// Whether a text is the number itself, with or without separators and the sign of a currency.
pub(super) fn is_same(text: &str, number: f64) -> bool {
    let bare: String =
        text.chars().filter(|c| !matches!(c, ',' | '¥' | '￥' | '\\' | '$' | '€' | ' ' | '\u{3000}')).collect();
    let bare =
        bare.strip_prefix('▲').or_else(|| bare.strip_prefix('△')).map_or(bare.clone(), |rest| format!("-{rest}"));
    bare.parse::<f64>().is_ok_and(|shown| shown == number)
}
