//! The files that came: the folder and the intake log, passwords, and which of several workbooks of one institution
//! counts.

pub(super) mod file_names;
pub(super) mod folder;
pub(super) mod letters;
pub(super) mod moment;
pub(super) mod passwords;
pub(super) mod precedence;
pub(super) mod received;
pub(super) mod sender;
pub(super) mod submission;
