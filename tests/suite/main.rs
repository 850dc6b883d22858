//! One binary for all integration tests: the large libraries are linked once.

mod architecture;
mod book;
mod catalogue;
mod chart;
mod cli;
mod corruption;
mod definitions;
mod determinism;
mod findings;
mod forms;
mod independent;
mod interrupted;
mod known;
mod oracle;
mod responses;
mod store;
mod support;
mod tabulation;
mod typeface;
mod workers;
