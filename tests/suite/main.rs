//! One binary for all integration tests: the large libraries are linked once.

mod architecture;
mod chart;
mod cli;
mod determinism;
mod independent;
mod oracle;
mod store;
mod support;
mod tabulation;
mod typeface;
