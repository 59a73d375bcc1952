//! Tells what it can see of the world.
//! Never changes anything there.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:senses;

        world program {
            record seen {
                wall-millis: u64,
                monotonic-moves: bool,
                random: list<u8>,
                environment: list<tuple<string, string>>,
                folders: list<string>,
            }
            export look: func(folder: string) -> seen;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:senses/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn look(folder: String) -> Seen {
        let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let before = std::time::Instant::now();
        Seen {
            wall_millis: wall.as_millis() as u64,
            monotonic_moves: before < std::time::Instant::now(),
            random: wasip2::random::random::get_random_bytes(16),
            environment: std::env::vars().collect(),
            folders: std::fs::read_dir(folder)
                .map(|entries| {
                    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
                })
                .unwrap_or_default(),
        }
    }
}

export!(Program);
