//! Writes an artifact of a given length.
//! Never stops early by itself.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:huge-output;

        world program {
            use sandmill:data/artifacts@0.1.0.{artifact};
            export run: func(length-bytes: u64, give-up: bool) -> result<option<artifact>, string>;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:huge-output/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(length_bytes: u64, give_up: bool) -> Result<Option<Artifact>, String> {
        let writer = sandmill::data::artifacts::ArtifactWriter::new("application/octet-stream");
        let mut left = length_bytes;
        while left > 0 {
            let piece = vec![7u8; left.min(64 << 10) as usize];
            left -= piece.len() as u64;
            match writer.write(&piece) {
                Ok(()) => {}
                // A guest may find a way to do without.
                Err(_) if give_up => return Ok(None),
                Err(error) => return Err(format!("{error:?}")),
            }
        }
        let artifact = sandmill::data::artifacts::ArtifactWriter::finish(writer);
        artifact.map(Some).map_err(|error| format!("{error:?}"))
    }
}

export!(Program);
