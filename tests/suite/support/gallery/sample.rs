//! Every figure of both years, drawn from the sample as the program draws it.

use std::sync::LazyLock;

use cssa::chart::compose;
use cssa::store::Store;
use cssa::survey::Survey;
use cssa::tabulate::tabulate;

use super::Named;
use crate::support::{Bench, sample, year_file};

static CHARTS: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let mut charts = Vec::new();
    for fiscal_year in [2022, 2023] {
        let bench = Bench::new();
        let ran = bench.run("ingest", fiscal_year, &sample(&format!("fy{fiscal_year}")), &[]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        let survey = Survey::load(&year_file(fiscal_year)).expect("the definition is sound");
        let store = Store::open(&bench.path("data/store")).expect("the store opens");
        let tabulation = tabulate(&survey, &store).expect("the store holds the year");
        let named = |one: cssa::chart::Composed| (format!("{fiscal_year} {} {}", one.sector, one.figure), one.chart);
        charts.extend(compose(&survey, &cssa::disclose::for_the_desk(&tabulation)).into_iter().map(named));
    }
    assert_eq!(charts.len(), 15 + 49, "15 figures of FY2022 and 49 of FY2023");
    charts
});

/// The charts, with year, sector and figure as their names.
pub fn all() -> Vec<Named> {
    CHARTS.clone()
}
