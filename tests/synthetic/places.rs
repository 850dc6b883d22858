//! The institutions asked in each year, and the progress of each with its security.

use std::ops::Range;

use cssa::survey::Survey;

use super::draw::draw_below;

/// An institution of one year.
pub struct Institution {
    pub code: String,
    pub name: String,
    /// Its sectors with its part of each, or nothing; the first decides its answers.
    pub places: Vec<(String, String)>,
    /// The progress of its security: it ties its answers to different questions together.
    pub maturity: u32,
}

/// A part of the institutions, of which some leave and others enter between the two years.
struct Part {
    sector: &'static str,
    subsector: &'static str,
    first_code: u32,
    in_2022: Range<u32>,
    in_2023: Range<u32>,
    /// How far those have come who have come least.
    maturity: u32,
}

/// As many as the publications say were asked: 498 regional institutions in either year; in FY2023 864
/// institutions in 867 places. How many banks of new form there were in FY2022 is made up.
#[rustfmt::skip]
const PARTS: [Part; 9] = [
    Part { sector: "regional", subsector: "regional_bank", first_code: 1001, in_2022: 0..62, in_2023: 0..62, maturity: 500 },
    Part { sector: "regional", subsector: "second_regional", first_code: 1501, in_2022: 0..37, in_2023: 1..38, maturity: 400 },
    Part { sector: "regional", subsector: "shinkin", first_code: 2001, in_2022: 0..254, in_2023: 2..256, maturity: 200 },
    Part { sector: "regional", subsector: "shinkumi", first_code: 3001, in_2022: 0..145, in_2023: 2..147, maturity: 0 },
    Part { sector: "securities", subsector: "", first_code: 4001, in_2022: 0..0, in_2023: 0..272, maturity: 200 },
    Part { sector: "insurers", subsector: "life", first_code: 5001, in_2022: 0..0, in_2023: 0..42, maturity: 400 },
    Part { sector: "insurers", subsector: "nonlife", first_code: 5501, in_2022: 0..0, in_2023: 0..29, maturity: 300 },
    Part { sector: "trust", subsector: "", first_code: 6001, in_2022: 0..0, in_2023: 0..13, maturity: 500 },
    Part { sector: "newform", subsector: "", first_code: 7001, in_2022: 0..9, in_2023: 0..10, maturity: 500 },
];

/// Those who stand in two sectors: the first so many of one in the other as well.
const IN_BOTH: (&str, &str, usize) = ("trust", "newform", 3);

/// The institutions of a year, by code.
pub fn institutions(survey: &Survey) -> Vec<Institution> {
    let mut all = Vec::new();
    for part in &PARTS {
        let asked = match survey.fiscal_year {
            2022 => &part.in_2022,
            2023 => &part.in_2023,
            other => panic!("nobody is said to be asked in {other}"),
        };
        for (position, number) in asked.clone().enumerate() {
            let code = (part.first_code + number).to_string();
            let mut places = vec![(part.sector.to_owned(), part.subsector.to_owned())];
            let (one, other, both) = IN_BOTH;
            if part.sector == one && position < both {
                places.push((other.to_owned(), String::new()));
            }
            let maturity = part.maturity + draw_below(500, &["maturity", &code]);
            all.push(Institution { name: name(survey, part, number), code, places, maturity });
        }
    }
    all.sort_by(|one, other| one.code.cmp(&other.code));
    all
}

fn name(survey: &Survey, part: &Part, number: u32) -> String {
    let sector = survey.sectors.iter().find(|sector| sector.id == part.sector).expect("the survey has the sector");
    let subsector = sector.subsectors.iter().find(|subsector| subsector.id == part.subsector);
    format!("合成{}{:03}", subsector.map_or(&sector.name, |subsector| &subsector.name), number + 1)
}
