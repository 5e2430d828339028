//! Numbers as they are written in SQL: one wording for all spellings of one value.

/// How many digits, and how great a power of ten, every reader takes for the same double.
const EXACT_DIGITS: usize = 15;
const EXACT_POWER: i32 = 22;

/// Words a number: no underscores, in decimal where SQLite reads the same from both, `1e0` as `1.0`.
pub(super) fn worded(text: &str) -> String {
    let plain = text.replace('_', "").to_ascii_lowercase();
    if let Some(digits) = plain.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).map_or(plain.clone(), |value| value.to_string());
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = plain.trim_start_matches('0');
        return if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    }
    match plain.parse::<f64>() {
        Ok(value) if is_exact(&plain) => format!("{value:?}"),
        _ => plain,
    }
}

/// Tells whether a number with a fraction or an exponent is so short that no reader rounds it otherwise than another.
fn is_exact(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (Ok(exponent), Ok(places)) = (exponent.parse::<i32>(), i32::try_from(fraction.len())) else { return false };
    let digits = format!("{whole}{fraction}");
    let power = exponent.checked_sub(places).is_some_and(|power| power.abs() <= EXACT_POWER);
    power && digits.trim_start_matches('0').len() <= EXACT_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_get_one_wording() {
        for (wording, spellings) in [
            ("1.0", &["1e0", "1.0", "1.", "1.00", "10E-1", "0.1e1", "0_1.0"][..]),
            ("0.5", &[".5", "0.50", "5e-1"]),
            ("16", &["16", "0x10", "1_6", "016"]),
            ("0.0", &["0e0", "0.0", ".0"]),
            ("1e20", &["1e20", "1E+20", "10.0e19"]),
        ] {
            for spelling in spellings {
                assert_eq!(worded(spelling), wording, "{spelling}");
            }
        }
    }

    #[test]
    fn what_may_be_another_number_stays_as_it_is() {
        assert_eq!(worded("1"), "1", "an integer is no double");
        for long in ["0.1000000000000000055", "1e300", "1e999", "0xffffffffffffffff"] {
            assert_eq!(worded(long), long);
        }
    }
}
