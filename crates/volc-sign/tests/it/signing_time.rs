//! X-Date at the edges of the calendar.

use volc_sign::{SigningTime, SigningTimeError};

const LAST: u64 = 253_402_300_799;

#[test]
fn writes_and_reads_known_instants() {
    let known = [
        (0, "19700101T000000Z"),
        (951_782_400, "20000229T000000Z"),
        (951_868_799, "20000229T235959Z"),
        (951_868_800, "20000301T000000Z"),
        (1_709_208_000, "20240229T120000Z"),
        (1_731_982_530, "20241119T021530Z"),
        (1_735_689_599, "20241231T235959Z"),
        (1_735_689_600, "20250101T000000Z"),
        (4_107_455_999, "21000227T235959Z"),
        (4_107_542_399, "21000228T235959Z"),
        (4_107_542_400, "21000301T000000Z"),
        (LAST, "99991231T235959Z"),
    ];
    for (seconds, text) in known {
        let time = SigningTime::from_unix(seconds).unwrap();
        assert_eq!(time.to_string(), text);
        assert_eq!(text.parse(), Ok(time));
    }
}

#[test]
fn refuses_times_it_cannot_write() {
    assert_eq!(SigningTime::from_unix(LAST + 1), Err(SigningTimeError::OutOfRange));
    assert_eq!("19691231T235959Z".parse::<SigningTime>(), Err(SigningTimeError::OutOfRange));
    assert_eq!("00000101T000000Z".parse::<SigningTime>(), Err(SigningTimeError::OutOfRange));
    let malformed = [
        "",
        "20241119T021530",
        "20241119T021530z",
        "20241119 021530Z",
        "2024-11-19T02:15:30Z",
        "20241119T021530+0800",
        "20230229T000000Z",
        "21000229T000000Z",
        "20240230T000000Z",
        "20241301T000000Z",
        "20240001T000000Z",
        "20240100T000000Z",
        "20240431T000000Z",
        "20241119T240000Z",
        "20241119T026030Z",
        "20241119T021560Z",
        "+0241119T021530Z",
        "２0241119T0215Z",
    ];
    for text in malformed {
        assert_eq!(text.parse::<SigningTime>(), Err(SigningTimeError::Malformed), "{text}");
    }
}

#[test]
fn every_day_of_four_centuries_comes_back() {
    for day in 0..146_097 {
        let time = SigningTime::from_unix(day * 86_400 + 43_200).unwrap();
        assert_eq!(time.to_string().parse(), Ok(time));
    }
}
