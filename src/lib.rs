//! cssa
pub mod finding;
pub mod survey;
pub mod form;
pub mod ingest;
pub mod validate;
pub mod store;
pub mod tabulate;
pub mod typeface;
pub mod chart;
pub mod pipeline;
