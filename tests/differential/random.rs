//! Numbers that look random and are the same in every run (`SplitMix64`).

/// A stream of numbers.
pub struct Random(u64);

impl Random {
    /// The stream of the `place`-th case of a class.
    pub fn new(seed: u64, class: usize, place: usize) -> Self {
        let mut random = Self(seed ^ ((class as u64) << 32) ^ place as u64);
        random.0 = random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// A number of a range, its ends inside.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    pub fn flip(&mut self) -> bool {
        self.next() & 1 == 0
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Characters of an ASCII alphabet.
    pub fn text(&mut self, alphabet: &str, length: usize) -> String {
        (0..length).map(|_| char::from(alphabet.as_bytes()[self.below(alphabet.len())])).collect()
    }

    /// Characters of every length in UTF-8, NUL, line ends and a byte order mark among them.
    pub fn unicode(&mut self, length: usize) -> String {
        const ODD: [char; 10] = ['\0', '\n', '\r', '\u{7f}', 'ı', 'İ', '\u{feff}', '\u{2028}', '\u{fffd}', '😀'];
        (0..length)
            .map(|_| if self.flip() { ODD[self.below(ODD.len())] } else { char::from(self.bytes(1)[0]) })
            .collect()
    }
}
