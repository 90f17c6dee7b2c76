//! How Chinese sounds: pinyin without tones, common readings only.

/// For each character from U+4E00 on, the number of its syllable plus one, 0 for none.
static SOUNDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sounds.bin"));

/// All syllables, by number.
static SYLLABLES: &[&str] = include!(concat!(env!("OUT_DIR"), "/syllables.rs"));

/// The characters of each syllable, those of the most frequent words first.
static CHARS: &[&str] = include!(concat!(env!("OUT_DIR"), "/syllable_chars.rs"));

const FIRST: u32 = 0x4E00;

/// Characters of the field's vocabulary that are read in two ways, with the second. The first is
/// in the table.
const SECOND_READINGS: &[(char, &str)] = &[
    ('行', "hang"),
    ('行', "xing"),
    ('重', "chong"),
    ('重', "zhong"),
    ('长', "chang"),
    ('长', "zhang"),
    ('调', "diao"),
    ('调', "tiao"),
    ('数', "shu"),
    ('传', "chuan"),
    ('传', "zhuan"),
    ('单', "dan"),
    ('间', "jian"),
    ('降', "jiang"),
    ('降', "xiang"),
    ('解', "jie"),
    ('藏', "cang"),
    ('藏', "zang"),
    ('系', "xi"),
    ('系', "ji"),
    ('乐', "le"),
    ('乐', "yue"),
    ('识', "shi"),
    ('参', "can"),
    ('参', "shen"),
    ('曾', "ceng"),
    ('朝', "chao"),
    ('称', "cheng"),
    ('盛', "sheng"),
    ('弹', "dan"),
    ('弹', "tan"),
    ('度', "du"),
    ('分', "fen"),
    ('更', "geng"),
    ('合', "he"),
    ('划', "hua"),
    ('会', "hui"),
    ('会', "kuai"),
    ('卡', "ka"),
    ('卡', "qia"),
    ('率', "lv"),
    ('率', "shuai"),
    ('模', "mo"),
    ('模', "mu"),
    ('少', "shao"),
    ('省', "sheng"),
    ('为', "wei"),
    ('相', "xiang"),
    ('载', "zai"),
    ('正', "zheng"),
    ('只', "zhi"),
    ('转', "zhuan"),
    ('着', "zhe"),
    ('着', "zhao"),
    ('都', "dou"),
    ('都', "du"),
    ('得', "de"),
    ('的', "de"),
    ('地', "di"),
    ('地', "de"),
    ('了', "le"),
    ('了', "liao"),
    ('还', "hai"),
    ('还', "huan"),
    ('种', "zhong"),
    ('塞', "sai"),
    ('塞', "se"),
    ('散', "san"),
    ('熟', "shu"),
    ('量', "liang"),
    ('切', "qie"),
    ('区', "qu"),
    ('缓', "huan"),
    ('似', "si"),
    ('说', "shuo"),
    ('号', "hao"),
    ('和', "he"),
    ('给', "gei"),
    ('色', "se"),
    ('校', "xiao"),
    ('校', "jiao"),
    ('应', "ying"),
    ('处', "chu"),
    ('发', "fa"),
    ('压', "ya"),
    ('角', "jiao"),
    ('觉', "jue"),
    ('空', "kong"),
    ('露', "lu"),
    ('落', "luo"),
    ('没', "mei"),
    ('宁', "ning"),
    ('片', "pian"),
    ('强', "qiang"),
    ('任', "ren"),
    ('什', "shen"),
    ('食', "shi"),
    ('提', "ti"),
    ('吐', "tu"),
    ('万', "wan"),
    ('吓', "xia"),
    ('血', "xue"),
    ('要', "yao"),
    ('与', "yu"),
];

/// One bit for the low bits of each character with a second reading: few others share one.
static SECOND: [u64; 16] = {
    let mut bits = [0; 16];
    let mut i = 0;
    while i < SECOND_READINGS.len() {
        let low = SECOND_READINGS[i].0 as usize % 1024;
        bits[low / 64] |= 1 << (low % 64);
        i += 1;
    }
    bits
};

/// Initials say little: fewer than this many fit everything.
pub const SHORTEST_INITIALS: usize = 3;

/// Returns the readings of a character, the usual one first; none for what is not Chinese.
pub fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let index = (c as u32).checked_sub(FIRST).map(|i| 2 * i as usize);
    let sound = index
        .and_then(|i| Some(u16::from_le_bytes([*SOUNDS.get(i)?, *SOUNDS.get(i + 1)?])));
    let usual =
        sound.and_then(|s| SYLLABLES.get(usize::from(s).checked_sub(1)?)).copied();
    let low = c as usize % 1024;
    let rows =
        if SECOND[low / 64] >> (low % 64) & 1 == 1 { SECOND_READINGS } else { &[] };
    let second = rows.iter().filter(move |(of, _)| *of == c).map(|(_, r)| *r);
    usual.into_iter().chain(second.filter(move |r| Some(*r) != usual))
}

/// Calls `found` with each way to write a run of characters in pinyin and in initials (three
/// characters and more), at most a few where characters have two readings.
pub fn sounds(run: &[char], mut found: impl FnMut(&str)) {
    /// Two characters with two readings each give four ways; more are not worth a term.
    const MOST_WAYS: usize = 4;
    if one_way(run, &mut found) {
        return;
    }
    let mut ways = vec![(String::new(), String::new())];
    for &c in run {
        let mut others = readings(c);
        let Some(usual) = others.next() else { return };
        let others: Vec<&str> = others.collect();
        if others.is_empty() {
            // Nearly always: nothing is copied.
            for (full, initials) in &mut ways {
                full.push_str(usual);
                initials.push_str(&usual[..1]);
            }
            continue;
        }
        let extended = ways.iter().flat_map(|(full, initials)| {
            [&usual]
                .into_iter()
                .chain(&others)
                .map(move |r| (format!("{full}{r}"), format!("{initials}{}", &r[..1])))
        });
        ways = extended.take(MOST_WAYS).collect();
    }
    for (i, (full, initials)) in ways.iter().enumerate() {
        found(full);
        let new = ways[..i].iter().all(|(_, other)| other != initials);
        if run.len() >= SHORTEST_INITIALS && new {
            found(initials);
        }
    }
}

/// Runs up to this length are written without memory of their own: all that sound in headings.
const SHORT_RUN: usize = 6;

/// Does what [`sounds`] does where each character of a short run has one reading, as most do;
/// else returns false and does nothing.
fn one_way(run: &[char], found: &mut impl FnMut(&str)) -> bool {
    let mut initials = [0; SHORT_RUN];
    let mut full = [0; SHORT_RUN * LONGEST_SYLLABLE_BYTES];
    let mut len_bytes = 0;
    if run.len() > SHORT_RUN {
        return false;
    }
    for (&c, initial) in run.iter().zip(&mut initials) {
        let mut readings = readings(c);
        let (Some(reading), None) = (readings.next(), readings.next()) else {
            return false;
        };
        *initial = reading.as_bytes()[0];
        full[len_bytes..][..reading.len()].copy_from_slice(reading.as_bytes());
        len_bytes += reading.len();
    }
    let text = |bytes| str::from_utf8(bytes).expect("letters");
    found(text(&full[..len_bytes]));
    if run.len() >= SHORTEST_INITIALS {
        found(text(&initials[..run.len()]));
    }
    true
}

/// Returns the number of syllables where a text is nothing but whole syllables (fewest where
/// there are several ways), else `None`.
pub fn is_pinyin(text: &str) -> Option<usize> {
    let mut fewest: Vec<Option<usize>> = vec![None; text.len() + 1];
    fewest[0] = Some(0);
    for end in 1..=text.len() {
        for len in 1..=end.min(LONGEST_SYLLABLE_BYTES) {
            if let Some(count) = fewest[end - len]
                && text
                    .get(end - len..end)
                    .is_some_and(|s| SYLLABLES.binary_search(&s).is_ok())
            {
                fewest[end] = Some(fewest[end].map_or(count + 1, |f| f.min(count + 1)));
            }
        }
    }
    fewest[text.len()]
}

/// `zhuang`.
const LONGEST_SYLLABLE_BYTES: usize = 6;

/// What was typed of a word: characters as they are, the rest by sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// This character.
    Char(char),
    /// Any characters that sound so.
    Sound(String),
}

impl Pattern {
    /// Calls `found` with each character that can stand at the beginning of the pattern, most
    /// frequent first for each syllable and at most `most` of them, and with what is left of the
    /// pattern's sound after it.
    pub fn beginnings<'p>(&'p self, most: usize, mut found: impl FnMut(char, &'p str)) {
        match self {
            Self::Char(c) => found(*c, ""),
            Self::Sound(text) => {
                for len in 1..=text.len().min(LONGEST_SYLLABLE_BYTES) {
                    let Some((syllable, rest)) = text.split_at_checked(len) else {
                        continue;
                    };
                    if let Ok(number) = SYLLABLES.binary_search(&syllable) {
                        CHARS[number].chars().take(most).for_each(|c| found(c, rest));
                    }
                    let second = SECOND_READINGS.iter().filter(|(_, r)| *r == syllable);
                    second.for_each(|(c, _)| found(*c, rest));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(run: &str, expected: &[&str]) {
        let mut found = Vec::new();
        sounds(&run.chars().collect::<Vec<_>>(), |s| found.push(s.to_owned()));
        assert_eq!(found, expected, "{run}");
    }

    #[test]
    fn runs_are_written_as_they_sound() {
        check("线程", &["xiancheng"]);
        check("三次握手", &["sanciwoshou", "scws"]);
        check("a线", &[]);
    }

    #[test]
    fn pinyin_is_told_from_english() {
        for (text, syllables) in [
            ("xiancheng", Some(2)),
            ("sanciwoshou", Some(4)),
            ("join", None),
            ("can", Some(1)),
            ("", Some(0)),
        ] {
            assert_eq!(is_pinyin(text), syllables, "{text}");
        }
    }
}
