//! How much of what was typed without a space stands together.

/// Returns how much of a typed run stands together in a text: the longest piece of it that the
/// text contains, 0 to 1, pieces of one character not counted.
pub fn longest_run(run: &[char], text: &[char]) -> f32 {
    // One bit a character, by its low bits: most of a text shares no character with the run.
    let bit = |c: char| 1u64 << (c as u32 & 63);
    let any = run.iter().fold(0, |bits, &c| bits | bit(c));
    let shared = (0..).zip(text).filter(|&(_, &c)| any & bit(c) > 0);
    longest_run_of(run, shared.map(|(at, &c)| (at, c)))
}

/// As [`longest_run`], with the places of all characters of the text that the run has, in order;
/// others may be among them.
pub fn longest_run_of(run: &[char], shared: impl Iterator<Item = (u32, char)>) -> f32 {
    if run.len() < 2 {
        return 0.0;
    }
    let mut best = 0usize;
    // Lengths of common pieces that end at each character of the run, row by row of the text.
    let mut lengths = vec![0u32; run.len() + 1];
    let mut next = 0;
    for (at, c) in shared {
        if at != next {
            lengths.fill(0);
        }
        next = at + 1;
        let mut diagonal = 0;
        for (i, &r) in run.iter().enumerate() {
            let above = lengths[i + 1];
            lengths[i + 1] = if r == c { diagonal + 1 } else { 0 };
            best = best.max(lengths[i + 1] as usize);
            diagonal = above;
        }
    }
    if best < 2 { 0.0 } else { best as f32 / run.len() as f32 }
}
