//! The texts of the certificate of a release.

/// The texts of the certificate.
#[derive(Debug)]
pub struct CertificateTexts {
    /// The title.
    pub title: &'static str,
    /// The survey, the year and the state of the release.
    pub subject: fn(survey: &str, year: &str, standing: &str) -> String,
    /// The states of a release: it may not be released, it is prepared, it is released as an edition.
    pub refused: fn(circle: &str) -> String,
    pub prepared: fn(circle: &str) -> String,
    pub released: fn(circle: &str, time: &str, edition: &str) -> String,
    /// The reason of a correction.
    pub correction: fn(reason: &str) -> String,
    /// What comparing with the edition before reveals: nothing; answers of these (the desk's copy); of so many.
    pub reveals_nothing: &'static str,
    pub reveals_these: fn(list: &str) -> String,
    pub reveals_some: fn(count: usize) -> String,
    /// The headings.
    pub proven_heading: &'static str,
    pub outcome_heading: &'static str,
    pub attack_heading: &'static str,
    pub policy_heading: &'static str,
    pub mark_heading: &'static str,
    /// The proven statements, and the one in their place where the proof fails.
    pub proven: [&'static str; 3],
    pub not_proven: &'static str,
    /// The result of disclosure control.
    pub outcome: OutcomeTexts,
    /// The attacks: how many cells, the answers that attackers know of themselves, the narrowest interval and how it is
    /// printed, the cells that were worked out.
    pub attacked: &'static str,
    pub own_answers: &'static str,
    pub narrowest: &'static str,
    pub at_least: fn(width: &str) -> String,
    pub no_interval: &'static str,
    pub opened: &'static str,
    /// The limits of the policy.
    pub limits: LimitTexts,
    /// Classes of percentages.
    pub classes: &'static str,
    pub class: fn(from: u32, to: u32) -> String,
    pub class_from: fn(from: u32) -> String,
    /// Sectors that are never shown.
    pub never: &'static str,
    /// Whether sub-sectors are shown.
    pub subsectors: &'static str,
    pub shown: &'static str,
    pub not_shown: &'static str,
    /// The marks in the tables.
    pub marks: MarkTexts,
    /// The hash over the tables.
    pub hash: fn(hash: &str) -> String,
}

/// The names of the counts of cells and numbers.
#[derive(Debug)]
pub struct OutcomeTexts {
    pub tables: &'static str,
    pub whole_tables: &'static str,
    pub cells: &'static str,
    pub published: &'static str,
    pub shares: &'static str,
    pub withheld: &'static str,
    pub by_rule: &'static str,
    pub secondary: &'static str,
    pub means: &'static str,
    pub means_withheld: &'static str,
    pub quartiles: &'static str,
    pub quartiles_withheld: &'static str,
}

/// The names of the limits of a policy.
#[derive(Debug)]
pub struct LimitTexts {
    pub minimum_base: &'static str,
    pub minimum_count: &'static str,
    pub small_counts_below: &'static str,
    pub adverse_all_but: &'static str,
    pub narrowest_interval: &'static str,
    pub own_answer_interval: &'static str,
    pub quartiles_from: &'static str,
    pub dominance_count: &'static str,
    pub dominance_share: &'static str,
    pub p_percent: &'static str,
    pub bands_below: &'static str,
}

/// The meanings of the marks in the tables.
#[derive(Debug)]
pub struct MarkTexts {
    pub withheld: &'static str,
    pub none: &'static str,
    pub not_available: &'static str,
    pub not_applicable: &'static str,
    /// A percentage without a base, and its meaning.
    pub share: &'static str,
    pub share_meaning: &'static str,
}
