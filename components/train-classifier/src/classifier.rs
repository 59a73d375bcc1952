//! A trained classifier: the document that is the model artifact, and how it predicts.
//! Never trains; the component evaluate-classifier compiles this same file to read what was trained.

use std::fmt;
use std::str::FromStr;

use sdk_guest::prelude::*;
use serde::{Deserialize, Serialize};
use smartcore::ensemble::random_forest_classifier::RandomForestClassifier;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::LogisticRegression;
use smartcore::metrics::distance::euclidian::Euclidian;
use smartcore::neighbors::knn_classifier::KNNClassifier;

use crate::rows::Rows;

/// The media type of the model.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.sandmill.classifier+json";

/// Raised when the document's shape changes.
const FORMAT: u32 = 1;

/// The release line whose form of the trained parts the document holds.
const LIBRARY: &str = "smartcore 0.7";

/// Values by row and column.
pub(crate) type Matrix = DenseMatrix<f64>;

/// Places in the list of classes.
pub(crate) type Places = Vec<u32>;

/// How to learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Algorithm {
    /// Many decision trees, each on other rows and features, that vote.
    RandomForest,
    /// One weight per feature and class.
    LogisticRegression,
    /// The class of the nearest rows.
    KNearestNeighbours,
}

impl Algorithm {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::RandomForest, Self::LogisticRegression, Self::KNearestNeighbours];

    /// As it is written in arguments and metadata.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RandomForest => "random-forest",
            Self::LogisticRegression => "logistic-regression",
            Self::KNearestNeighbours => "k-nearest-neighbours",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Failure::new(format!("there is no algorithm `{text}`")).with_hint(format!("there are {names}"))
        })
    }
}

/// A column that the classifier looks at, and the range it had in training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Feature {
    /// The column.
    pub(crate) name: String,
    /// Least value in training.
    pub(crate) min: f64,
    /// Greatest value in training.
    pub(crate) max: f64,
}

/// The model artifact's content.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Classifier {
    format: u32,
    library: String,
    /// How it was trained.
    pub(crate) algorithm: Algorithm,
    /// The column that it predicts.
    pub(crate) target: String,
    /// What that column may hold, in order.
    pub(crate) classes: Vec<String>,
    /// The columns it looks at, in order.
    pub(crate) features: Vec<Feature>,
    /// Rows it was trained on.
    pub(crate) rows: u64,
    /// What it was trained with.
    pub(crate) seed: u64,
    /// What was learned.
    pub(crate) learned: Learned,
}

/// What was learned.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Learned {
    /// Forests of one tree each, which is what lets training report how far it is.
    RandomForest(Vec<RandomForestClassifier<f64, u32, Matrix, Places>>),
    /// On features scaled to the range they had in training.
    LogisticRegression(LogisticRegression<f64, u32, Matrix, Places>),
    /// On features scaled to the range they had in training.
    KNearestNeighbours(KNNClassifier<f64, u32, Matrix, Places, Euclidian<f64>>),
}

/// What says whether the rest can be read.
#[derive(Deserialize)]
struct Header {
    format: u32,
    library: String,
}

impl Classifier {
    /// A classifier that has learned.
    pub(crate) fn new(algorithm: Algorithm, target: &str, rows: &Rows, seed: u64, learned: Learned) -> Self {
        Self {
            format: FORMAT,
            library: LIBRARY.to_owned(),
            algorithm,
            target: target.to_owned(),
            classes: rows.classes.clone(),
            features: rows.features(),
            rows: rows.count() as u64,
            seed,
            learned,
        }
    }

    /// Stores it.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    pub(crate) fn store(&self) -> Result<Model> {
        let mut writer = Model::writer(MEDIA_TYPE);
        writer.set_metadata("algorithm", self.algorithm.name())?;
        writer.set_metadata("target", &self.target)?;
        writer.set_metadata("classes", &self.classes.len().to_string())?;
        writer.set_metadata("features", &self.features.len().to_string())?;
        writer.set_metadata("rows", &self.rows.to_string())?;
        serde_json::to_writer(&mut writer, self).context("cannot write the model")?;
        writer.finish()
    }

    /// Reads a stored one.
    ///
    /// # Errors
    /// When the model is of another kind, or of a version that this one cannot read.
    pub(crate) fn load(model: &Model) -> Result<Self> {
        let media_type = model.describe().media_type;
        if media_type != MEDIA_TYPE {
            return Err(Failure::new(format!("the model is `{media_type}`, not a classifier (`{MEDIA_TYPE}`)"))
                .with_hint("give it a model that the component train-classifier made"));
        }
        let bytes = model.read_to_end()?;
        let header: Header = serde_json::from_slice(&bytes).context("the model cannot be read")?;
        if header.format != FORMAT || header.library != LIBRARY {
            return Err(Failure::new(format!(
                "the model was trained with {} (format {}), and this component reads {LIBRARY} (format {FORMAT})",
                header.library, header.format
            ))
            .with_hint("train it again with the train-classifier of the same release"));
        }
        serde_json::from_slice(&bytes).context("the model cannot be read")
    }

    /// The class of each row, as its place in [`Self::classes`].
    ///
    /// # Errors
    /// When the rows have other features, which readers of rows see to.
    pub(crate) fn predict(&self, rows: &Rows) -> Result<Vec<usize>> {
        let places = match &self.learned {
            Learned::RandomForest(trees) => {
                let matrix = rows.matrix()?;
                let mut votes = Votes::new(rows.count(), self.classes.len());
                for tree in trees {
                    votes.add(&tree.predict(&matrix)?);
                }
                return Ok(votes.winners());
            }
            Learned::LogisticRegression(regression) => regression.predict(&rows.scaled_matrix(&self.features)?)?,
            Learned::KNearestNeighbours(neighbours) => neighbours.predict(&rows.scaled_matrix(&self.features)?)?,
        };
        Ok(places.into_iter().map(|place| place as usize).collect())
    }
}

/// Votes of trees, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Votes {
    classes: usize,
    counts: Vec<u32>,
}

impl Votes {
    /// None yet.
    pub(crate) fn new(rows: usize, classes: usize) -> Self {
        Self { classes, counts: vec![0; rows * classes] }
    }

    /// Takes in one tree's opinion of every row.
    pub(crate) fn add(&mut self, places: &[u32]) {
        for (counts, place) in self.counts.chunks_exact_mut(self.classes).zip(places) {
            counts[*place as usize] += 1;
        }
    }

    /// The class with most votes for each row; the first of them where there is a tie.
    pub(crate) fn winners(&self) -> Vec<usize> {
        let winner = |counts: &[u32]| {
            let best = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
            best.map_or(0, |(place, _)| place)
        };
        self.counts.chunks_exact(self.classes).map(winner).collect()
    }
}
