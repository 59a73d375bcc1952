//! What the tests share: a registry of ours, clients, broken registries made of raw bytes.
//! Never hides a skip: each is counted and printed past the test runner's capture.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use registry_cas::{Blobs, FolderBlobs, MemoryBlobs, SharedBlobs};
use registry_client::{ClientConfig, RegistryClient};
use registry_oci::{ComponentDescription, ComponentPackage, Reference, media_types, package_component};
use registry_server::{RegistryConfig, RegistryServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// A registry of ours on a free port, over a folder of its own.
pub struct OurRegistry {
    pub address: String,
    folder: Option<tempfile::TempDir>,
    /// Of its own, so that a kill takes the connections along. Gone once killed.
    runtime: Option<Runtime>,
}

impl Drop for OurRegistry {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl OurRegistry {
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), |_| {}).await
    }

    pub async fn start_in(folder: tempfile::TempDir, configure: impl FnOnce(&mut RegistryConfig)) -> Self {
        let blobs: SharedBlobs = Arc::new(FolderBlobs::open(&folder.path().join("blobs")).await.unwrap());
        let mut config = RegistryConfig::new(folder.path().join("registry"));
        configure(&mut config);
        let server = RegistryServer::open(config, blobs).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        // The listener moves over: it belongs to the runtime in which it was made.
        let listener = listener.into_std().unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            server.serve(listener, std::future::pending()).await;
        });
        Self { address, folder: Some(folder), runtime: Some(runtime) }
    }

    /// Ends the registry at once, as a kill would, and hands its folder over.
    pub fn kill(mut self) -> tempfile::TempDir {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.folder.take().unwrap()
    }

    pub fn path(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Limits short enough for tests that run into them.
pub fn config(own_registry: &str) -> ClientConfig {
    ClientConfig {
        own_registry: Some(own_registry.to_owned()),
        credentials_file: None,
        connect_millis_max: 1_000,
        idle_millis_max: 400,
        operation_millis_max: 20_000,
        backoff_millis_first: 10,
        backoff_millis_max: 50,
        ..ClientConfig::default()
    }
}

pub fn client(own_registry: &str) -> RegistryClient {
    // A busy machine may take its time to answer; only broken registries are waited for shortly.
    RegistryClient::new(ClientConfig { idle_millis_max: 15_000, ..config(own_registry) })
}

/// A plain HTTP client for requests that no well-behaved client makes.
pub fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub fn reference(text: &str) -> Reference {
    text.parse().unwrap()
}

pub fn memory() -> MemoryBlobs {
    MemoryBlobs::new(256 << 20)
}

pub async fn is_empty(blobs: &dyn Blobs) -> bool {
    blobs.list().await.unwrap().is_empty()
}

pub fn description() -> ComponentDescription {
    ComponentDescription {
        imports: vec!["wasi:io/streams@0.2.6".to_owned(), "sandmill:data/table@0.1.0".to_owned()],
        exports: vec!["run".to_owned()],
        annotations: BTreeMap::from([("org.opencontainers.image.title".to_owned(), "split-rows".to_owned())]),
        ..ComponentDescription::default()
    }
}

/// Bytes that differ from piece to piece, so that a piece out of place is noticed.
pub fn content(length: usize) -> Vec<u8> {
    (0..length).map(|position| (position / 251 + position % 251) as u8).collect()
}

/// A component in a broken registry: right in all but what a test breaks.
pub fn package() -> (Vec<u8>, ComponentPackage) {
    let component = content(10_000);
    let package = package_component(&component, &description());
    (component, package)
}

/// What a broken registry does with one request.
pub struct Reply {
    pub bytes: Vec<u8>,
    pub then: Then,
}

pub enum Then {
    Close,
    /// The connection stays open and nothing more comes.
    Hang,
    /// One more byte at a time, for ever.
    Drip,
    /// As many bytes as the client takes, for ever.
    Flood,
}

impl Reply {
    pub fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }
}

pub fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
    Reply { bytes: bytes.into(), then: Then::Close }
}

/// An honest answer.
pub fn answer(status: &str, media_type: &str, body: &[u8]) -> Reply {
    announced(status, media_type, body.len(), body)
}

/// An answer that says it has `length` bytes, whatever it has.
pub fn announced(status: &str, media_type: &str, length: usize, body: &[u8]) -> Reply {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    raw([head.as_bytes(), body].concat())
}

/// The answer of a registry that is right about this package; none for other paths.
pub fn honest(path: &str, component: &[u8], package: &ComponentPackage) -> Option<Reply> {
    let ok = |media_type, body| Some(answer("200 OK", media_type, body));
    if path.contains("/manifests/") {
        ok(media_types::IMAGE_MANIFEST, &package.manifest_bytes)
    } else if path.ends_with(&package.config.digest.to_string()) {
        ok(media_types::OCTET_STREAM, &package.config_bytes)
    } else if path.ends_with(&package.layer.digest.to_string()) {
        ok(media_types::OCTET_STREAM, component)
    } else {
        None
    }
}

/// A broken registry. The closure gets `METHOD path` and how many requests for it came before.
pub struct Broken {
    pub address: String,
    serving: JoinHandle<()>,
}

impl Broken {
    pub async fn start(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let reply = Arc::new(reply);
        let seen: Arc<std::sync::Mutex<BTreeMap<String, usize>>> = Arc::default();
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (reply, seen) = (Arc::clone(&reply), Arc::clone(&seen));
                tokio::spawn(async move {
                    let _ = serve(connection, |request| {
                        let mut seen = seen.lock().unwrap();
                        let before = seen.entry(request.to_owned()).or_default();
                        *before += 1;
                        reply(request, *before - 1)
                    })
                    .await;
                });
            }
        });
        Self { address, serving }
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut connection: TcpStream, reply: impl FnOnce(&str) -> Reply) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if connection.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let request = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let Reply { bytes, then } = reply(&request);
    connection.write_all(&bytes).await?;
    match then {
        Then::Close => {
            connection.shutdown().await?;
            // Closing over unread bytes would reset the connection, and the answer could be lost on the way.
            tokio::io::copy(&mut connection, &mut tokio::io::sink()).await.map(drop)
        }
        Then::Hang => std::future::pending().await,
        Then::Drip => loop {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            connection.write_all(b"x").await?;
        },
        Then::Flood => loop {
            connection.write_all(&[b'x'; 64 << 10]).await?;
        },
    }
}

/// Where a program is on the path.
pub fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|program| program.is_file())
}

static SKIPPED: AtomicUsize = AtomicUsize::new(0);

/// Says that a test did not run, and why.
pub fn skipped(reason: &str) {
    let count = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    // Written past the runner, which keeps what a passing test prints to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {reason} [{count} skipped so far]");
}
