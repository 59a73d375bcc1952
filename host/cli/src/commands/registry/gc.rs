//! `sandmill registry gc`: one collection of garbage.
//! Never beside a registry that serves from the folder: that one collects by itself.

use std::net::{Ipv4Addr, SocketAddr};

use host_node::{RegistryAlone, RegistryAloneConfig};

use crate::args::RegistryPlaceArguments;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Collects and says what went.
pub async fn gc(place: RegistryPlaceArguments, printer: &Printer) -> Outcome {
    let (data_folder, settings) = super::place(place)?;
    // Nothing listens: the address only stands for this machine.
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let collected = RegistryAlone::collect_garbage(&RegistryAloneConfig { data_folder, listen, settings }).await?;
    printer.either(&collected, || {
        let manifests = collected.manifests;
        format!(
            "manifests  {manifests}\nlinks      {}\nblobs      {} ({} bytes)",
            collected.links, collected.blobs, collected.bytes
        )
    })
}
