//! One binary for all integration tests: the large libraries are linked once.

mod architecture;
mod book;
mod catalogue;
mod chart;
mod cli;
mod compare;
mod concordance;
mod corruption;
mod definitions;
mod determinism;
mod disclosure_numbers;
mod disclosure;
mod edits;
mod findings;
mod follow_up;
mod forms;
mod frames;
mod independent;
mod interrupted;
mod ledger;
mod lineage;
mod oracle;
mod published;
mod reconcile;
mod release;
mod responses;
mod resubmissions;
mod status;
mod store;
mod support;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod tabulation;
mod typeface;
mod workbook_style;
mod workers;
