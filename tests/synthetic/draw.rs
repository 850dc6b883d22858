//! Numbers that look like chance and are the same on every run: each follows from what it is about.

/// A number that follows from some words and nothing else.
pub fn draw(words: &[&str]) -> u64 {
    // FNV-1a over the words, then the last step of SplitMix64, which spreads every bit over all of them.
    let mut number = 0xcbf2_9ce4_8422_2325_u64;
    for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
        number = (number ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The same from 0 to below a limit.
pub fn draw_below(limit: u32, words: &[&str]) -> u32 {
    u32::try_from(draw(words) % u64::from(limit)).expect("below a limit of 32 bits")
}
