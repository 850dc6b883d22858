//! The readings of files, kept for the next run as long as all that they rest on is the same.

pub(super) mod fingerprint;
pub(super) mod packed;
pub(super) mod readings;
