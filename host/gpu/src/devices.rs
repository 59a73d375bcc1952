//! What one guest was granted, and the process in which all of its devices are.
//! Never more than was granted for all of them together: the process counts for all of its devices in one account.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::connection::Connection;
use crate::protocol::{Addressed, Opening, Reply, Request};
use crate::{DeviceError, DeviceLimits, SpareContent, WorkerProgram};

/// Devices and models that one guest may have open at once.
const OPEN_MAX: usize = 8;

/// The devices of one guest. By default it was granted nothing, and then nothing can be opened.
#[derive(Default)]
pub struct GuestDevices {
    granted: Option<(WorkerProgram, DeviceLimits)>,
    /// The process, as long as a device is open.
    process: Weak<Process>,
    /// As many references to it as devices are open, and this one.
    places: Arc<()>,
}

/// A worker that belongs to one guest.
struct Process {
    connection: tokio::sync::Mutex<Connection>,
    /// Names for devices.
    next: AtomicU32,
    /// Whether something has ended it.
    is_over: AtomicBool,
    /// Devices that nobody has any more, of which the worker was not told yet.
    left: Mutex<Vec<u32>>,
}

/// The way to one device. Clones lead to the same; the device is gone with the last of them.
#[derive(Clone)]
pub(crate) struct DeviceChannel(Arc<Channel>);

struct Channel {
    process: Arc<Process>,
    device: u32,
    opening: Opening,
    spare: SpareContent,
    _place: Arc<()>,
}

impl GuestDevices {
    /// Devices of workers of this program, which may use so much together.
    #[must_use]
    pub fn granted(worker: WorkerProgram, limits: DeviceLimits) -> Self {
        Self { granted: Some((worker, limits)), ..Self::default() }
    }

    /// Whether there is anything that could be opened.
    #[must_use]
    pub const fn are_granted(&self) -> bool {
        self.granted.is_some()
    }

    /// The way to a device that is about to be opened; starts the process if there is none.
    pub(crate) fn channel(&mut self) -> Result<DeviceChannel, DeviceError> {
        let Some((worker, limits)) = &self.granted else {
            return Err(DeviceError::Unsupported("the step was granted no device".to_owned()));
        };
        if Arc::strong_count(&self.places) > OPEN_MAX {
            let message = format!("a step has at most {OPEN_MAX} devices and models open at once");
            return Err(DeviceError::InvalidArgument(message));
        }
        let process = match self.process.upgrade().filter(|process| !process.is_over.load(Ordering::Relaxed)) {
            Some(process) => process,
            None => Arc::new(Process {
                connection: tokio::sync::Mutex::new(Connection::open(worker, *limits)?),
                next: AtomicU32::default(),
                is_over: AtomicBool::default(),
                left: Mutex::default(),
            }),
        };
        self.process = Arc::downgrade(&process);
        let device = process.next.fetch_add(1, Ordering::Relaxed);
        let opening = Opening { backend: worker.backend, limits: *limits };
        let (spare, place) = (worker.spare.clone(), self.places.clone());
        Ok(DeviceChannel(Arc::new(Channel { process, device, opening, spare, _place: place })))
    }
}

impl DeviceChannel {
    /// What the device is opened with.
    pub(crate) fn opening(&self) -> Opening {
        self.0.opening
    }

    /// What large contents are read into.
    pub(crate) fn spare(&self) -> &SpareContent {
        &self.0.spare
    }

    /// Whether both lead to one device.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Hands a request over whose reply says nothing but that it is done.
    pub(crate) async fn post(&self, request: &Request, payload: &[u8]) -> Result<(), DeviceError> {
        let posted = async { self.0.process.cleared().await?.post(self.addressed(request), payload).await };
        self.watched(posted.await)
    }

    /// Hands a request over and waits for its reply.
    pub(crate) async fn ask(&self, request: &Request, payload: &[u8]) -> Result<(Reply, Vec<u8>), DeviceError> {
        let asked = async { self.0.process.cleared().await?.ask(self.addressed(request), payload).await };
        self.watched(asked.await)
    }

    /// A guest that goes on after what ended its devices gets new ones of a new process.
    fn watched<T>(&self, result: Result<T, DeviceError>) -> Result<T, DeviceError> {
        if result.as_ref().is_err_and(|error| !error.leaves_device()) {
            self.0.process.is_over.store(true, Ordering::Relaxed);
        }
        result
    }

    fn addressed<'request>(&self, request: &'request Request) -> Addressed<&'request Request> {
        Addressed { device: self.0.device, request }
    }
}

impl Process {
    /// The connection, once the worker has let go of what nobody has any more: its memory is needed now or never.
    async fn cleared(&self) -> Result<tokio::sync::MutexGuard<'_, Connection>, DeviceError> {
        let mut connection = self.connection.lock().await;
        let left = std::mem::take(&mut *self.left.lock().unwrap_or_else(PoisonError::into_inner));
        for device in left {
            connection.post(Addressed { device, request: &Request::Close }, &[]).await?;
        }
        Ok(connection)
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.process.left.lock().unwrap_or_else(PoisonError::into_inner).push(self.device);
    }
}
