//! Passwords of workbooks of Excel 97 to 2003: reads how the workbook's stream is encrypted and
//! undoes it with the right password.
//!
//! The stream stays a list of records whose kinds and lengths are in the clear; what is in them
//! is encrypted, in one of three ways ([MS-XLS] 2.2.10 and 2.4.117, [MS-OFFCRYPTO] 2.3.5 to 2.3.7).
//! None of them protects anything today, but files that use them still come back.

use md5::{Digest, Md5};
use sha1::Sha1;

/// The record that says how the stream is encrypted.
const FILEPASS: u16 = 0x002F;
/// A record without meaning to a reader, in its place once the stream is decrypted.
const MEANINGLESS: u16 = 0x00E2;
/// The record that names a sheet; the place of the sheet, in its first four bytes, is in the clear.
const SHEET: u16 = 0x0085;
/// Records that are never encrypted: BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead.
const CLEAR: [u16; 7] = [0x0809, FILEPASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138];
/// After so many bytes of the stream RC4 begins anew with another key.
const BLOCK: usize = 1024;

/// How a stream is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encryption {
    /// XOR obfuscation, method 1: a key and a verifier, each of 16 bits.
    Xor { key: u16, verifier: u16 },
    /// RC4 with a key of 40 bits made by MD5.
    Rc4 { salt: [u8; 16], verifier: [u8; 16], hash: [u8; 16] },
    /// RC4 with a key made by SHA-1, as Excel 2002 and all later ones write it.
    CryptoApi { salt: [u8; 16], verifier: [u8; 16], hash: [u8; 20], key_bytes: usize },
    /// Something else.
    Unknown,
}

/// How a workbook's stream is encrypted; `None` where it is not.
pub fn of_stream(stream: &[u8]) -> Option<Encryption> {
    // The record stands in the first part of the stream, which the first EOF ends.
    let mut records = Records { stream, at: 0 };
    let record = records.find(|record| matches!(record.kind, FILEPASS | 0x000A))?;
    (record.kind == FILEPASS).then(|| read_filepass(&stream[record.content()]).unwrap_or(Encryption::Unknown))
}

fn read_filepass(record: &[u8]) -> Option<Encryption> {
    if word(record, 0)? == 0 {
        return Some(Encryption::Xor { key: word(record, 2)?, verifier: word(record, 4)? });
    }
    match (word(record, 2)?, word(record, 4)?) {
        (1, 1) => {
            Some(Encryption::Rc4 { salt: bytes(record, 6)?, verifier: bytes(record, 22)?, hash: bytes(record, 38)? })
        }
        (2..=4, 2) => {
            // Flags of four bytes and the length of the header come first; in the header the
            // cipher is the third number, the length of the key the fifth. RC4 is 0x6801.
            let header = usize::try_from(double(record, 10)?).ok()?;
            let bits = double(record, 14 + 16)?;
            let after = 14_usize.checked_add(header)?;
            let fits = double(record, 14 + 8)? == 0x6801 && double(record, after)? == 16;
            let key_bytes = match bits {
                0 => 5,
                40..=128 if bits % 8 == 0 => usize::try_from(bits / 8).ok()?,
                _ => return None,
            };
            let (salt, verifier) = (bytes(record, after + 4)?, bytes(record, after + 20)?);
            let hash = bytes(record, after + 40)?;
            fits.then_some(Encryption::CryptoApi { salt, verifier, hash, key_bytes })
        }
        _ => None,
    }
}

impl Encryption {
    /// Decrypts a stream, if the password is the right one.
    pub fn decrypt(&self, stream: &[u8], password: &str) -> Option<Vec<u8>> {
        let cipher = self.cipher(password)?;
        let mut plain = stream.to_vec();
        let mut keystream = Keystream { cipher: &cipher, block: usize::MAX, bytes: Vec::new() };
        for record in (Records { stream, at: 0 }) {
            if record.kind == FILEPASS {
                let kind = record.start - 4;
                plain[kind..kind + 2].copy_from_slice(&MEANINGLESS.to_le_bytes());
            }
            if CLEAR.contains(&record.kind) {
                continue;
            }
            let skipped = if record.kind == SHEET { 4 } else { 0 };
            for at in record.content().skip(skipped) {
                plain[at] = match &cipher {
                    Cipher::Xor(keys) => (plain[at] ^ keys[(at + record.length) % 16]).rotate_right(5),
                    _ => plain[at] ^ keystream.byte(at),
                };
            }
        }
        Some(plain)
    }

    /// The cipher of a password that passes the verification.
    fn cipher(&self, password: &str) -> Option<Cipher> {
        match self {
            Encryption::Xor { key, verifier } => {
                let letters = letters(password)?;
                (xor_verifier(&letters) == *verifier && xor_key(&letters) == *key)
                    .then(|| Cipher::Xor(xor_array(&letters, *key)))
            }
            Encryption::Rc4 { salt, verifier, hash } => {
                let first = Md5::digest(utf16(password));
                let salted = [&first[..5], salt].concat().repeat(16);
                let cipher = Cipher::Rc4(first_bytes(&Md5::digest(salted)));
                let opened = cipher.block(0, &[&verifier[..], hash].concat());
                (Md5::digest(&opened[..16])[..] == opened[16..]).then_some(cipher)
            }
            Encryption::CryptoApi { salt, verifier, hash, key_bytes } => {
                let first = Sha1::digest([&salt[..], &utf16(password)].concat());
                let cipher = Cipher::CryptoApi { base: first.into(), key_bytes: *key_bytes };
                let opened = cipher.block(0, &[&verifier[..], hash].concat());
                (Sha1::digest(&opened[..16])[..] == opened[16..]).then_some(cipher)
            }
            Encryption::Unknown => None,
        }
    }
}

/// A cipher with the key that a password gave.
enum Cipher {
    Xor([u8; 16]),
    Rc4([u8; 5]),
    CryptoApi { base: [u8; 20], key_bytes: usize },
}

impl Cipher {
    /// En- or decrypts the beginning of a block of the stream by RC4.
    fn block(&self, block: usize, content: &[u8]) -> Vec<u8> {
        let number = u32::try_from(block).unwrap_or(u32::MAX).to_le_bytes();
        match self {
            Cipher::Xor(_) => content.to_vec(),
            Cipher::Rc4(base) => rc4(&Md5::digest([&base[..], &number].concat()), content),
            Cipher::CryptoApi { base, key_bytes } => {
                let digest = Sha1::digest([&base[..], &number].concat());
                let mut key = digest[..*key_bytes].to_vec();
                // A key of exactly 40 bits is filled up with zeros to 128.
                if *key_bytes == 5 {
                    key.resize(16, 0);
                }
                rc4(&key, content)
            }
        }
    }
}

/// The bytes that RC4 adds at each place of the stream, one block at a time.
struct Keystream<'c> {
    cipher: &'c Cipher,
    block: usize,
    bytes: Vec<u8>,
}

impl Keystream<'_> {
    fn byte(&mut self, at: usize) -> u8 {
        if at / BLOCK != self.block {
            self.block = at / BLOCK;
            self.bytes = self.cipher.block(self.block, &[0; BLOCK]);
        }
        self.bytes[at % BLOCK]
    }
}

fn rc4(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|place| place as u8);
    let mut other = 0_u8;
    for place in 0..256 {
        other = other.wrapping_add(state[place]).wrapping_add(key[place % key.len()]);
        state.swap(place, usize::from(other));
    }
    let (mut one, mut other) = (0_u8, 0_u8);
    let encrypt = |byte: &u8| {
        one = one.wrapping_add(1);
        other = other.wrapping_add(state[usize::from(one)]);
        state.swap(usize::from(one), usize::from(other));
        let sum = state[usize::from(one)].wrapping_add(state[usize::from(other)]);
        byte ^ state[usize::from(sum)]
    };
    content.iter().map(encrypt).collect()
}

/// A password as bytes of one letter each; `None` where the method cannot have used it.
fn letters(password: &str) -> Option<Vec<u8>> {
    // The lower byte of each character, or the upper one where that is zero.
    let letter = |unit: u16| if unit & 0xFF == 0 { (unit >> 8) as u8 } else { unit as u8 };
    let letters: Vec<u8> = password.encode_utf16().map(letter).collect();
    (1..=15).contains(&letters.len()).then_some(letters)
}

fn xor_verifier(letters: &[u8]) -> u16 {
    let length = u16::try_from(letters.len()).expect("a password of this method has at most 15 letters");
    let counted = letters.iter().rev().map(|&letter| u16::from(letter)).chain([length]);
    counted.fold(0, |sum: u16, letter| ((sum >> 14 & 1) | (sum << 1 & 0x7FFF)) ^ letter) ^ 0xCE4B
}

/// The key of 16 bits: a beginning for the length of the password, and a number of the matrix for
/// each bit of each letter that is set.
fn xor_key(letters: &[u8]) -> u16 {
    let mut key = INITIAL_CODE[letters.len() - 1];
    let rows = &MATRIX[15 - letters.len()..];
    for (letter, row) in letters.iter().zip(rows) {
        for (bit, number) in row.iter().enumerate() {
            if letter >> bit & 1 == 1 {
                key ^= number;
            }
        }
    }
    key
}

/// The 16 bytes that are added in turn: the letters and a padding, each with a half of the key.
fn xor_array(letters: &[u8], key: u16) -> [u8; 16] {
    let [low, high] = key.to_le_bytes();
    std::array::from_fn(|place| {
        let letter = letters.get(place).copied().unwrap_or_else(|| PADDING[place - letters.len()]);
        let half = if place % 2 == 0 { low } else { high };
        (letter ^ half).rotate_right(1)
    })
}

/// The bytes that fill up a password ([MS-OFFCRYPTO] 2.3.7.2, PadArray).
const PADDING: [u8; 16] =
    [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00, 0x00];
/// Where the key begins for each length of password (InitialCode).
const INITIAL_CODE: [u16; 15] = [
    0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A,
    0x4EC3,
];
/// The addition of each bit of each letter to the key (XorMatrix), lowest bit first. The last row is that
/// of the last letter, however long the password is.
const MATRIX: [[u16; 7]; 15] = [
    [0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09],
    [0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF],
    [0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0],
    [0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40],
    [0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5],
    [0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A],
    [0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9],
    [0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0],
    [0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC],
    [0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10],
    [0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168],
    [0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C],
    [0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD],
    [0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC],
    [0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4],
];

fn utf16(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn first_bytes<const N: usize>(content: &[u8]) -> [u8; N] {
    bytes(content, 0).expect("a digest is longer than what is taken of it")
}

fn bytes<const N: usize>(record: &[u8], at: usize) -> Option<[u8; N]> {
    record.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn word(record: &[u8], at: usize) -> Option<u16> {
    bytes(record, at).map(u16::from_le_bytes)
}

fn double(record: &[u8], at: usize) -> Option<u32> {
    bytes(record, at).map(u32::from_le_bytes)
}

/// A record of the stream: its kind, and where its content lies.
struct Record {
    kind: u16,
    start: usize,
    length: usize,
}

impl Record {
    fn content(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.length
    }
}

/// The records of a stream, the last one as long as the stream has it.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let (kind, length) = (word(self.stream, self.at)?, word(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let length = usize::from(length).min(self.stream.len() - start);
        self.at = start + length;
        Some(Record { kind, start, length })
    }
}
