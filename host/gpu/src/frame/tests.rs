//! Frames survive the way, and what is no frame is an error.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

use crate::frame::{self, HEAD_BYTES, MESSAGE_BYTES_MAX, PAYLOAD_BYTES_MAX, Payload};
use crate::protocol::{Element, Request, Tensor};

fn request() -> Request {
    let tensor = Tensor { id: 7, element: Element::F32, shape: vec![2, 3] };
    Request::Write { tensor, offset_bytes: 24 }
}

/// The next frame, all of whose payload follows its message.
fn read(input: &mut &[u8]) -> io::Result<Option<(Request, Vec<u8>)>> {
    let Some((message, payload)) = frame::read_message(input)? else { return Ok(None) };
    let mut content = Vec::new();
    payload.read(input, &File::open("/dev/null")?, &mut content)?;
    Ok(Some((message, content)))
}

#[test]
fn frames_come_out_as_they_went_in() {
    let mut pipe = Vec::new();
    frame::write(&mut pipe, &request(), b"abc").expect("written");
    frame::write(&mut pipe, &Request::Run, &[]).expect("written");
    let mut input = pipe.as_slice();
    assert_eq!(read(&mut input).expect("a frame"), Some((request(), b"abc".to_vec())));
    assert_eq!(read(&mut input).expect("a frame"), Some((Request::Run, Vec::new())));
    assert_eq!(read(&mut input).expect("the end"), None);
}

#[test]
fn an_end_within_a_frame_is_an_error() {
    let mut pipe = Vec::new();
    frame::write(&mut pipe, &request(), b"abc").expect("written");
    for end in [HEAD_BYTES, pipe.len() - 1] {
        let error = read(&mut &pipe[..end]).expect_err("cut short");
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn lengths_beyond_their_limits_are_not_believed() {
    for (message, payload) in [(MESSAGE_BYTES_MAX as u32 + 1, 0), (0, PAYLOAD_BYTES_MAX + 1)] {
        let mut head = message.to_le_bytes().to_vec();
        head.extend_from_slice(&payload.to_le_bytes());
        head.extend_from_slice(&u64::MAX.to_le_bytes());
        let error = read(&mut head.as_slice()).expect_err("too long");
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}

#[test]
fn what_is_no_message_is_an_error() {
    let mut pipe = 1_u32.to_le_bytes().to_vec();
    pipe.extend_from_slice(&0_u64.to_le_bytes());
    pipe.extend_from_slice(&u64::MAX.to_le_bytes());
    pipe.push(0xff);
    let error = read(&mut pipe.as_slice()).expect_err("no message");
    assert_eq!(error.kind(), ErrorKind::InvalidData);
}

#[test]
fn a_payload_in_shared_memory_is_read_from_there_and_nothing_else_is_passed_over() {
    let area = tempfile::tempfile().expect("a file");
    area.write_all_at(b"....content", 0).expect("written");
    let payload = Payload { bytes: 7, in_area: Some(4) };
    let mut pipe = frame::head_and_message(&request(), payload).expect("a frame");
    frame::write(&mut pipe, &Request::Run, b"abc").expect("written");
    let mut input = pipe.as_slice();
    let (_, payload) = frame::read_message::<Request>(&mut input).expect("a frame").expect("not the end");
    let mut content = b"the ".to_vec();
    payload.read(&mut input, &area, &mut content).expect("it is there");
    assert_eq!(content, b"the content");
    assert_eq!(read(&mut input).expect("a frame"), Some((Request::Run, b"abc".to_vec())));
    let beyond = Payload { bytes: 8, in_area: Some(4) };
    let error = beyond.read(&mut input, &area, &mut content).expect_err("the memory ends there");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}
