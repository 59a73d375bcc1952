//! Kept pipelines and their versions.
//! Never changes what a version runs: another specification is another version.

use host_base::{Code, Failure};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{CatalogueRecord, Item, Tags, check_name, put_change, removal};
use crate::Executor;

/// Tags of one pipeline or version.
pub const TAGS_MAX: usize = 20;
/// Characters of a tag's name and of its value.
pub const TAG_CHARACTERS_MAX: usize = 63;

/// What a pipeline says. Its name never changes, its title may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pipeline {
    /// Its title.
    pub display_name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Names and values to find it by.
    #[serde(skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

impl CatalogueRecord for Pipeline {
    const KIND: &'static str = "pipeline";
}

/// What a version says. It belongs to its pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineVersion {
    /// Its title.
    pub display_name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where its source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_source_url: Option<String>,
    /// Names and values to find it by.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// The kept text of what it runs: a compiled pipeline as JSON, or a document of Sandmill's own as it was sent.
    pub spec: Digest,
}

impl CatalogueRecord for PipelineVersion {
    const KIND: &'static str = "pipeline version";
}

/// A pipeline to make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPipeline {
    /// Its name.
    pub name: String,
    /// Its title; the name where there is none.
    pub display_name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Names and values to find it by.
    pub tags: Tags,
}

/// A version to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewVersion {
    /// Its name.
    pub name: String,
    /// Its title; the name where there is none.
    pub display_name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Where its source is.
    pub code_source_url: Option<String>,
    /// Names and values to find it by.
    pub tags: Tags,
    /// What it runs.
    pub source: VersionSource,
}

/// What a version runs, in either form.
#[derive(Clone, Debug, PartialEq)]
pub enum VersionSource {
    /// A compiled Kubeflow pipeline, alone or as `{pipeline_spec, platform_spec}`.
    Compiled(Json),
    /// A file: a document of Sandmill's own, or one that kfp's compiler wrote.
    Document(String),
}

impl Default for VersionSource {
    fn default() -> Self {
        Self::Compiled(Json::Null)
    }
}

/// What of a pipeline or a version may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another title.
    pub display_name: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Other tags, in place of all before.
    pub tags: Option<Tags>,
}

impl Executor {
    /// Makes a pipeline, with its first version where one is given: both or none.
    pub async fn create_pipeline(
        &self,
        new: NewPipeline,
        version: Option<NewVersion>,
    ) -> Result<Item<Pipeline>, Vec<Failure>> {
        check_name(Pipeline::KIND, &new.name).map_err(one)?;
        check_tags(&new.tags).map_err(one)?;
        let id = self.new_id().map_err(one)?;
        let record = Pipeline {
            display_name: new.display_name.unwrap_or_else(|| new.name.clone()),
            description: new.description,
            tags: new.tags,
        };
        let mut changes = vec![put_change(&id, "", &new.name, &record).map_err(one)?];
        if let Some(version) = version {
            let name = version.name.clone();
            let record = self.version_record(version).await?;
            changes.push(put_change(&self.new_id().map_err(one)?, &id, &name, &record).map_err(one)?);
        }
        let _writing = self.shared.catalogue.lock().await;
        self.change(changes).await.map_err(one)?;
        self.item(&id).await.map_err(one)
    }

    /// Makes a version of a pipeline.
    pub async fn create_pipeline_version(
        &self,
        pipeline: &str,
        new: NewVersion,
    ) -> Result<Item<PipelineVersion>, Vec<Failure>> {
        let name = new.name.clone();
        let record = self.version_record(new).await?;
        let _writing = self.shared.catalogue.lock().await;
        self.item::<Pipeline>(pipeline).await.map_err(one)?;
        let id = self.new_id().map_err(one)?;
        self.put(&id, pipeline, &name, &record).await.map_err(one)
    }

    async fn version_record(&self, new: NewVersion) -> Result<PipelineVersion, Vec<Failure>> {
        check_name(PipelineVersion::KIND, &new.name).map_err(one)?;
        check_tags(&new.tags).map_err(one)?;
        let spec = self.keep_source(&new.source).await?;
        Ok(PipelineVersion {
            display_name: new.display_name.unwrap_or(new.name),
            description: new.description,
            code_source_url: new.code_source_url,
            tags: new.tags,
            spec,
        })
    }

    /// Keeps what a version runs, where it can be read.
    async fn keep_source(&self, source: &VersionSource) -> Result<Digest, Vec<Failure>> {
        match source {
            VersionSource::Compiled(spec) => self.keep_spec(spec).await,
            VersionSource::Document(text) if sdk_spec::kfp::is_package(text) => {
                let (spec, _) = crate::kfp::package_and_parameters(text, std::collections::BTreeMap::new())?;
                self.keep_spec(&spec).await
            }
            VersionSource::Document(text) => {
                sdk_spec::Pipeline::parse(text).map_err(|error| host_pipeline::document_failures(&error))?;
                self.keep_text(text).await.map_err(one)
            }
        }
    }

    /// Keeps a compiled pipeline that can be read.
    pub(crate) async fn keep_spec(&self, spec: &Json) -> Result<Digest, Vec<Failure>> {
        sdk_spec::kfp::Package::from_json(spec).map_err(|error| host_pipeline::document_failures(&error))?;
        self.keep_text(&spec.to_string()).await.map_err(one)
    }

    /// One version of a pipeline.
    pub async fn pipeline_version(&self, pipeline: &str, id: &str) -> Result<Item<PipelineVersion>, Failure> {
        let version = self.item::<PipelineVersion>(id).await?;
        if version.owner == pipeline {
            return Ok(version);
        }
        Err(Failure::new(Code::NotFound, format!("pipeline {pipeline} has no version {id}"))
            .with_hint("the version belongs to another pipeline"))
    }

    /// The version that a reference means: the one it names, or the newest.
    pub async fn version_or_newest(
        &self,
        pipeline: &str,
        version: Option<&str>,
    ) -> Result<Item<PipelineVersion>, Failure> {
        match version.filter(|id| !id.is_empty()) {
            Some(id) if pipeline.is_empty() => self.item(id).await,
            Some(id) => self.pipeline_version(pipeline, id).await,
            None => {
                self.item::<Pipeline>(pipeline).await?;
                self.items::<PipelineVersion>(Some(pipeline)).await?.pop().ok_or_else(|| {
                    Failure::new(Code::NotFound, format!("pipeline {pipeline} has no version"))
                        .with_hint("upload one first")
                })
            }
        }
    }

    /// Changes what may be changed of a pipeline.
    pub async fn update_pipeline(&self, id: &str, changes: Changes) -> Result<Item<Pipeline>, Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let Item { owner, name, mut record, .. } = self.item::<Pipeline>(id).await?;
        changed(&mut record.display_name, &mut record.description, &mut record.tags, changes)?;
        self.put(id, &owner, &name, &record).await
    }

    /// Changes what may be changed of a version.
    pub async fn update_pipeline_version(
        &self,
        pipeline: &str,
        id: &str,
        changes: Changes,
    ) -> Result<Item<PipelineVersion>, Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let Item { owner, name, mut record, .. } = self.pipeline_version(pipeline, id).await?;
        changed(&mut record.display_name, &mut record.description, &mut record.tags, changes)?;
        self.put(id, &owner, &name, &record).await
    }

    /// Forgets a pipeline. It must have no versions unless they go with it.
    pub async fn delete_pipeline(&self, id: &str, cascade: bool) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let pipeline = self.item::<Pipeline>(id).await?;
        let versions = self.items::<PipelineVersion>(Some(id)).await?;
        if !versions.is_empty() && !cascade {
            let message = format!("pipeline `{}` still has {} versions", pipeline.name, versions.len());
            return Err(Failure::new(Code::BadRequest, message)
                .with_hint("delete its versions first, or delete it with `cascade=true`"));
        }
        let mut changes: Vec<_> = versions.iter().map(|version| removal::<PipelineVersion>(&version.id)).collect();
        changes.push(removal::<Pipeline>(id));
        self.change(changes).await
    }

    /// Forgets a version. Runs of it go on, and show what they ran.
    pub async fn delete_pipeline_version(&self, pipeline: &str, id: &str) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        self.pipeline_version(pipeline, id).await?;
        self.change(vec![removal::<PipelineVersion>(id)]).await
    }
}

fn changed(
    display_name: &mut String,
    description: &mut Option<String>,
    tags: &mut Tags,
    changes: Changes,
) -> Result<(), Failure> {
    if let Some(given) = changes.display_name {
        check_name("pipeline", &given)?;
        *display_name = given;
    }
    if changes.description.is_some() {
        *description = changes.description;
    }
    if let Some(given) = changes.tags {
        check_tags(&given)?;
        *tags = given;
    }
    Ok(())
}

fn check_tags(tags: &Tags) -> Result<(), Failure> {
    let refused =
        |message: String| Err(Failure::new(Code::BadRequest, message).with_hint("tag with fewer or shorter words"));
    if tags.len() > TAGS_MAX {
        return refused(format!("there are {} tags; at most {TAGS_MAX} fit", tags.len()));
    }
    for (name, value) in tags {
        let longest = name.chars().count().max(value.chars().count());
        if name.is_empty() || name.contains('.') || longest > TAG_CHARACTERS_MAX {
            return refused(format!(
                "the tag `{name}` must be of 1 to {TAG_CHARACTERS_MAX} characters without a full stop, and so its value"
            ));
        }
    }
    Ok(())
}

fn one(failure: Failure) -> Vec<Failure> {
    vec![failure]
}
