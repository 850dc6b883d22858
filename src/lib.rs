//! The software behind the yearly Cybersecurity Self-Assessment (CSSA): from a folder of
//! returned questionnaire workbooks to distributions by sector and published-style figures,
//! every number traceable to the cells it came from.
//!
//! The modules stand in the order of the flow, and each uses only those before it:
//!
//! 1. [`survey`] reads the definition of a year, and [`form`] says where each answer sits in a
//!    workbook.
//! 2. [`ingest`] reads the workbooks; [`validate`] holds the answers against the questionnaire and
//!    the edits; [`follow_up`] asks back and takes the replies.
//! 3. [`store`] keeps all of it as Parquet, replaced as a whole or not at all; [`collection`] tells one collection from
//!    another.
//! 4. [`tabulate`] counts; [`compare`] compares two years; [`review`] settles each institution's answers;
//!    [`status`] reports the collection; [`disclose`] suppresses what may not be printed; [`release`] keeps the editions
//!    that readers have; [`chart`] draws them.
//! 5. [`pipeline`] runs these stages and writes down what was done.
//!
//! Beside the flow, [`reconcile`] holds tables that others published against their bases.
//!
//! Each remark on the material is a [`finding`], never an error; the words for readers and respondents
//! are [`texts`]; text that is drawn is measured by [`typeface`]; every workbook that we write has one [`workbook_style`].

pub mod finding;
pub mod texts;
pub mod typeface;
pub mod workbook_style;
pub mod survey;
pub mod form;
pub mod ingest;
pub mod validate;
pub mod follow_up;
pub mod store;
pub mod collection;
pub mod tabulate;
pub mod compare;
pub mod review;
pub mod reconcile;
pub mod status;
pub mod disclose;
pub mod release;
pub mod chart;
pub mod pipeline;
