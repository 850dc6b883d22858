//! Disclosure control: no reader can compute a withheld cell, compared with every table that there can be; rules,
//! leaks and policies worked out by hand.

mod account;
mod enumeration;
mod errata;
mod laws;
mod leaks;
mod policy;
mod rules;
mod shared;
