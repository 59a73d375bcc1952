//! What somebody else put into a bucket, by its key.
//! Never writes.

use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{Attribute, ObjectStore as _, ObjectStoreExt as _};

use crate::bucket::connect_without_detours;
use crate::{BucketAddress, BucketError, BucketKeys};

/// A bucket that is read.
pub struct BucketObjects {
    store: AmazonS3,
}

/// An object as a listing tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Its length.
    pub size_bytes: u64,
}

/// An object whose content is on its way.
pub struct ObjectContent {
    /// Its length.
    pub size_bytes: u64,
    /// What its owner says it is; none where nothing is said.
    pub media_type: Option<String>,
    /// Its bytes, in order.
    pub bytes: std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, BucketError>> + Send>>,
}

impl BucketObjects {
    /// A bucket, with the credentials of the usual AWS variables or the machine's role. Nothing is asked of the store
    /// yet.
    ///
    /// # Errors
    /// Where the address, the variables or the certificates make no sense.
    pub fn open(address: &BucketAddress) -> Result<Self, BucketError> {
        Ok(Self { store: connect_without_detours(address, AmazonS3Builder::from_env())? })
    }

    /// A bucket, with these keys and nothing else.
    ///
    /// # Errors
    /// Where the address or the certificates make no sense.
    pub fn open_with_keys(address: &BucketAddress, keys: &BucketKeys) -> Result<Self, BucketError> {
        Ok(Self { store: connect_without_detours(address, keys.builder())? })
    }

    /// One object; none where there is nothing under this key.
    ///
    /// # Errors
    /// Where the store refuses or cannot be reached.
    pub async fn read(&self, key: &str) -> Result<Option<ObjectContent>, BucketError> {
        let found = match self.store.get(&path(key)?).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let media_type = found.attributes.get(&Attribute::ContentType).map(|value| value.as_ref().to_owned());
        let size_bytes = found.meta.size;
        Ok(Some(ObjectContent { size_bytes, media_type, bytes: found.into_stream().map_err(Into::into).boxed() }))
    }

    /// Objects below a folder, with their keys relative to it, in the order of their keys; at most `count_max`.
    ///
    /// # Errors
    /// Where the store refuses or cannot be reached.
    pub async fn list(&self, folder: &str, count_max: usize) -> Result<Vec<ListedObject>, BucketError> {
        let folder = path(folder)?;
        let listed: Vec<_> = self.store.list(Some(&folder)).take(count_max).try_collect().await?;
        let below = |location: &Path| -> Option<String> {
            let parts: Vec<_> = location.prefix_match(&folder)?.map(|part| part.as_ref().to_owned()).collect();
            (!parts.is_empty()).then(|| parts.join("/"))
        };
        let named = listed
            .into_iter()
            .filter_map(|object| Some(ListedObject { key: below(&object.location)?, size_bytes: object.size }));
        Ok(named.collect())
    }
}

/// A key as it stands: what a path must not hold is refused, not rewritten.
fn path(key: &str) -> Result<Path, BucketError> {
    Path::parse(key).map_err(|error| BucketError::Store(error.into()))
}
