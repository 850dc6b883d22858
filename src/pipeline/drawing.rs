//! The pictures of the figures: for the desk, and of what everybody may see.

use std::path::Path;

use rayon::prelude::*;

use super::earlier::Earlier;
use super::{PipelineError, Work};
use crate::chart::{self, Composed};
use crate::disclose::{self, Release};
use crate::tabulate::Tabulation;

/// The folder of the pictures for the desk.
const DESK: &str = "internal/charts";
/// The folder of those that everybody may see.
const EVERYBODY: &str = "public/charts";

impl Work<'_> {
    /// Draws the figures: what may be published for everybody and, where their tables are given, all of them
    /// for the desk.
    pub(super) fn draw(&mut self, desk: Option<&Tabulation>, public: Option<&Release>) -> Result<(), PipelineError> {
        let composed = |release: &Release, folder: &'static str| {
            let all = chart::compose(&self.survey, release);
            all.into_iter().map(move |one| (one, folder)).collect::<Vec<_>>()
        };
        let desk = desk.map(disclose::for_the_desk);
        let mut all = desk.as_ref().map(|release| composed(release, DESK)).unwrap_or_default();
        all.extend(public.map(|release| composed(release, EVERYBODY)).unwrap_or_default());
        let earlier = self.outputs.earlier();
        let out = &self.report.out;
        self.instruments.begin(all.len());
        let drawn: Vec<Result<Pictures, PipelineError>> = all
            .par_iter()
            .map(|(one, folder)| {
                let pictures = draw(one, folder, out, earlier);
                self.instruments.step();
                pictures
            })
            .collect();
        for pictures in drawn {
            let Pictures { stem, svg, png, is_kept } = pictures?;
            self.report.figures_kept += usize::from(is_kept);
            self.outputs.write(&format!("{stem}.svg"), svg.as_bytes())?;
            self.outputs.write(&format!("{stem}.png"), &png)?;
        }
        for folder in [DESK, EVERYBODY].into_iter().filter(|folder| desk.is_some() || *folder == EVERYBODY) {
            self.outputs.remove_others(folder, &|name| name.ends_with(".svg") || name.ends_with(".png"))?;
        }
        self.report.figures = all.len();
        Ok(())
    }
}

/// A figure as it is written: its path without the ending, and its two pictures.
struct Pictures {
    stem: String,
    svg: String,
    png: Vec<u8>,
    /// Whether both are on the disk already.
    is_kept: bool,
}

/// Draws a figure. Making pixels of it is the slow part: where the last run made them of the very
/// same drawing, and they still are on the disk as it left them, they are kept.
fn draw(one: &Composed, folder: &str, out: &Path, earlier: &Earlier) -> Result<Pictures, PipelineError> {
    let (sector, figure) = (one.sector.clone(), one.figure.clone());
    let number: String = one.reference.iter().flat_map(|text| text.chars()).filter(char::is_ascii_digit).collect();
    let name = if number.is_empty() { figure.clone() } else { format!("{number:0>2}_{figure}") };
    let stem = format!("{folder}/{sector}/{name}");
    let svg = chart::svg(&one.chart).map_err(|error| PipelineError::Chart {
        sector: sector.clone(),
        figure: figure.clone(),
        source: Box::new(error),
    })?;
    let (svg_name, png_name) = (format!("{stem}.svg"), format!("{stem}.png"));
    let known = earlier.made(&svg_name, svg.as_bytes()).then(|| std::fs::read(out.join(&png_name)).ok()).flatten();
    if let Some(png) = known.filter(|png| earlier.made(&png_name, png)) {
        return Ok(Pictures { stem, svg, png, is_kept: true });
    }
    let png = chart::png(&svg).map_err(|source| PipelineError::Png { sector, figure, source })?;
    Ok(Pictures { stem, svg, png, is_kept: false })
}
