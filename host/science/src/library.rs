//! Archives of Python modules as a component that hands out their bytes.
//! Never unpacks one: the interpreter reads what it needs, and pages that nobody reads stay where the file is.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection, MemArg, MemorySection,
    MemoryType, Module, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::parts::Contracts;

const PAGE_BYTES: usize = 65_536;
/// Where a list that is handed out is described: its address and its length.
const LIST_AT: u64 = 0;
/// Where the archives are listed, in the same form; the last entry is the one of archives that are not there.
const ENTRIES_AT: u64 = 8;
const ENTRY_BYTES: usize = 8;

/// This component's own modules in Python, and those that it shares with run-python.
pub fn program(folder: &Path) -> Result<Vec<u8>> {
    let shared = crate::root().join("components/run-python/src");
    let mut files = Vec::new();
    for (root, below) in [(folder.join("src"), ""), (shared.clone(), "sandmill_kernel"), (shared, "sandmill")] {
        collect(&root, &root.join(below), &mut files)?;
    }
    files.sort();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, path) in files {
        // Without the time of the file, so that the same sources give the same component.
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(&fs::read(&path).with_context(|| format!("reading {}", path.display()))?)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Every module below a folder, by its path below `root`.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push((path.strip_prefix(root)?.to_string_lossy().into_owned(), path));
        }
    }
    Ok(())
}

/// The component of the world `library-part`.
pub fn component(archives: &[Vec<u8>], contracts: &Contracts) -> Result<Vec<u8>> {
    let mut module = module(archives)?;
    let world = contracts.world("library-part")?;
    embed_component_metadata(&mut module, &contracts.resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().module(&module)?.encode().context("making the library a component")
}

fn module(archives: &[Vec<u8>]) -> Result<Vec<u8>> {
    let (image, entries) = image(archives)?;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32; 3], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1);
    let pages = image.len().div_ceil(PAGE_BYTES) as u64;
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: Some(pages),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("sandmill:run-science/library#size", ExportKind::Func, 0);
    exports.export("sandmill:run-science/library#read", ExportKind::Func, 1);
    let mut code = CodeSection::new();
    code.function(&size(entries)).function(&read(entries));
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(0), image);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&exports).section(&code).section(&data);
    Ok(module.finish())
}

/// The memory that it begins with, and how many archives are in it.
fn image(archives: &[Vec<u8>]) -> Result<(Vec<u8>, i32)> {
    let mut start = ENTRIES_AT as usize + (archives.len() + 1) * ENTRY_BYTES;
    let mut image = vec![0; ENTRIES_AT as usize];
    for archive in archives {
        image.extend(u32::try_from(start)?.to_le_bytes());
        image.extend(u32::try_from(archive.len())?.to_le_bytes());
        start += archive.len();
    }
    image.extend([0; ENTRY_BYTES]);
    archives.iter().for_each(|archive| image.extend(archive));
    Ok((image, i32::try_from(archives.len())?))
}

fn word(at: u64) -> MemArg {
    MemArg { offset: at, align: 2, memory_index: 0 }
}

/// Leaves on the stack where the entry of the archive is that the first parameter names.
fn entry(function: &mut Function, entries: i32) {
    let mut code = function.instructions();
    code.local_get(0).i32_const(entries).local_get(0).i32_const(entries).i32_lt_u().select();
    code.i32_const(ENTRY_BYTES as i32).i32_mul();
}

fn size(entries: i32) -> Function {
    let mut function = Function::new([]);
    entry(&mut function, entries);
    function.instructions().i32_load(word(ENTRIES_AT + 4)).end();
    function
}

fn read(entries: i32) -> Function {
    let (offset, length) = (1, 2);
    let (at, rest) = (3, 4);
    let mut function = Function::new([(2, ValType::I32)]);
    entry(&mut function, entries);
    let mut code = function.instructions();
    code.local_tee(at).i32_load(word(ENTRIES_AT + 4)).local_set(rest);
    // No further than to the end, from wherever: what is behind it is nothing.
    code.local_get(offset).local_get(rest).local_get(offset).local_get(rest).i32_lt_u().select().local_set(offset);
    code.local_get(rest).local_get(offset).i32_sub().local_set(rest);
    code.i32_const(0).local_get(at).i32_load(word(ENTRIES_AT)).local_get(offset).i32_add().i32_store(word(LIST_AT));
    code.i32_const(0);
    code.local_get(length).local_get(rest).local_get(length).local_get(rest).i32_lt_u().select();
    code.i32_store(word(LIST_AT + 4));
    code.i32_const(LIST_AT as i32).end();
    function
}
