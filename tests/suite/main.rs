//! One binary for all integration tests: the large libraries are linked once.

mod architecture;
mod book;
mod catalogue;
mod chart;
mod cli;
mod corruption;
mod definitions;
mod determinism;
mod edits;
mod findings;
mod follow_up;
mod forms;
mod frames;
mod independent;
mod interrupted;
mod known;
mod oracle;
mod responses;
mod resubmissions;
mod status;
mod store;
mod support;
mod tabulation;
mod typeface;
mod workbook_style;
mod workers;
