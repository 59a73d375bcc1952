//! The handle that other rooms hold: requirements in, pinned wheels out; a wheel in, a folder out.
//! Never asks an index that the node does not allow.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use host_base::{Code, Failure, Wheel};
use pep440_rs::Version;
use pep508_rs::{MarkerEnvironment, PackageName, Requirement};
use registry_cas::{SharedBlobs, read_all};
use registry_oci::Digest;
use tokio::time::Instant;
use url::Url;

use crate::archive::{self, Room, Trouble};
use crate::environment::{self, BUNDLED};
use crate::fetch::Fetch;
use crate::index::Http;
use crate::resolve::{Found, Known, Need, Search};
use crate::{PythonIndex, WheelError, WheelsConfig};

/// Resolutions kept in memory; past that all are forgotten.
const RESOLUTIONS_KEPT_MAX: usize = 1_000;
/// Requests to indexes at once.
const REQUESTS_AT_ONCE_MAX: usize = 8;
/// How folders are named while they are filled.
const MAKING_PREFIX: &str = "making-";

/// Packages of Python for steps. Cloning shares connections and folders.
#[derive(Clone)]
pub struct Wheels {
    shared: Arc<Shared>,
}

struct Shared {
    fetch: Fetch,
    markers: MarkerEnvironment,
    python: Version,
    resolutions: Mutex<HashMap<Question, (Instant, Vec<Wheel>)>>,
    /// One lock per wheel that is being unpacked, so that several steps do it once.
    making: Mutex<HashMap<Digest, Arc<tokio::sync::Mutex<()>>>>,
}

/// What was asked, and where.
type Question = (BTreeSet<String>, Vec<PythonIndex>);

impl Wheels {
    /// Packages from these indexes; the first is asked where a step names none. Without any, no package is had.
    ///
    /// # Errors
    /// Where the folder of unpacked wheels cannot be made.
    pub fn new(config: WheelsConfig, indexes: Vec<PythonIndex>, blobs: SharedBlobs) -> Result<Self, Failure> {
        let http = Arc::new(Http::new(&config, indexes)?);
        let whole = || -> Result<Self, WheelError> {
            tidy(&config)?;
            let markers = environment::markers()?;
            let python = markers.python_full_version().version.clone();
            let fetch = Fetch { config: Arc::new(config), http, blobs };
            let (resolutions, making) = (Mutex::default(), Mutex::default());
            Ok(Self { shared: Arc::new(Shared { fetch, markers, python, resolutions, making }) })
        };
        whole().map_err(|error| error.to_failure())
    }

    /// The wheels that meet these requirements, with all that they need themselves, sorted by name. `named` are
    /// the indexes that the step's author names, in order.
    ///
    /// # Errors
    /// All problems with the requirements at once; else the first that comes up with the indexes.
    pub async fn resolve(&self, requirements: &[String], named: &[String]) -> Result<Vec<Wheel>, Vec<Failure>> {
        let parsed = self.parse(requirements)?;
        if parsed.is_empty() {
            return Ok(Vec::new());
        }
        let indexes = self.allowed(&parsed, named)?;
        let question: Question = (parsed.iter().map(ToString::to_string).collect(), indexes.clone());
        let earlier = self.resolutions().get(&question).cloned();
        if let Some((at, wheels)) = &earlier
            && at.elapsed() < Duration::from_millis(self.config().resolution_kept_millis)
        {
            return Ok(wheels.clone());
        }
        let limit_millis = self.config().resolve_millis_max;
        let search =
            tokio::time::timeout(Duration::from_millis(limit_millis), Box::pin(self.search(&parsed, &indexes)));
        let found = search.await.unwrap_or_else(|_| {
            let reason = format!("the packages were not resolved within resolve_millis_max = {limit_millis}");
            Err(WheelError::Unreachable { url: shown(&indexes), reason })
        });
        match (found, earlier) {
            (Ok(wheels), _) => {
                let mut resolutions = self.resolutions();
                if resolutions.len() >= RESOLUTIONS_KEPT_MAX {
                    resolutions.clear();
                }
                resolutions.insert(question, (Instant::now(), wheels.clone()));
                Ok(wheels)
            }
            (Err(error @ WheelError::Unreachable { .. }), Some((_, wheels))) => {
                tracing::warn!(%error, "an index is away; what it said before still stands");
                Ok(wheels)
            }
            (Err(error), _) => Err(vec![error.to_failure()]),
        }
    }

    /// The folder with a wheel's modules, to be lent for reading; fetched and unpacked now if it never was.
    ///
    /// # Errors
    /// Where the wheel cannot be had, is not what its digest says, or cannot be unpacked.
    pub async fn layer(&self, wheel: &Wheel) -> Result<PathBuf, Failure> {
        let folder = self.config().layers_folder.join(wheel.digest.hex());
        if folder.is_dir() {
            return Ok(folder);
        }
        let lock = self.making().entry(wheel.digest.clone()).or_default().clone();
        let making = lock.lock().await;
        let made = if folder.is_dir() { Ok(()) } else { self.make(wheel, &folder).await };
        drop(making);
        self.making().remove(&wheel.digest);
        made.map(|()| folder)
    }

    async fn make(&self, wheel: &Wheel, folder: &Path) -> Result<(), Failure> {
        let fetch = &self.shared.fetch;
        let failed = |error: WheelError| error.to_failure();
        let kept = fetch.blobs.size_bytes(&wheel.digest).await.map_err(WheelError::from).map_err(failed)?;
        if kept.is_none() && fetch.http.indexes().is_empty() {
            return Err(no_index(&wheel.file));
        }
        let url =
            Url::parse(&wheel.url).map_err(|error| failed(WheelError::Setup(format!("{}: {error}", wheel.url))))?;
        let limit_millis = fetch.config.fetch_millis_max;
        let keep = Box::pin(fetch.keep(&wheel.file, &wheel.digest, &url));
        let kept = tokio::time::timeout(Duration::from_millis(limit_millis), keep).await.unwrap_or_else(|_| {
            let reason = format!("it did not come within fetch_millis_max = {limit_millis}");
            Err(WheelError::Unreachable { url: wheel.url.clone(), reason })
        });
        kept.map_err(failed)?;
        let bytes = read_all(fetch.blobs.as_ref(), &wheel.digest, fetch.config.wheel_bytes_max).await;
        let bytes = bytes.map_err(WheelError::from).map_err(failed)?;
        let room = Room { unpacked_bytes_max: fetch.config.unpacked_bytes_max, entries_max: fetch.config.entries_max };
        let (layers, folder) = (fetch.config.layers_folder.clone(), folder.to_owned());
        let unpacked = tokio::task::spawn_blocking(move || unpack(&bytes, &layers, &folder, room)).await;
        let unpacked = unpacked.map_err(|error| failed(WheelError::Setup(format!("unpacking broke off: {error}"))))?;
        unpacked.map_err(|trouble| match trouble {
            Trouble::Archive(reason) => failed(WheelError::Archive { file: wheel.file.clone(), reason }),
            Trouble::Disk(error) => failed(error.into()),
        })
    }

    /// Requirements that count here: those whose markers hold, and that the component does not meet itself.
    fn parse(&self, requirements: &[String]) -> Result<Vec<Requirement>, Vec<Failure>> {
        let mut parsed = Vec::new();
        let mut failures = Vec::new();
        for text in requirements {
            match Requirement::from_str(text) {
                Ok(requirement) => parsed.push(requirement),
                Err(error) => {
                    let reason = format!("it is no requirement of a package ({})", error.message);
                    failures.push(WheelError::Requirement { requirement: text.clone(), reason }.to_failure());
                }
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        let bundled = |requirement: &Requirement| {
            requirement.extras.is_empty() && BUNDLED.iter().any(|(name, _)| *name == requirement.name.to_string())
        };
        parsed.retain(|one| one.evaluate_markers(&self.shared.markers, &[]) && !bundled(one));
        Ok(parsed)
    }

    /// The indexes to ask.
    fn allowed(&self, wanted: &[Requirement], named: &[String]) -> Result<Vec<PythonIndex>, Vec<Failure>> {
        let allowed = self.shared.fetch.http.indexes();
        let Some(first) = allowed.first() else {
            let names: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            return Err(vec![no_index(&names.join(", "))]);
        };
        if named.is_empty() {
            return Ok(vec![first.clone()]);
        }
        let mut indexes: Vec<PythonIndex> = Vec::new();
        let mut failures = Vec::new();
        for text in named {
            let index = PythonIndex::from_str(text);
            match allowed.iter().find(|allowed| index.as_ref().is_ok_and(|index| allowed.is_at(index))) {
                Some(index) if !indexes.contains(index) => indexes.push(index.clone()),
                Some(_) => {}
                None => failures.push(other_index(index.as_ref())),
            }
        }
        if failures.is_empty() { Ok(indexes) } else { Err(failures) }
    }

    async fn search(&self, wanted: &[Requirement], indexes: &[PythonIndex]) -> Result<Vec<Wheel>, WheelError> {
        let (mut known, mut requests) = (Known::default(), 0);
        loop {
            let search = Search {
                known: &known,
                markers: &self.shared.markers,
                python: &self.shared.python,
                packages_max: self.config().packages_max,
                indexes: &shown(indexes),
            };
            let needs = match search.find(wanted)? {
                Found::All(versions) => {
                    let pinned = versions.iter().filter_map(|(name, version)| pinned(&known, name, version));
                    return Ok(pinned.collect());
                }
                Found::Needs(needs) => needs,
            };
            requests += needs.len();
            if requests > self.config().requests_max {
                return Err(WheelError::Limit {
                    what: "resolving the step's packages takes more requests than".to_owned(),
                    limit_name: "requests_max",
                    limit: self.config().requests_max as u64,
                });
            }
            self.learn(needs, &mut known, indexes).await?;
        }
    }

    async fn learn(&self, needs: Vec<Need>, known: &mut Known, indexes: &[PythonIndex]) -> Result<(), WheelError> {
        let fetch = &self.shared.fetch;
        let (mut projects, mut metadata) = (Vec::new(), Vec::new());
        for need in needs {
            match need {
                Need::Project(name) => projects.push(name),
                Need::Metadata(name, version) => metadata.push((name, version)),
            }
        }
        let mut asked = futures::stream::iter(projects)
            .map(|name| async move { (fetch.project(&name, indexes, &self.shared.python).await, name) })
            .buffer_unordered(REQUESTS_AT_ONCE_MAX);
        while let Some((project, name)) = asked.next().await {
            known.projects.insert(name, project?);
        }
        for (name, version) in metadata {
            let Some(wheel) = wheel_of(known, &name, &version) else { continue };
            let read = fetch.metadata(&name, wheel).await?;
            known.metadata.insert((name, version), read);
        }
        Ok(())
    }

    fn config(&self) -> &WheelsConfig {
        &self.shared.fetch.config
    }

    fn resolutions(&self) -> std::sync::MutexGuard<'_, HashMap<Question, (Instant, Vec<Wheel>)>> {
        self.shared.resolutions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn making(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Arc<tokio::sync::Mutex<()>>>> {
        self.shared.making.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wheel_of<'known>(
    known: &'known Known,
    name: &PackageName,
    version: &Version,
) -> Option<&'known crate::page::WheelFile> {
    known.projects.get(name)?.as_ref()?.releases.get(version)?.wheel.as_ref()
}

fn pinned(known: &Known, name: &PackageName, version: &Version) -> Option<Wheel> {
    let wheel = wheel_of(known, name, version)?;
    Some(Wheel {
        name: name.to_string(),
        version: version.to_string(),
        file: wheel.file.clone(),
        digest: wheel.digest.clone(),
        url: wheel.url.to_string(),
    })
}

/// Unpacks beside the others and moves the whole into its place, so that a folder is never half full.
fn unpack(bytes: &[u8], layers: &Path, folder: &Path, room: Room) -> Result<(), Trouble> {
    let making = tempfile::Builder::new().prefix(MAKING_PREFIX).tempdir_in(layers).map_err(Trouble::Disk)?;
    archive::unpack(bytes, making.path(), room)?;
    fs::rename(making.path(), folder).map_err(Trouble::Disk)?;
    // It stands elsewhere now, and there is nothing to delete.
    let _ = making.keep();
    Ok(())
}

/// Makes the folder of unpacked wheels, deletes what was left half done, and the oldest past the limit.
fn tidy(config: &WheelsConfig) -> Result<(), WheelError> {
    fs::create_dir_all(&config.layers_folder)?;
    let mut layers = Vec::new();
    for entry in fs::read_dir(&config.layers_folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(MAKING_PREFIX) {
            fs::remove_dir_all(entry.path())?;
        } else {
            layers.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    layers.sort();
    let excess = layers.len().saturating_sub(config.layers_max);
    layers.iter().take(excess).try_for_each(|(_, path)| fs::remove_dir_all(path))?;
    Ok(())
}

fn shown(indexes: &[PythonIndex]) -> String {
    indexes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn no_index(wanted: &str) -> Failure {
    Failure::new(
        Code::GrantNotAllowed,
        format!("the step takes packages ({wanted}), and this node allows no package index"),
    )
    .with_hint(
        "start the node with `sandmill up --python-index https://pypi.org/simple`; the standard library and kfp are \
             there without",
    )
}

fn other_index(index: Result<&PythonIndex, &String>) -> Failure {
    match index {
        Ok(index) => Failure::new(
            Code::GrantNotAllowed,
            format!("the step takes packages from {index}, which this node does not allow"),
        )
        .with_hint(format!("start the node with `sandmill up --python-index {index}`, or leave pip_index_urls out")),
        Err(reason) => Failure::new(Code::GrantNotAllowed, format!("the step names {reason}")),
    }
}
