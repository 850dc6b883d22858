//! Colours, as far as it matters whether a text can be told from its ground.

/// Red, green and blue.
pub type Rgb = [u8; 3];
/// The ink of texts that have no colour of their own.
pub const BLACK: Rgb = [0, 0, 0];
/// The paper of cells that have no ground of their own.
pub const WHITE: Rgb = [255, 255, 255];

/// The colours that styles name by number, from 8 on, unless the workbook has its own.
/// (ECMA-376, part 1, 18.8.27.)
const USUAL: [u32; 56] = [
    0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0x800000, 0x008000, 0x000080,
    0x808000, 0x800080, 0x008080, 0xC0C0C0, 0x808080, 0x9999FF, 0x993366, 0xFFFFCC, 0xCCFFFF, 0x660066, 0xFF8080,
    0x0066CC, 0xCCCCFF, 0x000080, 0xFF00FF, 0xFFFF00, 0x00FFFF, 0x800080, 0x800000, 0x008080, 0x0000FF, 0x00CCFF,
    0xCCFFFF, 0xCCFFCC, 0xFFFF99, 0x99CCFF, 0xFF99CC, 0xCC99FF, 0xFFCC99, 0x3366FF, 0x33CCCC, 0x99CC00, 0xFFCC00,
    0xFF9900, 0xFF6600, 0x666699, 0x969696, 0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366, 0x333399,
    0x333333,
];

/// The colours of a workbook that have a number.
#[derive(Debug, Clone)]
pub struct Palette {
    /// From number 8 on.
    colours: Vec<Rgb>,
}

impl Default for Palette {
    fn default() -> Palette {
        Palette {
            colours: USUAL.iter().map(|colour| [(colour >> 16) as u8, (colour >> 8) as u8, *colour as u8]).collect(),
        }
    }
}

impl Palette {
    /// The palette with these colours, from number 8 on, instead of the usual ones.
    pub fn with(mut self, own: impl IntoIterator<Item = Rgb>) -> Palette {
        for (colour, own) in self.colours.iter_mut().zip(own) {
            *colour = own;
        }
        self
    }

    /// The colour of a number; the first eight stand there twice.
    pub fn get(&self, number: u32) -> Option<Rgb> {
        match number {
            64 | 0x7FFF => Some(BLACK),
            65 => Some(WHITE),
            0..8 => self.colours.get(number as usize).copied(),
            8.. => self.colours.get(number as usize - 8).copied(),
        }
    }
}

/// The colour of a theme that is known without its part: the first two of a theme are the white of
/// paper and the black of ink.
pub fn of_theme(number: u32) -> Option<Rgb> {
    [WHITE, BLACK].get(number as usize).copied()
}

/// `FF00CC`, with or without what comes before the last six digits.
pub fn of_digits(text: &str) -> Option<Rgb> {
    let digits = text.get(text.len().checked_sub(6)?..)?;
    let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Whether nobody tells two colours apart.
pub fn is_alike(one: Rgb, other: Rgb) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= 8)
}
