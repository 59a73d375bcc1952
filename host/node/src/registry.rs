//! The registry of a node, and the same registry alone.
//! Never decides who may do what: that is written in its settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use host_base::{Code, Failure};
use registry_cas::{BlobError, FolderBlobs, SharedBlobs};
use registry_cas_object::{BucketAddress, BucketConfig, COPY_BYTES_MAX, ObjectBlobs};
use registry_server::{Collected, GarbageError, RegistryServer, Settings, SettingsError, Storage};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use crate::DataFolder;
use crate::node::{address, bind, storage};

/// A registry without the rest of a node.
#[derive(Clone, Debug)]
pub struct RegistryAloneConfig {
    /// Names, and bytes where no bucket is set, are kept under this folder.
    pub data_folder: PathBuf,
    /// Where it listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Access, TLS, storage, garbage, limits.
    pub settings: Settings,
}

/// A registry that is about to serve.
pub struct RegistryAlone {
    server: RegistryServer,
    listener: TcpListener,
    address: SocketAddr,
    // The folder is free once the registry no longer serves.
    _data_folder: DataFolder,
}

impl RegistryAlone {
    /// Opens the data folder and binds the listener.
    pub async fn open(config: &RegistryAloneConfig) -> Result<Self, Failure> {
        let data_folder = DataFolder::open(&config.data_folder)?;
        let listener = bind(config.listen, "--listen").await?;
        let address = address(&listener)?;
        let server = server(&config.settings, &data_folder, address).await?;
        Ok(Self { server, listener, address, _data_folder: data_folder })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then gives requests under way a moment to end.
    pub async fn serve(self, shutdown: impl Future<Output = ()> + Send + 'static) {
        self.server.serve(self.listener, shutdown).await;
    }

    /// Collects garbage once in a folder that no registry serves from.
    pub async fn collect_garbage(config: &RegistryAloneConfig) -> Result<Collected, Failure> {
        let data_folder = DataFolder::open(&config.data_folder)?;
        let server = server(&config.settings, &data_folder, config.listen).await?;
        server.collect_garbage().await.map_err(|error| match error {
            GarbageError::Blobs(error) => blob_failure(&error),
            error => storage(&error),
        })
    }
}

/// The registry over a data folder. Where the folder is a node's, its runs use the bytes as well.
async fn server(settings: &Settings, data_folder: &DataFolder, address: SocketAddr) -> Result<RegistryServer, Failure> {
    let owns_blobs = !data_folder.ledger().exists();
    let blobs = blobs(settings, data_folder).await?;
    open(settings, data_folder, address, blobs, owns_blobs).await
}

pub(crate) async fn open(
    settings: &Settings,
    data_folder: &DataFolder,
    address: SocketAddr,
    blobs: SharedBlobs,
    owns_blobs: bool,
) -> Result<RegistryServer, Failure> {
    let (settings, folder) = (settings.clone(), data_folder.registry());
    let config = spawn_blocking(move || settings.config(folder, address.ip(), owns_blobs)).await;
    let config = config
        .map_err(|error| Failure::new(Code::Internal, format!("the registry could not be set up: {error}")))?
        .map_err(|error| wrong_settings(&error))?;
    RegistryServer::open(config, blobs).await.map_err(|error| storage(&error))
}

/// Where the bytes lie that the settings name.
pub(crate) async fn blobs(settings: &Settings, data_folder: &DataFolder) -> Result<SharedBlobs, Failure> {
    match &settings.storage {
        Storage::Folder => {
            let blobs = FolderBlobs::open(&data_folder.blobs()).await.map_err(|error| blob_failure(&error))?;
            Ok(Arc::new(blobs))
        }
        Storage::S3(bucket) => {
            let address = BucketAddress {
                bucket: bucket.bucket.clone(),
                endpoint: bucket.endpoint.clone(),
                region: Some(bucket.region.clone()),
                trusted_roots: Vec::new(),
            };
            let config = BucketConfig { address, prefix: bucket.prefix.clone(), copy_bytes_max: COPY_BYTES_MAX };
            let blobs = ObjectBlobs::open(&config).map_err(|error| {
                Failure::new(Code::BadRequest, error.to_string())
                    .with_hint("check [storage] of the registry's settings, and the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
            })?;
            Ok(Arc::new(blobs))
        }
    }
}

/// What the settings of a registry say that cannot be done.
pub(crate) fn wrong_settings(error: &SettingsError) -> Failure {
    Failure::new(Code::BadRequest, error.to_string())
        .with_hint("registry/README.md shows a whole document; every part of it may be left out")
}

fn blob_failure(error: &BlobError) -> Failure {
    let mut failure = storage(error);
    if error.is_disk_full() {
        failure.code = Code::StorageFull;
    }
    failure
}
