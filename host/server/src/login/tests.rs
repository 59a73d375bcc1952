//! Logins end with their time, and nobody gets one by guessing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::Ipv4Addr;

use axum::http::HeaderName;

use super::*;

const TOKEN: &str = "0123456789abcdef";
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const BEGAN: Millis = 1_000_000;

fn tokens() -> Tokens {
    Tokens::parse(&format!("ada {TOKEN}\n")).unwrap().with_login_life(Duration::from_secs(60))
}

fn holding(id: &str) -> HeaderMap {
    HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {COOKIE_NAME}={id}")).unwrap())])
}

#[test]
fn a_login_holds_for_its_time_and_no_longer() {
    let logins = Logins::default();
    let (id, login) = logins.sign_in(&tokens(), TOKEN, ADDRESS, BEGAN).unwrap();
    assert_eq!(login.expires_at_millis, BEGAN + 60_000);
    assert!(!id.contains(TOKEN));
    assert!(logins.find(&holding(&id), BEGAN + 59_999).is_some());
    assert!(logins.find(&holding(TOKEN), BEGAN).is_none());
    assert!(logins.find(&holding(&id), BEGAN + 60_000).is_none());
    // Using it does not make it longer, and once over it does not come back.
    assert!(logins.find(&holding(&id), BEGAN).is_none());
}

#[test]
fn who_signs_out_is_out_and_their_streams_end() {
    let logins = Logins::default();
    let (id, login) = logins.sign_in(&tokens(), TOKEN, ADDRESS, BEGAN).unwrap();
    logins.sign_out(&holding(&id));
    assert!(login.signed_out.is_cancelled());
    assert!(logins.find(&holding(&id), BEGAN).is_none());
}

#[test]
fn ten_wrong_tokens_make_an_address_wait_and_no_other() {
    let (logins, other) = (Logins::default(), IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    let code = |token, address, now| logins.sign_in(&tokens(), token, address, now).err().map(|failure| failure.code);
    for tried in 0..10 {
        assert_eq!(code("wrong", ADDRESS, BEGAN + tried), Some(Code::Unauthenticated));
    }
    assert_eq!(code(TOKEN, ADDRESS, BEGAN + 10), Some(Code::TooManyTries));
    assert_eq!(code(TOKEN, other, BEGAN + 10), None);
    assert_eq!(code(TOKEN, ADDRESS, BEGAN + 59_999), Some(Code::TooManyTries));
    assert_eq!(code(TOKEN, ADDRESS, BEGAN + 60_000), None);
}

#[test]
fn the_oldest_login_of_a_user_makes_room() {
    let logins = Logins::default();
    let sign_in = |number: u64| logins.sign_in(&tokens(), TOKEN, ADDRESS, BEGAN + number).unwrap();
    let all: Vec<_> = (0..=LOGINS_PER_USER_MAX as u64).map(sign_in).collect();
    let holds = |place: usize| logins.find(&holding(&all[place].0), BEGAN + 100).is_some();
    assert!(!holds(0) && all[0].1.signed_out.is_cancelled());
    assert!(holds(1) && holds(LOGINS_PER_USER_MAX));
}

#[test]
fn a_cookie_is_kept_from_scripts_and_other_sites_and_behind_tls_from_plain_connections() {
    let plain = cookie("id", 5_000, &HeaderMap::new()).unwrap();
    assert_eq!(plain, "sandmill-login=id; Path=/; Max-Age=5; HttpOnly; SameSite=Strict");
    for (name, value) in [(FORWARDED_PROTO, "https"), ("forwarded", "for=192.0.2.7;proto=https;by=x")] {
        let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
        assert!(cookie("id", 5_000, &headers).unwrap().to_str().unwrap().ends_with("; Secure"), "{value}");
    }
}
