//! What tags lead to: through indexes to their manifests, and from manifests to those that are about them.
//! Never reads anything: manifests are handed in.

use std::collections::{HashMap, HashSet};

use registry_oci::{Digest, Manifest};

use super::named_by;

/// The manifests of one repository and how they hang together.
#[derive(Default)]
pub(super) struct Reach {
    named: HashMap<Digest, Vec<Digest>>,
    about: HashMap<Digest, Vec<Digest>>,
    reached: HashSet<Digest>,
}

impl Reach {
    pub(super) fn add(&mut self, digest: Digest, manifest: &Manifest) {
        let named: Vec<Digest> = named_by(manifest).into_iter().map(|named| named.digest.clone()).collect();
        if let Some(subject) = manifest.subject() {
            self.about.entry(subject.digest.clone()).or_default().push(digest.clone());
        }
        self.named.insert(digest, named);
    }

    /// Goes from these manifests as far as it leads.
    pub(super) fn follow(&mut self, from: Vec<Digest>) {
        let mut ahead = from;
        while let Some(digest) = ahead.pop() {
            // Content that is no manifest here leads nowhere.
            let Some(named) = self.named.get(&digest) else { continue };
            if !self.reached.insert(digest.clone()) {
                continue;
            }
            ahead.extend(named.iter().cloned());
            ahead.extend(self.about.get(&digest).into_iter().flatten().cloned());
        }
    }

    pub(super) fn unreached_manifests(&self) -> Vec<Digest> {
        self.named.keys().filter(|digest| !self.reached.contains(digest)).cloned().collect()
    }

    /// These manifests are gone.
    pub(super) fn forget(&mut self, manifests: &[Digest]) {
        for digest in manifests {
            self.named.remove(digest);
        }
    }

    /// Whatever a manifest that is there needs, whether a tag leads to it or not.
    pub(super) fn named(&self) -> HashSet<&Digest> {
        self.named.values().flatten().collect()
    }
}
