//! The tables of the store: names, columns, order of rows. Other programs rely on these names.
//!
//! Keys that may be empty (item, option, sub-sector) are empty texts rather than nulls, so that tables join on them;
//! a value that does not exist (a number, a text, a cell) is null.

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, never null.
    Text,
    /// Text or null.
    OptionalText,
    /// A whole number, never null.
    Integer,
    /// A whole number or null.
    OptionalInteger,
    /// A number or null.
    OptionalNumber,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: ColumnKind,
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// For [`ColumnKind::Text`].
    Text(&'a str),
    /// For [`ColumnKind::OptionalText`].
    OptionalText(Option<&'a str>),
    /// For [`ColumnKind::Integer`].
    Integer(i64),
    /// For [`ColumnKind::OptionalInteger`].
    OptionalInteger(Option<i64>),
    /// For [`ColumnKind::OptionalNumber`].
    OptionalNumber(Option<f64>),
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name, which is its folder.
    pub name: &'static str,
    /// Its columns; `fiscal_year` is the partition and not among them.
    pub columns: &'static [Column],
    /// How many of the first columns its rows are sorted by; 0 where the order is another.
    pub sorted_by: usize,
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Text }
}

const fn optional_text(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::OptionalText }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Integer }
}

const fn optional_integer(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::OptionalInteger }
}

/// The survey of a year's collection, and a hash of the data of the year before that it looked back on: empty if it
/// is compared with no year, null if that year was not there.
pub static COLLECTIONS: Table = Table {
    name: "collections",
    columns: &[text("survey"), text("title"), optional_text("looked_back_on")],
    sorted_by: 0,
};

/// The folders of the returns and the roster of a year. Hidden from readers of the tables: the same collection may
/// lie elsewhere.
pub static ORIGIN: Table = Table { name: ".origin", columns: &[text("returns"), text("roster")], sorted_by: 0 };

/// Every received workbook.
pub static SUBMISSIONS: Table = Table {
    name: "submissions",
    columns: &[
        text("submission"),
        text("file"),
        integer("bytes"),
        text("format"),
        text("application"),
        text("form"),
        optional_text("institution"),
        integer("received"),
        text("status"),
        text("reason"),
        optional_text("presumed_institution"),
        optional_text("received_at"),
        optional_text("saved_at"),
    ],
    sorted_by: 0,
};

/// The institutions asked, a row for each place in a sector.
pub static MEMBERSHIPS: Table = Table {
    name: "memberships",
    columns: &[text("institution"), text("name"), text("sector"), text("subsector")],
    sorted_by: 1,
};

const RESPONSE_COLUMNS: &[Column] = &[
    text("institution"),
    text("question"),
    text("item"),
    text("option"),
    Column { name: "value", kind: ColumnKind::OptionalNumber },
    optional_text("text"),
    text("state"),
    text("submission"),
    optional_text("sheet"),
    optional_text("cell"),
    text("raw"),
];

/// The answers, a row for each chosen option, by institution and then in printed order.
pub static RESPONSES: Table = Table { name: "responses", columns: RESPONSE_COLUMNS, sorted_by: 1 };

/// The same of the workbooks that were read and do not count, by institution and order of receipt.
pub static SUPERSEDED_RESPONSES: Table =
    Table { name: "superseded_responses", columns: RESPONSE_COLUMNS, sorted_by: 0 };

/// Every answer that became another while the answers were collected, by institution.
pub static REVISIONS: Table = Table {
    name: "revisions",
    columns: &[
        text("institution"),
        text("question"),
        text("item"),
        text("from_submission"),
        text("to_submission"),
        text("before"),
        text("after"),
        text("kind"),
    ],
    sorted_by: 1,
};

/// The findings.
pub static FINDINGS: Table = Table {
    name: "findings",
    columns: &[
        text("code"),
        text("severity"),
        optional_text("institution"),
        optional_text("file"),
        optional_text("sheet"),
        optional_text("cell"),
        text("message"),
        text("finding"),
    ],
    sorted_by: 0,
};

/// How the answers are distributed, by sector and sub-sector, in printed order.
pub static DISTRIBUTIONS: Table = Table {
    name: "distributions",
    columns: &[
        text("sector"),
        text("subsector"),
        text("question"),
        text("item"),
        text("option"),
        text("kind"),
        integer("count"),
        integer("base"),
        integer("asked"),
        integer("nonresponse"),
        optional_text("percent"),
    ],
    sorted_by: 0,
};

/// The changes of the distributions from last year, by sector and sub-sector, in printed order. A figure without a
/// comparison has none of its numbers; a figure that only last year had stands under last year's ids, without this
/// year's. Points are decimal texts, as they are printed but for the sign.
pub static CHANGES: Table = Table {
    name: "changes",
    columns: &[
        text("sector"),
        text("subsector"),
        text("question"),
        text("item"),
        text("option"),
        text("kind"),
        optional_integer("count"),
        optional_integer("base"),
        optional_integer("asked"),
        optional_integer("nonresponse"),
        optional_text("percent"),
        optional_integer("previous_count"),
        optional_integer("previous_base"),
        optional_text("previous_percent"),
        optional_text("points"),
        text("comparability"),
        optional_integer("panel_base"),
        optional_integer("panel_count"),
        optional_integer("panel_previous_count"),
        optional_text("panel_points"),
        optional_text("one_institution"),
        optional_text("previous_question"),
        optional_text("previous_item"),
        optional_text("previous_option"),
        optional_integer("entrants"),
        optional_text("entrants_points"),
        optional_integer("leavers"),
        optional_text("leavers_points"),
        optional_integer("missing"),
        optional_integer("previous_missing"),
        optional_text("lowest_points"),
        optional_text("highest_points"),
        optional_text("telling"),
        optional_text("panel_one_institution"),
        optional_text("panel_telling"),
        optional_text("printed"),
        text("note"),
        text("wording"),
    ],
    sorted_by: 0,
};

/// How those who answered in both years moved between the levels of ordinal questions, by sector
/// and sub-sector, in printed order.
pub static FLOWS: Table = Table {
    name: "flows",
    columns: &[
        text("sector"),
        text("subsector"),
        text("question"),
        text("item"),
        text("from"),
        text("to"),
        integer("count"),
        text("movement"),
        optional_integer("levels"),
    ],
    sorted_by: 0,
};

/// The predecessors of each institution, a row for each pair: `same` (itself, perhaps under another code), `together`
/// (consolidated into it), `none` (not asked last year); with the lines of the ledger that say so.
pub static LINEAGE: Table = Table {
    name: "lineage",
    columns: &[text("institution"), optional_text("previous_institution"), text("past"), text("ledger_lines")],
    sorted_by: 1,
};

/// Every edition of a year, in the order of their release.
pub static RELEASES: Table = Table {
    name: "releases",
    columns: &[
        text("circle"),
        integer("edition"),
        text("released_at"),
        text("release"),
        text("answers"),
        optional_integer("previous_edition"),
        optional_integer("corrects"),
        optional_text("reason"),
        text("accepted"),
        text("policy"),
        optional_text("withdrawn_at"),
        optional_text("withdrawn_because"),
    ],
    sorted_by: 0,
};

/// The content of each edition: a row for each base, count or share, and for each statistic of a number question.
pub static RELEASED_CELLS: Table = Table {
    name: "released_cells",
    columns: &[
        text("circle"),
        integer("edition"),
        text("sector"),
        text("subsector"),
        text("question"),
        text("item"),
        text("option"),
        optional_integer("count"),
        optional_integer("base"),
        text("percent"),
    ],
    sorted_by: 0,
};

/// The documents of an edition that are not made again: its certificates, its revision note, and for the desk the
/// withheld cells with their reasons.
pub static RELEASED_DOCUMENTS: Table = Table {
    name: "released_documents",
    columns: &[text("circle"), integer("edition"), text("document"), text("content")],
    sorted_by: 0,
};

/// The institutions asked, frozen for a release: a part for each set of frozen answers.
pub static RELEASED_MEMBERSHIPS: Table = Table {
    name: "released_memberships",
    columns: &[text("answers"), text("institution"), text("name"), text("sector"), text("subsector")],
    sorted_by: 2,
};

/// The answers, frozen for a release: a part for each set of frozen answers.
pub static RELEASED_RESPONSES: Table = Table {
    name: "released_responses",
    columns: &[
        text("answers"),
        text("institution"),
        text("question"),
        text("item"),
        text("option"),
        Column { name: "value", kind: ColumnKind::OptionalNumber },
        optional_text("text"),
        text("state"),
        text("submission"),
        optional_text("sheet"),
        optional_text("cell"),
        text("raw"),
    ],
    sorted_by: 2,
};

/// The tables of releases: nothing can make them again.
pub static RELEASED: [&Table; 5] =
    [&RELEASES, &RELEASED_CELLS, &RELEASED_DOCUMENTS, &RELEASED_MEMBERSHIPS, &RELEASED_RESPONSES];

/// The queries to institutions on their answers, with their status, by institution.
pub static QUERIES: Table = Table {
    name: "queries",
    columns: &[
        text("query"),
        text("institution"),
        text("code"),
        text("edit"),
        text("question"),
        text("item"),
        optional_text("file"),
        optional_text("sheet"),
        optional_text("cell"),
        text("answered"),
        text("asked"),
        text("status"),
        text("reason"),
        optional_text("replied_file"),
        optional_text("replied_sheet"),
        optional_text("replied_cell"),
        Column { name: "settled_in", kind: ColumnKind::OptionalNumber },
    ],
    sorted_by: 0,
};

/// Explanations that were accepted and hold as long as the answer is the same, by query.
pub static WAIVERS: Table = Table {
    name: "waivers",
    columns: &[
        text("query"),
        text("institution"),
        text("code"),
        text("edit"),
        text("question"),
        text("item"),
        text("answered"),
        text("reason"),
        integer("accepted_in"),
        optional_text("file"),
        optional_text("sheet"),
        optional_text("cell"),
    ],
    sorted_by: 1,
};
