//! Opens workbooks that are protected by a password, with the passwords that were given.
//!
//! Whether a password is the right one shows only when the file is decrypted with it, so the
//! likeliest are tried first, and what all tries together may cost is bounded: a hostile file can
//! ask for any number of rounds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use memchr::memmem;

use super::kinds;
use crate::finding::Code;
use crate::ingest::arrival::passwords::{Candidate, Keys, Passwords};
use crate::ingest::refusal::Refusal;
use crate::ingest::sheets::package::number_of_attribute;
use crate::ingest::unpack::compound::{self, Compound};
use crate::ingest::unpack::legacy_encryption::{self, Encryption};

/// The password with which Excel encrypts what is only meant to be read-only; it opens such a
/// workbook without asking.
const UNASKED: &str = "VelvetSweatshop";
/// The most rounds of hashing for one password: Excel asks for 100,000.
const ROUNDS: u128 = 1_000_000;
/// The most rounds of hashing for one file, all passwords together: about a minute, of which each
/// password takes its own part.
const ALL_ROUNDS: u128 = 200_000_000;
/// The rounds of standard encryption, which the file does not state.
const STANDARD_ROUNDS: u128 = 50_000;
/// How the content of an encrypted package begins where it is a workbook.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// A workbook without its protection.
pub struct Opened {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// The lines of the passwords file that opened it.
    pub lines: Vec<u32>,
}

/// Opens a protected workbook; `None` where the file is not protected in a way that is known here.
pub fn open(bytes: &[u8], keys: &Keys<'_>) -> Result<Option<Opened>, Refusal> {
    if !bytes.starts_with(&compound::MAGIC) {
        return Ok(None);
    }
    let source = Compound::open(bytes)?;
    if source.has_rights_management() {
        return Err(kinds::rights_managed());
    }
    if source.is_package() {
        let (information, package) = (source.stream("EncryptionInfo")?, source.stream("EncryptedPackage")?);
        return open_package(&information, &package, keys).map(Some);
    }
    let Some(stream) = source.workbook()? else { return Ok(None) };
    let Some(encryption) = legacy_encryption::of_stream(&stream) else { return Ok(None) };
    if encryption == Encryption::Unknown {
        return Err(unknown());
    }
    let had_macros = source.has_macros();
    try_all(keys, usize::MAX, |password| {
        let plain = encryption.decrypt(&stream, password)?;
        Some(compound::of_streams(&[("Workbook", &plain)], had_macros))
    })
    .map(Some)
}

/// Opens a package encrypted as a whole (ECMA-376, [MS-OFFCRYPTO] 2.3.4).
fn open_package(information: &[u8], package: &[u8], keys: &Keys<'_>) -> Result<Opened, Refusal> {
    let rounds = rounds(information)?;
    // Each try also decrypts the package, which takes about a round for 64 bytes.
    let one = rounds + package.len() as u128 / 64 + 1;
    let tries = usize::try_from(ALL_ROUNDS / one).unwrap_or(usize::MAX);
    // The library is given a container of our own making: nothing but the two streams, and the
    // second as long as it says that it is.
    let package = trimmed(package).ok_or_else(unknown)?;
    let container = compound::of_streams(&[("EncryptionInfo", information), ("EncryptedPackage", package)], false);
    let mut unimplemented = false;
    let opened = try_all(keys, tries, |password| {
        // A library that panics on a damaged file cannot open it.
        let decrypt = AssertUnwindSafe(|| office_crypto::decrypt_from_bytes(container.clone(), password));
        match catch_unwind(decrypt) {
            // A wrong password is not told apart by the library: it gives rubbish.
            Ok(Ok(plain)) => plain.starts_with(WORKBOOK).then_some(plain),
            Ok(Err(office_crypto::DecryptError::Unimplemented(_))) => {
                unimplemented = true;
                None
            }
            Ok(Err(_)) | Err(_) => None,
        }
    });
    if unimplemented && opened.is_err() { Err(unknown()) } else { opened }
}

/// How many rounds of hashing a password takes, if that is within bounds.
fn rounds(information: &[u8]) -> Result<u128, Refusal> {
    let Some(at) = memmem::find_iter(information, b"spinCount").last() else { return Ok(STANDARD_ROUNDS) };
    let rounds = number_of_attribute(&information[at + b"spinCount".len()..]).unwrap_or(0);
    if rounds > ROUNDS {
        let message = format!("the file asks for {rounds} rounds of hashing for a password, Excel for 100,000");
        let help = "Ask the institution for the workbook without a password.";
        return Err(Refusal::new(Code::UnsafeWorkbook, message).helped_by(help));
    }
    Ok(rounds)
}

/// The stream of an encrypted package without what may stand behind it. It begins with its
/// length, in eight bytes, and is filled up to whole blocks of 16.
fn trimmed(package: &[u8]) -> Option<&[u8]> {
    let length = u64::from_le_bytes(package.get(..8)?.try_into().ok()?);
    let blocks = usize::try_from(length).ok()?.checked_next_multiple_of(16)?;
    package.get(..blocks.checked_add(8)?)
}

/// Tries the password that needs no asking, and then those that were given.
fn try_all(keys: &Keys<'_>, tries: usize, mut open: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Opened, Refusal> {
    let unasked = Candidate { password: UNASKED, lines: Vec::new() };
    let candidates = keys.candidates();
    let untried = (candidates.len() + 1).saturating_sub(tries);
    for Candidate { password, lines } in std::iter::once(unasked).chain(candidates).take(tries) {
        (keys.another_try)();
        if let Some(bytes) = open(password) {
            return Ok(Opened { bytes, lines });
        }
    }
    if untried > 0 {
        let message = format!(
            "the workbook is encrypted with a password, and none of the likeliest {tries} that were given opens it; {untried} were not tried"
        );
        let help =
            "Name the file, or the institution that its name points to, in the row of its password, and run again.";
        return Err(Refusal::new(Code::EncryptedWorkbook, message).helped_by(help));
    }
    Err(locked("the workbook is encrypted with a password", keys.passwords))
}

/// The refusal of what no given password opens.
pub fn locked(what: &str, passwords: &Passwords) -> Refusal {
    let and = match passwords.count() {
        0 => "and none was given".to_owned(),
        1 => "and the one that was given does not open it".to_owned(),
        count => format!("and none of the {count} that were given opens it"),
    };
    Refusal::new(Code::EncryptedWorkbook, format!("{what}, {and}"))
}

fn unknown() -> Refusal {
    let message = "the workbook is encrypted with a password in a way that this program cannot undo";
    let help = "Open it in the program that made it, save it without a password, and run again; or ask the institution for it without one.";
    Refusal::new(Code::EncryptedWorkbook, message).helped_by(help)
}
