//! Pushing and pulling blobs at `sandmill registry serve`, beside Debian's `docker-registry`.
//! Never through a library of ours: both registries see the same plain requests.

use std::env;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use registry_oci::{Algorithm, Digest, Hasher};
use reqwest::{Body, Client, StatusCode, header};
use serde_json::Value;

use crate::figure::Figure;
use crate::local_node::scratch;

const LARGE_BYTES: u64 = 1 << 30;
const PIECE_BYTES: usize = 1 << 20;
const SMALL_BLOBS: usize = 1_000;
const SMALL_BYTES: usize = 100 << 10;
const CLIENTS: usize = 8;
/// How much memory our registry may take at any time.
const RESIDENT_MIB_MAX: f64 = 100.0;
const READY_SECONDS_MAX: u64 = 30;

/// A registry in a process of its own, on a folder of its own.
struct Registry {
    name: &'static str,
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Registry {
    fn ours() -> Result<Self> {
        let folder = scratch()?;
        let program = env::var_os("SANDMILL_BIN").context("SANDMILL_BIN names no sandmill: use `cargo xtask bench`")?;
        let mut command = Command::new(program);
        command.args(["registry", "serve", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("starting sandmill")?;
        let stdout = process.stdout.take().context("sandmill has no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).context("waiting for sandmill")?;
        let ready: Value = serde_json::from_str(&line).with_context(|| format!("sandmill said `{line}`"))?;
        let address = ready["registry"].as_str().unwrap_or_default().to_owned();
        Ok(Self { name: "sandmill", process, address, _folder: folder })
    }

    /// None where it is not installed.
    fn docker() -> Result<Option<Self>> {
        let Some(program) = on_path("docker-registry") else {
            eprintln!("docker-registry is not there: run through `cargo xtask bench`, which installs it");
            return Ok(None);
        };
        let folder = scratch()?;
        let free = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).context("finding a free port")?;
        let address = free.local_addr().context("finding a free port")?.to_string();
        drop(free);
        let config = folder.path().join("config.yml");
        let data = folder.path().join("data");
        let text = format!(
            "version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    \
             rootdirectory: {}\nhttp:\n  addr: {address}\n",
            data.display()
        );
        std::fs::write(&config, text).context("writing docker-registry's settings")?;
        let log = File::create(folder.path().join("log")).context("making a log for docker-registry")?;
        let mut command = Command::new(program);
        command.arg("serve").arg(config).env("OTEL_TRACES_EXPORTER", "none").stdin(Stdio::null());
        let process = command.stdout(log.try_clone()?).stderr(log).spawn().context("starting docker-registry")?;
        Ok(Some(Self { name: "docker-registry", process, address, _folder: folder }))
    }

    async fn ready(&self, http: &Client) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(READY_SECONDS_MAX) {
            if http.get(self.url("/v2/")).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("{} did not answer within {READY_SECONDS_MAX} s", self.name);
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The most memory that it ever held, as the system says.
    fn peak_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("the system tells no peak")?;
        let kib: f64 = line.split_whitespace().nth(1).context("the system tells no peak")?.parse()?;
        Ok(kib / 1024.0)
    }
}

/// Seconds that one registry took for each part, and its peak of memory.
struct Taken {
    push_large: f64,
    pull_large: f64,
    push_small: f64,
    pull_small: f64,
    peak_mib: f64,
}

/// Ours first, then the other, never both at once.
pub async fn measure() -> Result<Vec<Figure>> {
    let http = client()?;
    let ours = measure_one(&Registry::ours()?, &http).await?;
    let theirs = match Registry::docker()? {
        Some(docker) => Some(measure_one(&docker, &http).await?),
        None => None,
    };
    let beside = |name: &str, part: fn(&Taken) -> f64| match &theirs {
        Some(theirs) => Figure::beside(name, part(&ours), "s", "docker-registry", part(theirs)).at_least(1.0),
        None => Figure::plain(name, part(&ours), "s"),
    };
    let mut figures = vec![
        beside("registry-push-1gib", |taken| taken.push_large),
        beside("registry-pull-1gib", |taken| taken.pull_large),
        beside("registry-push-1000x100kib", |taken| taken.push_small),
        beside("registry-pull-1000x100kib", |taken| taken.pull_small),
        Figure::against_target("registry-peak-memory", ours.peak_mib, "MiB", RESIDENT_MIB_MAX),
    ];
    figures.extend(theirs.map(|theirs| Figure::plain("registry-peak-memory-docker", theirs.peak_mib, "MiB")));
    Ok(figures)
}

async fn measure_one(registry: &Registry, http: &Client) -> Result<Taken> {
    registry.ready(http).await?;
    let large = large_digest();
    let push_large = timed(push(registry, http, "bench/large", &large, Body::wrap_stream(large_pieces()))).await?;
    let pull_large = timed(pull(registry, http, "bench/large", &large, LARGE_BYTES)).await?;
    let blobs: Arc<Vec<(Digest, Bytes)>> = Arc::new((0..SMALL_BLOBS).map(small).collect());
    let push_small = timed(async {
        let pushes = blobs
            .iter()
            .map(|(digest, content)| push(registry, http, "bench/small", digest, Body::from(content.clone())));
        stream::iter(pushes).buffer_unordered(CLIENTS).try_collect::<Vec<()>>().await
    });
    let push_small = push_small.await?;
    let pull_small = timed(async {
        let pulls = blobs.iter().map(|(digest, _)| pull(registry, http, "bench/small", digest, SMALL_BYTES as u64));
        stream::iter(pulls).buffer_unordered(CLIENTS).try_collect::<Vec<()>>().await
    });
    let pull_small = pull_small.await?;
    Ok(Taken { push_large, pull_large, push_small, pull_small, peak_mib: registry.peak_mib()? })
}

async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<f64> {
    let begun = Instant::now();
    work.await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Begins an upload and sends everything with its end, as most clients do.
async fn push(registry: &Registry, http: &Client, repository: &str, digest: &Digest, body: Body) -> Result<()> {
    let begun = http.post(registry.url(&format!("/v2/{repository}/blobs/uploads/"))).send().await?;
    let location = begun.headers().get(header::LOCATION).context("an upload has no location")?.to_str()?;
    let location = if location.starts_with('/') { registry.url(location) } else { location.to_owned() };
    let joint = if location.contains('?') { '&' } else { '?' };
    let answer = http.put(format!("{location}{joint}digest={digest}")).body(body).send().await?;
    if answer.status() != StatusCode::CREATED {
        bail!("{} answered a push with {}", registry.name, answer.status());
    }
    Ok(())
}

/// Reads it to the end. The digest is not checked: that would measure this program.
async fn pull(registry: &Registry, http: &Client, repository: &str, digest: &Digest, size_bytes: u64) -> Result<()> {
    let answer = http.get(registry.url(&format!("/v2/{repository}/blobs/{digest}"))).send().await?;
    let mut pieces = answer.error_for_status()?.bytes_stream();
    let mut read_bytes = 0;
    while let Some(piece) = pieces.try_next().await? {
        read_bytes += piece.len() as u64;
    }
    if read_bytes != size_bytes {
        bail!("{} sent {read_bytes} bytes of {size_bytes}", registry.name);
    }
    Ok(())
}

fn large_piece() -> Bytes {
    (0..PIECE_BYTES).map(|position| (position % 251) as u8).collect::<Vec<u8>>().into()
}

fn large_pieces() -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    let count = usize::try_from(LARGE_BYTES).unwrap_or(usize::MAX) / PIECE_BYTES;
    stream::iter(std::iter::repeat_n(large_piece(), count).map(Ok))
}

fn large_digest() -> Digest {
    let (piece, mut hasher) = (large_piece(), Hasher::new(Algorithm::Sha256));
    for _ in 0..LARGE_BYTES / PIECE_BYTES as u64 {
        hasher.update(&piece);
    }
    hasher.finish()
}

fn small(number: usize) -> (Digest, Bytes) {
    let mut content = vec![0; SMALL_BYTES];
    content[..8].copy_from_slice(&(number as u64).to_le_bytes());
    (Digest::sha256(&content), content.into())
}

fn client() -> Result<Client> {
    // One process has one provider; nothing here speaks TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tcp_nodelay(true).build().context("making an HTTP client")
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(Path::new(program))).find(|program| program.is_file())
}
