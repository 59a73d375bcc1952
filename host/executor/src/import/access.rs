//! What opens a place that a document names with credentials: the variables that the document or its secret gives.
//! Never takes anything of the node's own in their place, and never tells a value.

use std::collections::BTreeMap;

use host_base::{Code, Failure};
use host_pipeline::kfp::{KeptSource, VariableSource};
use host_training::SourceAccess;
use registry_cas_object::BucketKeys;
use sdk_spec::fetching;

use crate::kept::{Kept, command, shown};
use crate::run::attempt::kfp::{kept_variables, missing};

/// Values that are shorter are not looked for in what a store says: they are found in any text.
const TELLING_BYTES_MIN: usize = 4;

/// Variables of one fetch. Not to be printed: they hold secrets.
#[derive(Clone)]
pub(crate) struct Access {
    /// Those of the document, which go first, and those that the node keeps.
    variables: [BTreeMap<String, String>; 2],
    /// The secret that the latter come from, where it is one.
    secret: Option<KeptSource>,
    /// Its keys by variables, where these have other names.
    keys: BTreeMap<String, String>,
}

impl Access {
    /// What a training job names; variables of the document go before keys of the secret.
    ///
    /// # Errors
    /// Where the node does not keep the secret.
    pub(crate) fn of_job(kept: &Kept, named: &SourceAccess) -> Result<Self, Failure> {
        let secret = named.secret.clone().map(KeptSource::Secret);
        let mut found = BTreeMap::new();
        if let Some(secret) = &secret {
            let keys = kept.keys(secret)?.ok_or_else(|| missing("the job", secret, None))?;
            // Other keys are for other programs.
            let is_known = |key: &String| fetching::VARIABLES.iter().any(|names| names.contains(&key.as_str()));
            for key in keys.into_iter().filter(is_known) {
                let value = kept.value(secret, &key)?.unwrap_or_default();
                let text = String::from_utf8(value).map_err(|_| no_text(secret, &key))?;
                found.insert(key, text);
            }
        }
        Ok(Self { variables: [named.environment.clone(), found], secret, keys: BTreeMap::new() })
    }

    /// What an importer names; none where it names nothing.
    ///
    /// # Errors
    /// Where the node does not keep a value.
    pub(crate) fn of_import(kept: &Kept, named: &BTreeMap<String, VariableSource>) -> Result<Option<Self>, Failure> {
        if named.is_empty() {
            return Ok(None);
        }
        let secret = named.values().map(|source| source.kept().0).find(|kept| matches!(kept, KeptSource::Secret(_)));
        let keys = named.iter().map(|(variable, source)| (variable.clone(), source.kept().1.to_owned())).collect();
        Ok(Some(Self { variables: [BTreeMap::new(), kept_variables(kept, named)?], secret, keys }))
    }

    /// The first variable of these names that says anything; files that secrets are set from end with a line's end.
    fn value(&self, names: &[&str]) -> Option<&str> {
        let in_order = self.variables.iter().flat_map(|from| names.iter().filter_map(|name| from.get(*name)));
        in_order.map(|value| value.trim()).find(|value| !value.is_empty())
    }

    pub(super) fn endpoint(&self) -> Option<&str> {
        self.value(&fetching::ENDPOINT)
    }

    pub(super) fn region(&self) -> Option<&str> {
        self.value(&fetching::REGION)
    }

    /// What a bucket is opened with.
    ///
    /// # Errors
    /// Where half of a key is named, or nothing at all.
    pub(super) fn bucket_keys(&self, uri: &str) -> Result<BucketKeys, Failure> {
        let is_set = |names: &[&str]| self.value(names).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if is_set(&fetching::SKIP_SIGNATURE) {
            return Ok(BucketKeys::Anybody);
        }
        let session_token = self.value(&fetching::SESSION_TOKEN);
        Ok(BucketKeys::Key {
            id: self.in_header(&fetching::KEY_ID, self.needed(uri, &fetching::KEY_ID)?)?,
            secret: self.needed(uri, &fetching::KEY)?.to_owned(),
            session_token: session_token.map(|token| self.in_header(&fetching::SESSION_TOKEN, token)).transpose()?,
        })
    }

    /// The token that a web server is shown.
    ///
    /// # Errors
    /// Where none is named.
    pub(super) fn token(&self, uri: &str) -> Result<String, Failure> {
        self.in_header(&fetching::ACCESS_TOKEN, self.needed(uri, &fetching::ACCESS_TOKEN)?)
    }

    fn needed(&self, uri: &str, names: &[&str]) -> Result<&str, Failure> {
        self.value(names).ok_or_else(|| {
            let (name, place) = (names.first().copied().unwrap_or_default(), self.shown());
            let message = format!("{uri} is opened with `{name}`, which {place} does not hold");
            Failure::new(Code::GrantNotAllowed, message).with_hint(self.how_to_set(name))
        })
    }

    /// A value that is sent in a header, which is of plain characters.
    fn in_header(&self, names: &[&str], value: &str) -> Result<String, Failure> {
        if value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(value.to_owned());
        }
        let (name, place) = (names.first().copied().unwrap_or_default(), self.shown());
        let message = format!("`{name}` of {place} has characters in it that cannot be sent");
        Err(Failure::new(Code::TypeMismatch, message).with_hint(self.how_to_set(name)))
    }

    /// Where the variables come from, to people.
    pub(super) fn shown(&self) -> String {
        self.secret.as_ref().map_or_else(|| "the document itself".to_owned(), |secret| format!("the {}", shown(secret)))
    }

    /// What to do about a value that is missing or wrong.
    pub(super) fn how_to_set(&self, name: &str) -> String {
        let name = self.keys.get(name).map_or(name, String::as_str);
        match &self.secret {
            Some(secret) => format!("set it on the node's machine: `{} {name}=@-`", command(secret)),
            None => {
                format!("set it on the node's machine with `sandmill secret set NAME {name}=@-`, and name the secret")
            }
        }
    }

    /// What somebody else says, without what it may have heard from here.
    pub(super) fn without_values(&self, text: &str) -> String {
        let told = fetching::CONFIDENTIAL.iter().copied().chain([&fetching::KEY_ID[..]]);
        let values = told.flatten().filter_map(|name| self.value(&[*name]));
        let telling = values.filter(|value| value.len() >= TELLING_BYTES_MIN);
        telling.fold(text.to_owned(), |text, value| text.replace(value, "…"))
    }
}

fn no_text(secret: &KeptSource, key: &str) -> Failure {
    Failure::new(Code::TypeMismatch, format!("key `{key}` of the {} is no UTF-8 text", shown(secret)))
        .with_hint(format!("set it again: `{} {key}=@-`", command(secret)))
}
