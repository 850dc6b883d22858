//! Writes the container that the reader is given: the parts that were seen to be sound, one behind
//! the other and not compressed. (PKWARE's APPNOTE, 4.3.)

/// A container being written.
pub struct Container<'b> {
    bytes: &'b mut Vec<u8>,
    /// The table of contents.
    table: Vec<u8>,
    count: u16,
}

/// The beginning of the fields that a part has in both places: version 2.0, names in UTF-8, stored,
/// the first moment that the format knows.
const FIELDS: [u8; 10] = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];

impl<'b> Container<'b> {
    /// An empty container in this room.
    pub fn new(bytes: &'b mut Vec<u8>) -> Container<'b> {
        bytes.clear();
        Container { bytes, table: Vec::with_capacity(1024), count: 0 }
    }

    /// Adds a part with its checksum.
    pub fn add(&mut self, name: &str, part: &[u8], checksum: u32) {
        let number = |length: usize| u32::try_from(length).expect("the guard bounds a workbook to some megabytes");
        let (at, size) = (number(self.bytes.len()), number(part.len()));
        let length = u16::try_from(name.len()).expect("the guard gives parts short names");
        let mut fields = FIELDS.to_vec();
        for number in [checksum, size, size] {
            fields.extend(number.to_le_bytes());
        }
        fields.extend(length.to_le_bytes());
        fields.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&fields);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(part);
        self.table.extend(b"PK\x01\x02\x14\0");
        self.table.extend(&fields);
        // No comment, the first disk, no attributes.
        self.table.extend([0; 10]);
        self.table.extend(at.to_le_bytes());
        self.table.extend(name.as_bytes());
        self.count += 1;
    }

    /// Ends the container.
    pub fn finish(self) -> &'b [u8] {
        let number = |length: usize| u32::try_from(length).expect("the guard bounds a workbook to some megabytes");
        let (at, size) = (number(self.bytes.len()), number(self.table.len()));
        self.bytes.extend(&self.table);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend([self.count.to_le_bytes(), self.count.to_le_bytes()].concat());
        self.bytes.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
        self.bytes.extend([0, 0]);
        self.bytes
    }
}
