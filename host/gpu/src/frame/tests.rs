//! Frames survive the way, and what is no frame is an error.

use std::io::ErrorKind;

use crate::frame::{self, HEAD_BYTES, MESSAGE_BYTES_MAX, PAYLOAD_BYTES_MAX};
use crate::protocol::{Element, Request, Tensor};

fn request() -> Request {
    let tensor = Tensor { id: 7, element: Element::F32, shape: vec![2, 3] };
    Request::Write { tensor, offset_bytes: 24 }
}

#[test]
fn frames_come_out_as_they_went_in() {
    let mut pipe = Vec::new();
    frame::write(&mut pipe, &request(), b"abc").expect("written");
    frame::write(&mut pipe, &Request::Run, &[]).expect("written");
    let mut input = pipe.as_slice();
    assert_eq!(frame::read(&mut input).expect("a frame"), Some((request(), b"abc".to_vec())));
    assert_eq!(frame::read(&mut input).expect("a frame"), Some((Request::Run, Vec::new())));
    assert_eq!(frame::read::<Request>(&mut input).expect("the end"), None);
}

#[test]
fn an_end_within_a_frame_is_an_error() {
    let mut pipe = Vec::new();
    frame::write(&mut pipe, &request(), b"abc").expect("written");
    for end in [HEAD_BYTES, pipe.len() - 1] {
        let error = frame::read::<Request>(&mut &pipe[..end]).expect_err("cut short");
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn lengths_beyond_their_limits_are_not_believed() {
    for (message, payload) in [(MESSAGE_BYTES_MAX as u32 + 1, 0), (0, PAYLOAD_BYTES_MAX + 1)] {
        let mut head = message.to_le_bytes().to_vec();
        head.extend_from_slice(&payload.to_le_bytes());
        let error = frame::read::<Request>(&mut head.as_slice()).expect_err("too long");
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}

#[test]
fn what_is_no_message_is_an_error() {
    let mut pipe = 1_u32.to_le_bytes().to_vec();
    pipe.extend_from_slice(&0_u64.to_le_bytes());
    pipe.push(0xff);
    let error = frame::read::<Request>(&mut pipe.as_slice()).expect_err("no message");
    assert_eq!(error.kind(), ErrorKind::InvalidData);
}
