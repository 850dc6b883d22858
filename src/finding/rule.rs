//! The entries of the registry: the explanation of a code, and how entries are written.

use super::Severity;

/// The explanation of a code, as `cssa explain` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `E03`.
    pub code: &'static str,
    /// `item-nonresponse`.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The description of the finding.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// An example.
    pub example: &'static str,
    /// The action to take.
    pub remedy: &'static str,
    /// The question to the institution, in its language; `{observed}` stands for its answer. `None` if the matter is
    /// the desk's.
    pub asks: Option<&'static str>,
}

macro_rules! registry {
    (@optional) => { None };
    (@optional $text:literal) => { Some($text) };
    ($($code:ident $variant:ident $name:literal $severity:ident {
        what: $what:literal,
        why: $why:literal,
        example: $example:literal,
        remedy: $remedy:literal,
        $(asks: $asks:literal,)?
    })*) => {
        /// The codes, in the order of the registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[doc = $what] $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The entry of the registry.
            pub fn rule(self) -> &'static Rule {
                match self { $(Code::$variant => &Rule {
                    code: stringify!($code),
                    name: $name,
                    severity: Severity::$severity,
                    what: $what,
                    why: $why,
                    example: $example,
                    remedy: $remedy,
                    asks: registry!(@optional $($asks)?),
                },)* }
            }
        }
    };
}

pub(super) use registry;
