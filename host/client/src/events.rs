//! A run's events, or a training job's, with connections made again where they break.
//! Never repeats an event of history or log, and never leaves one out.

use std::collections::VecDeque;
use std::time::Duration;

use host_api::event::{EVENT_NAMES, StreamEvent};
use reqwest::Response;

use crate::sse::Parser;
use crate::{Client, ClientError};

/// The server says something at least every 15 seconds; a longer silence means a dead connection.
const SILENCE_SECONDS_MAX: u64 = 60;
/// Connections tried in a row without an event in between.
const CONNECTIONS_MAX: u32 = 8;
/// Wait before the second of these connections; it doubles each time.
const RECONNECT_MILLIS_FIRST: u64 = 100;
/// Longest of these waits.
const RECONNECT_MILLIS_MAX: u64 = 3_000;

/// The events of one run, or of one training job.
#[derive(Debug)]
pub struct RunEvents {
    client: Client,
    /// `runs` or `train-jobs`.
    kind: &'static str,
    run: String,
    with_logs: bool,
    /// The last `id` that the server gave out.
    position: Option<String>,
    connection: Option<Connection>,
    ready: VecDeque<StreamEvent>,
    /// Whether the last event of history was the run's end.
    ended: bool,
    /// Connections that brought nothing, in a row.
    fruitless: u32,
}

#[derive(Debug)]
struct Connection {
    response: Response,
    parser: Parser,
}

impl RunEvents {
    pub(crate) fn new(client: Client, kind: &'static str, run: &str, with_logs: bool) -> Self {
        Self {
            client,
            kind,
            run: run.to_owned(),
            with_logs,
            position: None,
            connection: None,
            ready: VecDeque::new(),
            ended: false,
            fruitless: 0,
        }
    }

    /// The next event; none once the run has ended and everything is said. May be dropped half way.
    ///
    /// # Errors
    /// The server refuses, or cannot be reached any more after several attempts.
    pub async fn next(&mut self) -> Result<Option<StreamEvent>, ClientError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.ended = event.has_ended().unwrap_or(self.ended);
                return Ok(Some(event));
            }
            if self.connection.is_none() && !self.connect().await? {
                return Ok(None);
            }
            match self.receive().await {
                Ok(true) => {}
                Ok(false) if self.ended => return Ok(None),
                // The server stopped, or the connection broke: what is missing is read from the next one.
                Ok(false) => self.connection = None,
                Err(error) if self.fruitless >= CONNECTIONS_MAX => return Err(error),
                Err(_) => self.connection = None,
            }
        }
    }

    /// Makes a connection. False: the run has ended and nothing is behind the position.
    async fn connect(&mut self) -> Result<bool, ClientError> {
        loop {
            if self.fruitless > 0 {
                let wait = RECONNECT_MILLIS_FIRST << (self.fruitless - 1).min(16);
                tokio::time::sleep(Duration::from_millis(wait.min(RECONNECT_MILLIS_MAX))).await;
            }
            self.fruitless += 1;
            match self.client.open_events(&[self.kind, &self.run], self.with_logs, self.position.as_deref()).await {
                Ok(Some(response)) => {
                    self.connection = Some(Connection { response, parser: Parser::default() });
                    return Ok(true);
                }
                Ok(None) => return Ok(false),
                // A server that was never reached is not waited for: it is most likely not there at all.
                Err(error)
                    if !error.is_unreachable() || self.position.is_none() || self.fruitless >= CONNECTIONS_MAX =>
                {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
    }

    /// Receives some bytes. False: the connection is at its end.
    async fn receive(&mut self) -> Result<bool, ClientError> {
        let Some(connection) = &mut self.connection else { return Ok(false) };
        let address = self.client.address();
        let piece = tokio::time::timeout(Duration::from_secs(SILENCE_SECONDS_MAX), connection.response.chunk()).await;
        let piece = match piece {
            Ok(piece) => piece.map_err(|error| ClientError::of_request(address, error))?,
            Err(_) => return Ok(false),
        };
        let Some(piece) = piece else { return Ok(false) };
        let protocol = |reason: String| ClientError::Protocol { server: address.clone(), reason };
        connection.parser.feed(&piece).map_err(|error| protocol(error.to_string()))?;
        while let Some(message) = connection.parser.next() {
            self.fruitless = 0;
            self.position = message.id.or(self.position.take());
            // A kind of event that this version does not know is none of its business.
            if !EVENT_NAMES.contains(&message.event.as_str()) {
                continue;
            }
            let event = serde_json::from_str(&message.data);
            self.ready.push_back(event.map_err(|error| protocol(format!("an event is malformed: {error}")))?);
        }
        Ok(true)
    }
}
