//! The stage that draws the figures: for the desk, and those of the public release.

use std::path::Path;

use rayon::prelude::*;

use super::earlier::Earlier;
use super::run::{Run, Successor};
use super::{PipelineError, Stage};
use crate::chart::{self, Composed};
use crate::disclose::{self, Release};
use crate::tabulate::Tabulation;

/// The folder of the pictures for the desk.
const DESK: &str = "internal/charts";
/// The folder of those that everybody may see.
const EVERYBODY: &str = "public/charts";

/// How many figures there are, and how many of them are the same as in the last run.
#[derive(Default)]
pub(super) struct Drawn {
    pub figures: usize,
    pub kept: usize,
}

/// Draws the figures: those of the public release for everybody and, where charts were asked for, all of them for the
/// desk. A figure of an earlier release may show what this one withholds: those of a release go with it.
pub(super) fn chart(
    run: &Run<'_>,
    tabulation: &Tabulation,
    public: Option<&Release>,
    next: &mut Successor<'_>,
) -> Result<Drawn, PipelineError> {
    let composed = |release: &Release, folder: &'static str| {
        let all = chart::compose(&run.survey, release);
        all.into_iter().map(move |one| (one, folder)).collect::<Vec<_>>()
    };
    let desk = run.asks(Stage::Chart).then(|| disclose::for_the_desk(tabulation));
    let mut all = desk.as_ref().map(|release| composed(release, DESK)).unwrap_or_default();
    all.extend(public.map(|release| composed(release, EVERYBODY)).unwrap_or_default());
    let earlier = next.outputs.earlier();
    run.instruments.begin(all.len());
    let pictures: Vec<Result<Pictures, PipelineError>> = all
        .par_iter()
        .map(|(one, folder)| {
            let pictures = draw(one, folder, &run.out, earlier);
            run.instruments.step();
            pictures
        })
        .collect();
    let mut drawn = Drawn { figures: all.len(), kept: 0 };
    for pictures in pictures {
        let Pictures { stem, svg, png, is_kept } = pictures?;
        drawn.kept += usize::from(is_kept);
        next.outputs.write(&format!("{stem}.svg"), svg.as_bytes())?;
        next.outputs.write(&format!("{stem}.png"), &png)?;
    }
    for folder in [DESK, EVERYBODY].into_iter().filter(|folder| desk.is_some() || *folder == EVERYBODY) {
        next.outputs.remove_others(folder, &|name| name.ends_with(".svg") || name.ends_with(".png"))?;
    }
    Ok(drawn)
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
