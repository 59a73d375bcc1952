//! Parsers of what strangers send, each with what holds for any bytes and with seeds to begin from.
//! Never a parser that only our own words reach.

pub mod seeds;
mod targets;

/// A parser, and what must hold whatever it is given.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// Panics where a promise is broken. Refusing the bytes is no breach.
    pub check: fn(&[u8]),
    /// What it takes.
    pub seeds: &'static [&'static str],
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "manifest", check: targets::manifest, seeds: seeds::MANIFESTS },
    Target { name: "reference", check: targets::reference, seeds: seeds::REFERENCES },
    Target { name: "digest", check: targets::digest, seeds: seeds::DIGESTS },
    Target { name: "envelope", check: targets::envelope, seeds: seeds::ENVELOPES },
    Target { name: "public-key", check: targets::public_key, seeds: seeds::PUBLIC_KEYS },
    Target { name: "pipeline", check: targets::pipeline, seeds: seeds::PIPELINES },
    Target { name: "policy", check: targets::policy, seeds: seeds::POLICIES },
    Target { name: "train-job", check: targets::train_job, seeds: seeds::TRAIN_JOBS },
    Target { name: "training-manifest", check: targets::training_manifest, seeds: seeds::TRAINING_MANIFESTS },
    Target { name: "compiled-pipeline", check: targets::compiled_pipeline, seeds: seeds::COMPILED_PIPELINES },
    Target { name: "condition", check: targets::condition, seeds: seeds::CONDITIONS },
    Target { name: "template", check: targets::template, seeds: seeds::TEMPLATES },
    Target { name: "weights-header", check: targets::weights_header, seeds: seeds::WEIGHTS_HEADERS },
    Target { name: "component", check: targets::component, seeds: seeds::COMPONENTS },
];
