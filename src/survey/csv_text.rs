//! The text of a CSV file as Excel saves it on Windows: with a byte order mark, and with line ends
//! of two characters, which the CSV reader counts one line too low.

/// The bytes of a CSV file without its mark, with line ends of one character.
pub fn plain_csv(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut plain = Vec::with_capacity(bytes.len());
    for (place, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(place + 1) != Some(&b'\n') {
            plain.push(byte);
        }
    }
    plain
}
