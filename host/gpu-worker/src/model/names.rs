//! The names of a model's outputs, as its author gave them: the reader of models gives them names of its own.
//! Never reads the file a second time: everything but the names is stepped over by its length.

/// The graph within a model, an output within a graph, and the name of one, by their numbers in ONNX's own schema.
const GRAPH: u64 = 7;
const OUTPUT: u64 = 12;
const NAME: u64 = 1;

/// The names, in order; fewer where the file is damaged.
pub fn output_names(file: &[u8]) -> Vec<String> {
    let graphs = fields(file).filter(|(number, _)| *number == GRAPH);
    let outputs = graphs.flat_map(|(_, graph)| fields(graph)).filter(|(number, _)| *number == OUTPUT);
    let name = |(_, output)| fields(output).filter(|(number, _)| *number == NAME).last();
    outputs
        .map(|output| name(output).map(|(_, name)| String::from_utf8_lossy(name).into_owned()).unwrap_or_default())
        .collect()
}

/// Fields of a message that have a length of their own: their numbers and contents.
fn fields(mut bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            let key = varint(&mut bytes)?;
            match key & 7 {
                0 => drop(varint(&mut bytes)?),
                1 => drop(part(&mut bytes, 8)?),
                2 => {
                    let length = varint(&mut bytes)?;
                    return Some((key >> 3, part(&mut bytes, length)?));
                }
                5 => drop(part(&mut bytes, 4)?),
                _ => return None,
            }
        }
    })
}

/// The next number: seven bits to a byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn part<'bytes>(bytes: &mut &'bytes [u8], length: u64) -> Option<&'bytes [u8]> {
    let (part, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    Some(part)
}

#[cfg(test)]
mod tests;
