//! Days around leap years.

use super::Calendar;

#[test]
fn moments_are_written_in_utc() {
    for (seconds, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_800, "2000-03-01T00:00:00Z"),
        (1_767_323_045, "2026-01-02T03:04:05Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ] {
        assert_eq!(Calendar::of(seconds * 1000 + 999).rfc3339(), text);
    }
}

#[test]
fn days_follow_each_other_without_a_gap() {
    const DAY_MILLIS: u64 = 86_400_000;
    // Four hundred years are a whole round of the calendar.
    for day in 0..146_097 {
        let (before, after) = (Calendar::of(day * DAY_MILLIS), Calendar::of((day + 1) * DAY_MILLIS));
        let next_day = (before.year, before.month, before.day + 1) == (after.year, after.month, after.day);
        let next_month = (before.year, before.month + 1, 1) == (after.year, after.month, after.day);
        let next_year = (before.year + 1, 1, 1) == (after.year, after.month, after.day) && before.month == 12;
        assert!(next_day || (before.day >= 28 && (next_month || next_year)), "{before:?} {after:?}");
    }
}
