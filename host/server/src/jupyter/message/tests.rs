//! Both forms, there and back, and what is none of them.

use serde_json::json;

use super::Message;

fn message() -> Message {
    let (id, date) = ("1", "2026-01-01T00:00:00Z");
    Message::new("iopub", "stream", "kernel", id, date, json!({ "msg_id": "0" }), json!({ "text": "ä" }))
}

#[test]
fn messages_come_out_as_they_went_in() {
    assert_eq!(Message::from_v1(&message().to_v1()).expect("v1"), message());
    assert_eq!(Message::from_text(&message().to_text()).expect("text"), message());
}

#[test]
fn a_message_without_a_channel_is_for_the_shell() {
    let message = Message::from_text(r#"{"header": {"msg_type": "execute_request"}}"#).expect("a message");
    assert_eq!((message.channel.as_str(), message.kind()), ("shell", "execute_request"));
}

#[test]
fn legacy_bytes_hold_text_and_buffers() {
    let text = message().to_text().into_bytes();
    let mut bytes = 2_u32.to_be_bytes().to_vec();
    bytes.extend(12_u32.to_be_bytes());
    bytes.extend((12 + text.len() as u32).to_be_bytes());
    bytes.extend(&text);
    bytes.extend([1, 2, 3]);
    assert_eq!(Message::from_legacy_bytes(&bytes).expect("a message"), message());
}

#[test]
fn what_does_not_add_up_is_an_error() {
    let whole = message().to_v1();
    for end in [0, 7, 8, 40, whole.len() - 1] {
        assert!(Message::from_v1(&whole[..end]).is_err(), "{end}");
    }
    for bytes in [&[][..], &[0; 4], &[255; 12], &[0, 0, 0, 1, 255, 255, 255, 255]] {
        assert!(Message::from_legacy_bytes(bytes).is_err(), "{bytes:?}");
        assert!(Message::from_v1(bytes).is_err(), "{bytes:?}");
    }
    let mut huge = u64::MAX.to_le_bytes().to_vec();
    huge.extend([255; 64]);
    assert!(Message::from_v1(&huge).is_err());
}
