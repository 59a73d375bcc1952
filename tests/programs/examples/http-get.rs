//! Sends one GET request.
//! Never follows a redirect.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:http-get;

        world program {
            export run: func(authority: string, path: string, tls: bool) -> result<answer, string>;
            record answer { status: u16, length-bytes: u64, body: string }
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:http-get/program",
    generate_all,
});

struct Program;

use wasip2::http::outgoing_handler;
use wasip2::http::types::{Fields, OutgoingRequest, Scheme};
use wasip2::io::streams::StreamError;

/// Only the beginning of the body is given back.
const BODY_BYTES_KEPT: usize = 200;

impl Guest for Program {
    fn run(authority: String, path: String, tls: bool) -> Result<Answer, String> {
        let request = OutgoingRequest::new(Fields::new());
        let scheme = if tls { Scheme::Https } else { Scheme::Http };
        request.set_scheme(Some(&scheme)).map_err(|()| "bad scheme".to_owned())?;
        request.set_authority(Some(&authority)).map_err(|()| "bad authority".to_owned())?;
        request.set_path_with_query(Some(&path)).map_err(|()| "bad path".to_owned())?;
        let future = outgoing_handler::handle(request, None).map_err(|code| format!("{code:?}"))?;
        future.subscribe().block();
        let response = future.get().ok_or("no answer")?.map_err(|()| "taken twice".to_owned())?;
        let response = response.map_err(|code| format!("{code:?}"))?;
        let status = response.status();
        let body = response.consume().map_err(|()| "no body".to_owned())?;
        let stream = body.stream().map_err(|()| "no stream".to_owned())?;
        let (mut length_bytes, mut kept) = (0, Vec::new());
        loop {
            match stream.blocking_read(64 << 10) {
                Ok(piece) => {
                    length_bytes += piece.len() as u64;
                    kept.extend_from_slice(&piece[..piece.len().min(BODY_BYTES_KEPT - kept.len())]);
                }
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
            }
        }
        Ok(Answer { status, length_bytes, body: String::from_utf8_lossy(&kept).into_owned() })
    }
}

export!(Program);
