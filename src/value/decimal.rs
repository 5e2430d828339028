//! A decimal number exactly as its text says it, with no float in between.

// Source: PostgreSQL manual, "Numeric Types": up to 131072 digits before the decimal point, up to 16383 after it.
const WHOLE_DIGITS: i64 = 131_072;
const FRACTION_DIGITS: i64 = 16_383;
/// An exponent from here on is refused whatever the digits are, as `numeric_in` does: `0e1073741823` too.
const EXPONENT_END: i64 = (i32::MAX / 2) as i64;

/// A decimal number: (−1)^negative × digits × 10^exponent, shown with `scale` digits after the point.
///
/// Zeros at either end are never stored, so `1e131071` costs one digit, and equal numbers differ at most in `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'r> {
    /// Whether it is below zero; zero itself is never negative.
    pub negative: bool,
    /// ASCII digits, neither beginning nor ending in a zero; empty for zero.
    pub digits: &'r [u8],
    /// The power of ten of the last digit; 0 for zero, and never below −`scale`.
    pub exponent: i32,
    /// How many digits are shown after the point.
    pub scale: u32,
}

impl<'r> Decimal<'r> {
    /// Reads `[+-]digits[.digits][e[+-]digits]`, also `.5` and `5.`, into `scratch`, with the scale `numeric` would give it.
    ///
    /// `None` when it is anything else, or has more digits than `numeric` holds.
    pub fn parse(text: &str, scratch: &'r mut Vec<u8>) -> Option<Self> {
        let (negative, unsigned) = split_sign(text.as_bytes());
        let (mantissa, power) = split_power(unsigned)?;
        let (whole, fraction) = split_at_byte(mantissa, |byte| byte == b'.');
        let fraction = fraction.unwrap_or_default();
        if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let last_place = power - fraction.len() as i64;
        let scale = (-last_place).max(0);
        let (digits, trailing_zeros) = significant(whole, fraction, scratch);
        let exponent = if digits.is_empty() { 0 } else { last_place + trailing_zeros };
        if scale > FRACTION_DIGITS || digits.len() as i64 + exponent > WHOLE_DIGITS {
            return None;
        }
        Some(Self {
            negative: negative && !digits.is_empty(),
            digits,
            exponent: i32::try_from(exponent).ok()?,
            scale: u32::try_from(scale).ok()?,
        })
    }

    /// The same value as a `numeric(precision, scale)`, where a negative scale counts places before the point.
    ///
    /// `None` when digits other than zero would be lost, or too many remain before the point.
    pub fn fit(self, precision: u16, scale: i16) -> Option<Self> {
        let lossless = self.exponent >= -i32::from(scale);
        let fits = self.whole_digits() <= i32::from(precision) - i32::from(scale);
        let scaled = Self { scale: u32::from(scale.max(0).unsigned_abs()), ..self };
        (self.digits.is_empty() || lossless && fits).then_some(scaled)
    }

    /// Counts it in steps of 10^−`places`: the last whole step at or below it, and whether it lies after that step.
    ///
    /// `None` when the steps are more than 64 bits hold.
    pub fn steps(&self, places: i32) -> Option<(i64, bool)> {
        let power = self.exponent + places;
        let kept = usize::try_from(self.digits.len() as i32 + power.min(0)).unwrap_or(0);
        // No number of 64 bits has more than 19 digits.
        let zeros = u32::try_from(power.max(0)).ok().filter(|zeros| kept as u64 + u64::from(*zeros) <= 19)?;
        let digits = self.digits[..kept].iter().fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        let (size, cut) = (digits * 10_i128.pow(zeros), power < 0 && !self.digits.is_empty());
        let whole = if self.negative { -size - i128::from(cut) } else { size };
        i64::try_from(whole).ok().map(|whole| (whole, cut))
    }

    /// Appends plain decimal text as PostgreSQL prints a `numeric`: `0.50`, `-12`, never an exponent.
    pub fn write_text(&self, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        let point = usize::try_from(self.whole_digits()).unwrap_or(0);
        let (whole, fraction) = self.digits.split_at(point.min(self.digits.len()));
        out.extend_from_slice(if point == 0 { b"0" } else { whole });
        pad(point - whole.len(), out);
        if self.scale > 0 {
            out.push(b'.');
            let fraction_end = out.len() + self.scale as usize;
            pad(usize::try_from(-self.whole_digits()).unwrap_or(0).min(self.scale as usize), out);
            out.extend_from_slice(fraction);
            pad(fraction_end.saturating_sub(out.len()), out);
        }
    }

    /// How many digits stand before the point; negative when zeros follow the point first.
    fn whole_digits(&self) -> i32 {
        // At most the limit of 131072 and at least -16382, by `parse`.
        self.digits.len() as i32 + self.exponent
    }
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// Parts digits from the power of ten after `e`; a power too long for an integer stops growing, far beyond the limit.
fn split_power(text: &[u8]) -> Option<(&[u8], i64)> {
    let (mantissa, power) = split_at_byte(text, |byte| matches!(byte, b'e' | b'E'));
    let Some(power) = power else {
        return Some((mantissa, 0));
    };
    let (negative, digits) = split_sign(power);
    if digits.is_empty() || !is_digits(digits) {
        return None;
    }
    let size = digits.iter().fold(0, |size, digit| EXPONENT_END.min(size * 10 + i64::from(digit - b'0')));
    (size < EXPONENT_END).then_some((mantissa, if negative { -size } else { size }))
}

/// What is before and after the first such byte; no second part when there is none.
fn split_at_byte(text: &[u8], is_split: impl Fn(u8) -> bool) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| is_split(byte)) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn is_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

/// The digits without zeros at either end, and how many zeros were cut off behind.
fn significant<'r>(whole: &[u8], fraction: &[u8], scratch: &'r mut Vec<u8>) -> (&'r [u8], i64) {
    scratch.clear();
    scratch.extend_from_slice(whole);
    scratch.extend_from_slice(fraction);
    let first = scratch.iter().position(|&digit| digit != b'0').unwrap_or(scratch.len());
    let end = scratch.iter().rposition(|&digit| digit != b'0').map_or(first, |last| last + 1);
    (&scratch[first..end], (scratch.len() - end) as i64)
}

fn pad(zeros: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + zeros, b'0');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(text: &str) -> Option<String> {
        let mut scratch = Vec::new();
        let mut out = Vec::new();
        Decimal::parse(text, &mut scratch)?.write_text(&mut out);
        Some(String::from_utf8(out).unwrap())
    }

    fn fitted(text: &str, precision: u16, scale: i16) -> Option<String> {
        let mut scratch = Vec::new();
        let mut out = Vec::new();
        Decimal::parse(text, &mut scratch)?.fit(precision, scale)?.write_text(&mut out);
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn text_prints_as_numeric_prints_it() {
        let pairs = [
            ("1.50", "1.50"),
            ("007", "7"),
            ("+5.", "5"),
            (".5", "0.5"),
            ("-0.050", "-0.050"),
            ("100", "100"),
            ("0.001", "0.001"),
            ("12345678901234567890", "12345678901234567890"),
        ];
        for (text, expected) in pairs {
            assert_eq!(printed(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_exponent_moves_the_point_and_the_scale() {
        let pairs = [
            ("1.5e1", "15"),
            ("1.50e1", "15.0"),
            ("1e3", "1000"),
            ("1e-3", "0.001"),
            ("100e-2", "1.00"),
            ("1E+2", "100"),
            ("0e5", "0"),
            ("0e-3", "0.000"),
            ("0.00e1", "0.0"),
            ("1e0000000000000002", "100"),
        ];
        for (text, expected) in pairs {
            assert_eq!(printed(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn minus_zero_is_zero_and_keeps_its_scale() {
        assert_eq!(printed("-0").as_deref(), Some("0"));
        assert_eq!(printed("-0.00").as_deref(), Some("0.00"));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        let broken = [
            "", "+", "-", ".", "-.", "e5", ".e5", "1e", "1e+", "1e1.5", "1.2.3", " 1", "1 ", "--1", "0x10", "1_000",
            "NaN", "Infinity", "١",
        ];
        for text in broken {
            assert_eq!(printed(text), None, "{text}");
        }
    }

    #[test]
    fn the_limits_of_numeric_are_kept_to_the_digit() {
        assert_eq!(printed("1e131071").map(|text| text.len()), Some(131_072));
        assert_eq!(printed("1e131072"), None);
        assert_eq!(printed("1e-16383").map(|text| text.len()), Some(16_385));
        assert_eq!(printed("1e-16384"), None);
        assert_eq!(printed("0e-16384"), None);
        assert_eq!(printed("0e1073741822").as_deref(), Some("0"));
        assert_eq!(printed("0e1073741823"), None);
    }

    #[test]
    fn a_hostile_exponent_costs_nothing() {
        let mut scratch = Vec::new();
        assert_eq!(Decimal::parse("1e999999999999999999999999", &mut scratch), None);
        assert_eq!(Decimal::parse("1e-999999999999999999999999", &mut scratch), None);
        assert!(Decimal::parse("1e131071", &mut scratch).is_some_and(|decimal| decimal.digits == b"1"));
        assert!(scratch.capacity() < 64);
    }

    #[test]
    fn fitting_pads_and_cuts_zeros_only() {
        assert_eq!(fitted("1.5", 5, 2).as_deref(), Some("1.50"));
        assert_eq!(fitted("1.500", 5, 1).as_deref(), Some("1.5"));
        assert_eq!(fitted("1.55", 5, 1), None);
        assert_eq!(fitted("999.99", 5, 2).as_deref(), Some("999.99"));
        assert_eq!(fitted("1000", 5, 2), None);
        assert_eq!(fitted("0.000", 1, 1).as_deref(), Some("0.0"));
    }

    #[test]
    fn a_scale_outside_the_precision_fits_as_postgresql_15_has_it() {
        assert_eq!(fitted("12300", 3, -2).as_deref(), Some("12300"));
        assert_eq!(fitted("12350", 3, -2), None);
        assert_eq!(fitted("100000", 3, -2), None);
        assert_eq!(fitted("0", 3, -2).as_deref(), Some("0"));
        assert_eq!(fitted("0.00123", 3, 5).as_deref(), Some("0.00123"));
        assert_eq!(fitted("0.01", 3, 5), None);
    }

    #[test]
    fn steps_are_counted_towards_minus_infinity_within_64_bits() {
        let steps = |text: &str, places| Decimal::parse(text, &mut Vec::new())?.steps(places);
        assert_eq!(steps("1.5", 1), Some((15, false)));
        assert_eq!(steps("1.5", 0), Some((1, true)));
        assert_eq!(steps("-1.5", 0), Some((-2, true)));
        assert_eq!(steps("-0.001", 0), Some((-1, true)));
        assert_eq!(steps("0.00", -3), Some((0, false)));
        assert_eq!(steps("2e3", -3), Some((2, false)));
        assert_eq!(steps("0.99999999999999999999", 0), Some((0, true)));
        assert_eq!(steps("9223372036854775807.0", 0), Some((i64::MAX, false)));
        assert_eq!(steps("-9223372036854775808", 0), Some((i64::MIN, false)));
        assert_eq!(steps("9223372036854775808", 0), None);
        assert_eq!(steps("1e131071", 0), None);
    }

    proptest! {
        #[test]
        fn plain_text_comes_back_as_it_was(whole in "0|[1-9][0-9]{0,30}", fraction in "(\\.[0-9]{1,30})?") {
            let text = format!("{whole}{fraction}");
            prop_assert_eq!(printed(&text), Some(text));
        }
    }
}
