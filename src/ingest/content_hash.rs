//! What a file is known by: the SHA-256 of its bytes, whatever its name.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// A SHA-256, shown in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of some content.
    pub fn of(content: &[u8]) -> ContentHash {
        ContentHash(Sha256::digest(content).into())
    }

    /// The hash of content that lies in several pieces.
    pub fn of_parts(parts: &[&[u8]]) -> ContentHash {
        let mut hash = Sha256::new();
        parts.iter().for_each(|part| hash.update(part));
        ContentHash(hash.finalize().into())
    }

    /// The hash of a value of this program, by all that its [`Hash`] tells. It means something
    /// only to the build that made it.
    pub fn of_value(value: &impl Hash) -> ContentHash {
        let mut feed = Feed(Sha256::new());
        value.hash(&mut feed);
        ContentHash(feed.0.finalize().into())
    }

    /// Its first bytes, where a mistake is to be noticed and nobody has to be kept from making one.
    pub fn short(self) -> [u8; 8] {
        let mut short = [0; 8];
        short.copy_from_slice(&self.0[..8]);
        short
    }
}

/// The hash of content that comes piece by piece.
#[derive(Debug, Default)]
pub struct ContentHasher(Sha256);

impl ContentHasher {
    /// Adds a piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces.
    pub fn finish(self) -> ContentHash {
        ContentHash(self.0.finalize().into())
    }
}

/// Feeds what values tell of themselves into a SHA-256.
struct Feed(Sha256);

impl Hasher for Feed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("the whole hash is asked for, not a short form of it")
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every line of the store's responses names a workbook by its hash.
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        f.pad(std::str::from_utf8(&text).expect("hexadecimal digits are ASCII"))
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In text as it is shown; elsewhere as the bytes that the derived reading expects.
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}
