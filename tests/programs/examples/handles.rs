//! Takes and returns handles of every kind.
//! Never changes the content.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]
#![expect(clippy::needless_pass_by_value, reason = "`map_err` hands the error over")]

wit_bindgen::generate!({
    inline: r#"
        package programs:handles;

        world program {
            use sandmill:data/artifacts@0.1.0.{artifact};
            use sandmill:data/data-sets@0.1.0.{data-set};
            use sandmill:data/models@0.1.0.{model};
            use sandmill:data/metrics@0.1.0.{metrics};
            use sandmill:step/types@0.1.0.{failure};
            record both { left: data-set, right: data-set, rows: u64 }
            record scores { summary: metrics, accuracy: f64 }
            export copy-artifact: func(input: borrow<artifact>) -> result<artifact, failure>;
            export copy-model: func(input: model) -> result<model, failure>;
            export split: func(input: borrow<data-set>) -> result<both, failure>;
            export evaluate: func(accuracy: f64) -> result<metrics, failure>;
            export read-metrics: func(input: borrow<metrics>) -> scores-read;
            record scores-read { accuracy: f64, classes: u32, diagonal: u64, digest: string }
            export maybe: func(input: option<artifact>) -> option<artifact>;
            export misuse: func(input: borrow<artifact>) -> list<string>;
            export pass-list: func(input: list<artifact>) -> u32;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:handles/program",
    generate_all,
});

struct Program;

use sandmill::data::artifacts::ArtifactWriter;
use sandmill::data::data_sets::DataSetWriter;
use sandmill::data::metrics::{ClassScores, ConfusionMatrix, MetricsWriter};
use sandmill::data::models::ModelWriter;
use sandmill::data::types::Error;

fn told(error: Error) -> Failure {
    Failure { message: format!("{error:?}"), hint: None, retryable: false }
}

impl Guest for Program {
    fn copy_artifact(input: &Artifact) -> Result<Artifact, Failure> {
        let about = input.describe();
        let writer = ArtifactWriter::new(&about.media_type);
        for (name, value) in &about.metadata {
            writer.set_metadata(name, value).map_err(told)?;
        }
        writer.set_metadata("copied-from", &about.digest).map_err(told)?;
        let mut offset = 0;
        loop {
            let piece = input.read(offset, 5).map_err(told)?;
            if piece.is_empty() {
                return ArtifactWriter::finish(writer).map_err(told);
            }
            offset += piece.len() as u64;
            writer.write(&piece).map_err(told)?;
        }
    }

    fn copy_model(input: Model) -> Result<Model, Failure> {
        let writer = ModelWriter::new("application/octet-stream");
        writer.write(&input.read(0, u32::MAX).map_err(told)?).map_err(told)?;
        ModelWriter::finish(writer).map_err(told)
    }

    fn split(input: &DataSet) -> Result<Both, Failure> {
        let length = input.describe().size_bytes;
        let half = |offset: u64, length: u64| {
            let writer = DataSetWriter::new("text/csv");
            writer.write(&input.read(offset, length as u32)?)?;
            DataSetWriter::finish(writer)
        };
        let middle = length / 2;
        Ok(Both {
            left: half(0, middle).map_err(told)?,
            right: half(middle, length - middle).map_err(told)?,
            rows: length,
        })
    }

    fn evaluate(accuracy: f64) -> Result<Metrics, Failure> {
        let writer = MetricsWriter::new();
        writer.set_scalar("accuracy", accuracy).map_err(told)?;
        let class = ClassScores { label: "a".into(), precision: 1.0, recall: 0.5, f1: 0.6, support: 3 };
        writer.set_classes(&[class]).map_err(told)?;
        let matrix = ConfusionMatrix { labels: vec!["a".into(), "b".into()], counts: vec![vec![3, 0], vec![1, 4]] };
        writer.set_confusion(&matrix).map_err(told)?;
        MetricsWriter::finish(writer).map_err(told)
    }

    fn read_metrics(input: &Metrics) -> ScoresRead {
        let diagonal = |matrix: ConfusionMatrix| matrix.counts.iter().enumerate().map(|(index, row)| row[index]).sum();
        ScoresRead {
            accuracy: input.scalars().iter().find(|(name, _)| name == "accuracy").map_or(-1.0, |(_, value)| *value),
            classes: input.classes().len() as u32,
            diagonal: input.confusion().map_or(0, diagonal),
            digest: input.describe().digest,
        }
    }

    fn maybe(input: Option<Artifact>) -> Option<Artifact> {
        input
    }

    fn misuse(input: &Artifact) -> Vec<String> {
        let length = input.describe().size_bytes;
        let empty = ArtifactWriter::new("");
        let big = ArtifactWriter::new("text/plain");
        let metrics = MetricsWriter::new();
        let crooked = ConfusionMatrix { labels: vec!["a".into()], counts: vec![vec![1, 2]] };
        vec![
            format!("{:?}", input.read(length + 1, 1)),
            format!("{:?}", input.read(length, 1)),
            format!("{:?}", empty.write(b"x")),
            format!("{:?}", big.write(&vec![0; (1 << 20) + 1])),
            format!("{:?}", big.set_metadata("name", &"x".repeat(1 << 20))),
            format!("{:?}", metrics.set_scalar("loss", f64::NAN)),
            format!("{:?}", metrics.set_confusion(&crooked)),
        ]
    }

    fn pass_list(input: Vec<Artifact>) -> u32 {
        input.len() as u32
    }
}

export!(Program);
