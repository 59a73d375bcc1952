//! One guest's worker, spoken to: requests in order, replies in order, and a deadline on each.
//! Never waits longer than one submission may take without hearing from the worker.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, ChildStderr};
use tokio::sync::{mpsc, watch};

use crate::area::Area;
use crate::frame::{self, HEAD_BYTES, Payload};
use crate::protocol::{Addressed, Answer, Reply, Request};
use crate::usage::OpenDevice;
use crate::worker::{Worker, WorkerProgram};
use crate::{DeviceError, DeviceLimits, SpareContent};

/// Requests that may be under way. The guest writes down what comes next meanwhile; beyond this it waits.
const UNDER_WAY_MAX: u64 = 32;
/// So much of what a worker said last is told when it ends.
const LAST_WORDS_BYTES_MAX: usize = 2048;
/// A worker that ended is waited for this long, to tell how it ended.
const END_WAIT: Duration = Duration::from_secs(1);

/// What the reading task has seen so far.
#[derive(Clone)]
struct Progress {
    answered: u64,
    /// When the worker was heard of last.
    heard: Instant,
    /// The first reply that said that the device is gone.
    failed: Option<DeviceError>,
    ended: bool,
}

/// A worker that belongs to one guest.
pub(crate) struct Connection {
    child: Child,
    input: OwnedWriteHalf,
    area: Area,
    progress: watch::Receiver<Progress>,
    replies: mpsc::UnboundedReceiver<(Reply, Vec<u8>)>,
    last_words: tokio::task::JoinHandle<String>,
    limits: DeviceLimits,
    asked: u64,
    idle_since: Instant,
    gone: Option<DeviceError>,
}

impl Connection {
    pub(crate) fn open(program: &WorkerProgram, limits: DeviceLimits) -> Result<Self, DeviceError> {
        let Worker { child, input, output, errors, area } = program.start()?;
        let now = Instant::now();
        let (sender, progress) = watch::channel(Progress { answered: 0, heard: now, failed: None, ended: false });
        let (reply_sender, replies) = mpsc::unbounded_channel();
        let heard = Heard { progress: sender, replies: reply_sender, spare: program.spare.clone() };
        tokio::spawn(listen(output, program.usage.opened(limits), heard));
        let last_words = tokio::spawn(last_words(errors));
        Ok(Self { child, input, area, progress, replies, last_words, limits, asked: 0, idle_since: now, gone: None })
    }

    /// Hands a request over whose reply says nothing but that it is done.
    pub(crate) async fn post(&mut self, request: Addressed<&Request>, payload: &[u8]) -> Result<(), DeviceError> {
        let result = self.try_post(request, payload).await;
        self.remember(result).await
    }

    /// Hands a request over and waits for its reply.
    pub(crate) async fn ask(
        &mut self,
        request: Addressed<&Request>,
        payload: &[u8],
    ) -> Result<(Reply, Vec<u8>), DeviceError> {
        let result = self.try_ask(request, payload).await;
        self.remember(result).await
    }

    async fn try_post(&mut self, request: Addressed<&Request>, payload: &[u8]) -> Result<(), DeviceError> {
        self.until_under_way(UNDER_WAY_MAX - 1).await?;
        let in_area = self.put_in_area(payload).await?;
        let head = frame::head_and_message(&request, Payload { bytes: payload.len(), in_area });
        let head = head.map_err(|error| lost(&error))?;
        let payload = if in_area.is_some() { &[] } else { payload };
        if self.asked == self.progress.borrow().answered {
            self.idle_since = Instant::now();
        }
        self.asked += 1;
        let (mut progress, limits, idle_since) = (self.progress.clone(), self.limits, self.idle_since);
        let input = &mut self.input;
        let written = async move {
            input.write_all(&head).await?;
            input.write_all(payload).await
        };
        tokio::select! {
            written = written => written.map_err(|error| lost(&error)),
            error = overdue(&mut progress, limits, idle_since) => Err(error),
        }
    }

    async fn try_ask(&mut self, request: Addressed<&Request>, payload: &[u8]) -> Result<(Reply, Vec<u8>), DeviceError> {
        self.try_post(request, payload).await?;
        self.until_under_way(0).await?;
        match self.replies.try_recv() {
            Ok((Reply::Refused(error), _)) => Err(error),
            Ok(answer) => Ok(answer),
            Err(_) => Err(DeviceError::Lost("the worker gave no answer".to_owned())),
        }
    }

    /// Where the next request's payload begins in the memory that is shared with the worker, if that is its way.
    async fn put_in_area(&mut self, payload: &[u8]) -> Result<Option<u64>, DeviceError> {
        let Some(slot) = self.area.slot_for(payload.len()) else { return Ok(None) };
        self.until_under_way(self.asked - slot.free_after).await?;
        self.area.fill(slot, payload, self.asked + 1).map_err(|error| lost(&error))?;
        Ok(Some(slot.offset_bytes()))
    }

    /// Waits until at most so many requests are unanswered.
    async fn until_under_way(&mut self, most: u64) -> Result<(), DeviceError> {
        if let Some(error) = &self.gone {
            return Err(error.clone());
        }
        let asked = self.asked;
        let mut overdue_progress = self.progress.clone();
        let settled = self
            .progress
            .wait_for(|progress| progress.failed.is_some() || progress.ended || asked - progress.answered <= most);
        let settled = tokio::select! {
            settled = settled => settled.map(|progress| progress.clone()),
            error = overdue(&mut overdue_progress, self.limits, self.idle_since) => return Err(error),
        };
        match settled {
            Ok(Progress { failed: Some(error), .. }) => Err(error),
            Ok(Progress { ended: false, .. }) => Ok(()),
            Ok(_) | Err(_) => Err(DeviceError::Lost("the worker ended".to_owned())),
        }
    }

    /// After an error that the device does not survive, every call gets that error; and the worker is ended.
    async fn remember<T>(&mut self, result: Result<T, DeviceError>) -> Result<T, DeviceError> {
        let Err(error) = result else { return result };
        if error.leaves_device() {
            return Err(error);
        }
        if let Some(gone) = &self.gone {
            return Err(gone.clone());
        }
        let error = match error {
            DeviceError::Lost(reason) => DeviceError::Lost(self.how_it_ended(reason).await),
            other => other,
        };
        // It may be hung; nobody waits for it.
        self.child.start_kill().ok();
        self.gone = Some(error.clone());
        Err(error)
    }

    async fn how_it_ended(&mut self, reason: String) -> String {
        let Ok(Ok(status)) = tokio::time::timeout(END_WAIT, self.child.wait()).await else { return reason };
        let words = tokio::time::timeout(END_WAIT, &mut self.last_words).await;
        match words {
            Ok(Ok(words)) if !words.is_empty() => format!("the worker ended ({status}) and said: {words}"),
            _ => format!("the worker ended ({status})"),
        }
    }
}

/// Ends once the worker was not heard of for as long as one submission may take, while something was under way.
async fn overdue(progress: &mut watch::Receiver<Progress>, limits: DeviceLimits, idle_since: Instant) -> DeviceError {
    loop {
        let heard = progress.borrow_and_update().heard.max(idle_since);
        let deadline = tokio::time::Instant::from_std(heard + limits.submit());
        tokio::select! {
            changed = progress.changed() => if changed.is_err() {
                // The worker ended, which whoever is waiting sees for itself.
                std::future::pending::<()>().await;
            },
            () = tokio::time::sleep_until(deadline) => {
                return DeviceError::DeadlineExceeded { limit_millis: limits.submit_millis_max };
            }
        }
    }
}

/// Where what is heard of a worker goes.
struct Heard {
    progress: watch::Sender<Progress>,
    replies: mpsc::UnboundedSender<(Reply, Vec<u8>)>,
    /// What large contents are read into.
    spare: SpareContent,
}

/// Listens until the worker ends; until then its device is open.
async fn listen(mut output: OwnedReadHalf, mut device: OpenDevice, Heard { progress, replies, spare }: Heard) {
    let result = loop {
        match read_reply(&mut output, &spare).await {
            Ok((Answer { reply, taken_bytes }, payload)) => {
                device.taken(taken_bytes);
                let mut failed = None;
                match reply {
                    // Whoever posts takes no reply out.
                    Reply::Done => {}
                    Reply::Failed(error) => failed = Some(error),
                    answer => drop(replies.send((answer, payload))),
                }
                progress.send_modify(|progress| {
                    progress.answered += 1;
                    progress.heard = Instant::now();
                    progress.failed = progress.failed.take().or(failed);
                });
            }
            Err(error) => break error,
        }
    };
    // The other end of a worker that ended with something unread is reset.
    if !matches!(result.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) {
        tracing::warn!(error = %result, "a device worker cannot be understood");
    }
    progress.send_modify(|progress| progress.ended = true);
}

async fn read_reply(output: &mut OwnedReadHalf, spare: &SpareContent) -> io::Result<(Answer, Vec<u8>)> {
    let mut head = [0; HEAD_BYTES];
    output.read_exact(&mut head).await?;
    let head = frame::parse_head(head)?;
    let mut message = vec![0; head.message_bytes];
    output.read_exact(&mut message).await?;
    // Read like this, memory is not zeroed before it is filled.
    let mut payload = spare.room_for(head.payload.bytes);
    output.take(head.payload.bytes as u64).read_to_end(&mut payload).await?;
    if payload.len() < head.payload.bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((frame::parse_message(&message)?, payload))
}

/// The end of what the worker wrote for people.
async fn last_words(mut errors: ChildStderr) -> String {
    let (mut words, mut piece) = (Vec::new(), [0; 1024]);
    while let Ok(count @ 1..) = errors.read(&mut piece).await {
        words.extend_from_slice(&piece[..count]);
        let surplus = words.len().saturating_sub(LAST_WORDS_BYTES_MAX);
        words.drain(..surplus);
    }
    String::from_utf8_lossy(&words).trim().to_owned()
}

fn lost(error: &io::Error) -> DeviceError {
    DeviceError::Lost(error.to_string())
}
