//! The programs by name. One that no test uses is dead code, which does not compile.
//! Never lists a program that does not exist: the folder is compared.

#![deny(dead_code, reason = "a program without a test must not compile")]

use std::collections::BTreeSet;
use std::path::Path;

macro_rules! programs {
    ($($constant:ident = $name:literal,)+) => {
        $(pub(crate) const $constant: &str = $name;)+

        const ALL: &[&str] = &[$($name,)+];
    };
}

programs! {
    ASK_PLATFORM = "ask-platform",
    COPY_FILE = "copy-file",
    ECHO = "echo",
    ENDLESS_LOOP = "endless-loop",
    EXIT_STATUS = "exit-status",
    FAIL = "fail",
    FIBONACCI = "fibonacci",
    HANDLES = "handles",
    HTTP_GET = "http-get",
    HUGE_CALL = "huge-call",
    HUGE_OUTPUT = "huge-output",
    KERNELS = "kernels",
    KERNEL_FLEETING = "kernel-fleeting",
    KERNEL_WORDS = "kernel-words",
    LOG_FLOOD = "log-flood",
    MEMORY_BOMB = "memory-bomb",
    NOOP = "noop",
    PANIC = "panic",
    SENSES = "senses",
    SLEEP = "sleep",
    TALK = "talk",
    TRAIN_BADLY = "train-badly",
    TRAIN_LINE = "train-line",
    MODEL_RUNNER = "model-runner",
    TENSORS = "tensors",
    TENSOR_LASTING = "tensor-lasting",
    TENSOR_MISUSE = "tensor-misuse",
    TENSOR_TRANSFER = "tensor-transfer",
    TRAIN_TENSORS = "train-tensors",
    TRAP = "trap",
    TRY_FILES = "try-files",
    USE_SOCKET = "use-socket",
    WEIGHTS = "weights",
    WRITE_FILES = "write-files",
}

#[test]
fn every_program_has_a_test() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let files = ["examples", "src/bin"].map(|folder| std::fs::read_dir(programs.join(folder)).unwrap());
    let found: BTreeSet<String> = files
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = ALL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, listed, "tests/programs and the list above differ");
}
