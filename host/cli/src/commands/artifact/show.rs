//! `sandmill artifact show`: an artifact and its lineage.
//! Never its bytes.

use host_api::artifact::ArtifactDetail;
use host_client::Client;
use registry_oci::Digest;

use crate::format;
use crate::printer::{Printer, clean};
use crate::table::{Table, cell};
use crate::trouble::Outcome;

/// Prints it.
pub async fn show(client: &Client, digest: &Digest, printer: &Printer) -> Outcome {
    let detail = client.artifact(&digest.to_string()).await?;
    printer.either(&detail, || text(&detail, printer.colours))
}

fn text(detail: &ArtifactDetail, colours: bool) -> String {
    let made = &detail.artifact;
    let artifact = &made.artifact;
    let maker = match (&made.run, &made.step, &made.output) {
        (Some(run), Some(step), Some(output)) => format!("{step}.{output} of run {run}"),
        _ => "an upload".to_owned(),
    };
    let mut lines = vec![
        format!("digest      {}", artifact.digest),
        format!("kind        {}", artifact.kind.name()),
        format!("media type  {}", clean(&artifact.media_type)),
        format!("size        {}", format::bytes(artifact.size_bytes)),
        format!("made        {} by {maker}", format::moment(made.made_at_millis)),
    ];
    lines.extend(detail.component.as_ref().map(|component| format!("component   {}", clean(component))));
    lines.extend(
        detail.signer.as_ref().map(|signer| format!("signed by   {} ({})", clean(&signer.name), clean(&signer.key))),
    );
    lines.extend(
        artifact.metadata.iter().map(|(name, value)| format!("metadata    {} = {}", clean(name), clean(value))),
    );
    if !detail.uses.is_empty() {
        let mut table = Table::new(&["USED BY RUN", "STEP", "AS"]);
        for used in &detail.uses {
            table.row(vec![cell(&used.run), cell(&used.step), cell(&used.parameter)]);
        }
        lines.push(format!("\n{}", table.render(colours)));
    }
    lines.join("\n")
}
