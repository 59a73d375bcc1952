//! A bucket that importers may read from, and where its store is.
//! Never holds credentials: those are the node's own, in the usual variables, or what a document names.

use std::str::FromStr;

/// Where buckets of Google's store are reached in the way of S3.
pub(crate) const GOOGLE_ENDPOINT: &str = "https://storage.googleapis.com";

/// A bucket as URIs name it. Written `s3://NAME`, or `minio://NAME=http://HOST:PORT` where the store is not AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedBucket {
    /// `s3`, `gs` or `minio`.
    pub scheme: String,
    /// The bucket's name.
    pub bucket: String,
    /// The store's address; none means AWS.
    pub endpoint: Option<String>,
}

impl AllowedBucket {
    pub(crate) fn is(&self, scheme: &str, bucket: &str) -> bool {
        self.scheme == scheme && self.bucket == bucket
    }
}

impl FromStr for AllowedBucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (place, endpoint) = match text.split_once('=') {
            Some((place, endpoint)) => (place, Some(endpoint.trim_end_matches('/').to_owned())),
            None => (text, None),
        };
        let (scheme, bucket) = place.split_once("://").ok_or("it begins with s3://, gs:// or minio://")?;
        let bucket = bucket.trim_end_matches('/');
        if !matches!(scheme, "s3" | "gs" | "minio") {
            return Err(format!("`{scheme}` is no kind of bucket; it begins with s3://, gs:// or minio://"));
        }
        if bucket.is_empty() || bucket.contains('/') {
            return Err("it names one bucket and nothing in it, such as s3://training-data".to_owned());
        }
        if let Some(endpoint) = &endpoint {
            let host = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
            if host.is_none_or(str::is_empty) {
                return Err(format!("`{endpoint}` is no address of a store, such as http://minio:9000"));
            }
        }
        let endpoint = match (scheme, endpoint) {
            ("minio", None) => return Err("say where the store is: minio://NAME=http://HOST:PORT".to_owned()),
            ("gs", None) => Some(GOOGLE_ENDPOINT.to_owned()),
            (_, endpoint) => endpoint,
        };
        Ok(Self { scheme: scheme.to_owned(), bucket: bucket.to_owned(), endpoint })
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedBucket;

    #[test]
    fn a_bucket_is_named_with_its_store() {
        let parsed = |text: &str| text.parse::<AllowedBucket>();
        let endpoint = |text: &str| parsed(text).map(|bucket| bucket.endpoint);
        assert_eq!(endpoint("s3://data"), Ok(None));
        assert_eq!(endpoint("s3://data/=https://store:9000/"), Ok(Some("https://store:9000".to_owned())));
        assert_eq!(endpoint("gs://data"), Ok(Some("https://storage.googleapis.com".to_owned())));
        assert!(parsed("minio://data=http://h:9000").is_ok_and(|bucket| bucket.is("minio", "data")));
        for text in
            ["data", "ftp://data", "s3://", "s3://data/rows", "minio://data", "s3://data=store", "s3://data=http://"]
        {
            assert!(parsed(text).is_err(), "{text}");
        }
    }
}
