//! Any bytes are a text or a reason.

use jian::corpus::decode;

/// Tries the laws of decoding.
pub fn check(bytes: &[u8]) {
    match decode(bytes.to_vec()) {
        Err(why) => assert!(!why.is_empty(), "a reason is given"),
        Ok(decoded) => {
            assert!(!decoded.encoding.is_empty());
            if let Ok(text) = std::str::from_utf8(bytes)
                && !text.contains('\0')
            {
                let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
                assert_eq!(decoded.text, bare, "UTF-8 is taken as it is");
            }
        }
    }
}
