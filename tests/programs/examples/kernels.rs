//! Kernels on a graphics adapter: honest ones, and every kind of wrong one.
//! Never uses a library: WGSL and the contract are all there is.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:kernels;

        world program {
            import sandmill:compute/devices@0.1.0;
            /// Whether there is an adapter; its name, or what was said.
            export adapter: func() -> result<string, string>;
            /// Doubles the numbers 0 to count on the adapter, by an override.
            export double: func(count: u32) -> result<list<f32>, string>;
            /// Copies and clears: what is left.
            export copy-and-clear: func() -> result<list<u32>, string>;
            /// What the compiler says of a source, as `line:column message`.
            export compile: func(source: string, entry-point: string) -> result<_, string>;
            /// A kernel that writes far past its buffer, and what a buffer beside it holds afterwards.
            export write-past-end: func() -> result<list<u32>, string>;
            /// A submission that takes very long.
            export never-end: func() -> result<_, string>;
            /// Buffers of a mebibyte that are kept.
            export hoard: func(buffers: u32) -> result<u32, string>;
            /// Arguments that cannot be meant, and what is said of each.
            export misuse: func() -> list<string>;
            /// Whether dispatches can be measured.
            export measure: func() -> result<u32, string>;
        }
    "#,
    path: "../../wit/compute@0.1.0",
    world: "programs:kernels/program",
    generate_all,
});

use sandmill::compute::devices::{Buffer, BufferCopy, Command, Device, Dispatch, Kernel};
use sandmill::compute::types::Error;

struct Program;

const DOUBLE: &str = "
    override factor: f32 = 1.0;
    @group(0) @binding(0) var<storage, read_write> numbers: array<f32>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3<u32>) {
        if (id.x < arrayLength(&numbers)) { numbers[id.x] = numbers[id.x] * factor; }
    }
";

/// Writes at an index that the compiler cannot know.
const PAST_END: &str = "
    @group(0) @binding(0) var<storage, read_write> numbers: array<u32>;
    @compute @workgroup_size(1)
    fn main(@builtin(global_invocation_id) id: vec3<u32>) {
        for (var step = 0u; step < 1000u; step++) { numbers[numbers[0] + step * 1009u] = 7u; }
    }
";

/// Far more work than a deadline allows, in loops that each end.
const LONG: &str = "
    @group(0) @binding(0) var<storage, read_write> numbers: array<f32>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3<u32>) {
        var sum = f32(id.x);
        for (var step = 0u; step < 60000u; step++) { sum = sum * 1.0001 + sin(sum); }
        numbers[id.x % 64u] = sum;
    }
";

fn told(error: Error) -> String {
    match error {
        Error::Unsupported(missing) => format!("unsupported: {missing}"),
        Error::InvalidArgument(reason) => format!("invalid argument: {reason}"),
        Error::InvalidKernel(problems) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.message))
                .collect();
            lines.join("\n")
        }
    }
}

fn dispatch<'a>(kernel: &'a Kernel, buffers: Vec<&'a Buffer>, x: u32) -> Command<'a> {
    Command::Dispatch(Dispatch { kernel, buffers, groups: (x, 1, 1) })
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}

fn buffer_of(device: &Device, words: &[u32]) -> Result<Buffer, Error> {
    let buffer = device.create_buffer(words.len() as u64 * 4)?;
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    buffer.write(0, &bytes)?;
    Ok(buffer)
}

impl Guest for Program {
    fn adapter() -> Result<String, String> {
        Ok(Device::open().map_err(told)?.describe().adapter)
    }

    fn double(count: u32) -> Result<Vec<f32>, String> {
        let device = Device::open().map_err(told)?;
        let kernel = device.create_kernel(DOUBLE, "main", &[("factor".to_owned(), 2.0)]).map_err(told)?;
        let buffer = device.create_buffer(u64::from(count) * 4).map_err(told)?;
        let bytes: Vec<u8> = (0..count).flat_map(|number| (number as f32).to_le_bytes()).collect();
        buffer.write(0, &bytes).map_err(told)?;
        device.submit(&[dispatch(&kernel, vec![&buffer], count.div_ceil(64))]).map_err(told)?;
        let read = buffer.read(0, u64::from(count) * 4).map_err(told)?;
        Ok(numbers(&read).into_iter().map(f32::from_bits).collect())
    }

    fn copy_and_clear() -> Result<Vec<u32>, String> {
        let device = Device::open().map_err(told)?;
        let source = buffer_of(&device, &[1, 2, 3, 4]).map_err(told)?;
        let destination = buffer_of(&device, &[9, 9, 9, 9]).map_err(told)?;
        let copy = BufferCopy {
            source: &source,
            source_offset_bytes: 4,
            destination: &destination,
            destination_offset_bytes: 8,
            length_bytes: 8,
        };
        device.submit(&[Command::Copy(copy), Command::Clear(&source)]).map_err(told)?;
        let mut left = numbers(&source.read(0, 16).map_err(told)?);
        left.extend(numbers(&destination.read(0, 16).map_err(told)?));
        Ok(left)
    }

    fn compile(source: String, entry_point: String) -> Result<(), String> {
        let device = Device::open().map_err(told)?;
        device.create_kernel(&source, &entry_point, &[]).map(drop).map_err(told)
    }

    fn write_past_end() -> Result<Vec<u32>, String> {
        let device = Device::open().map_err(told)?;
        let kernel = device.create_kernel(PAST_END, "main", &[]).map_err(told)?;
        let before = buffer_of(&device, &[5; 64]).map_err(told)?;
        let small = buffer_of(&device, &[1 << 16, 0, 0, 0]).map_err(told)?;
        let after = buffer_of(&device, &[5; 64]).map_err(told)?;
        device.submit(&[dispatch(&kernel, vec![&small], 1)]).map_err(told)?;
        let mut left = numbers(&before.read(0, 256).map_err(told)?);
        left.extend(numbers(&after.read(0, 256).map_err(told)?));
        Ok(left)
    }

    fn never_end() -> Result<(), String> {
        let device = Device::open().map_err(told)?;
        let kernel = device.create_kernel(LONG, "main", &[]).map_err(told)?;
        let buffer = device.create_buffer(256).map_err(told)?;
        device.submit(&[dispatch(&kernel, vec![&buffer], 60_000)]).map_err(told)?;
        buffer.read(0, 4).map(drop).map_err(told)
    }

    fn hoard(buffers: u32) -> Result<u32, String> {
        let device = Device::open().map_err(told)?;
        let kept: Result<Vec<Buffer>, Error> = (0..buffers).map(|_| device.create_buffer(1 << 20)).collect();
        let kept = kept.map_err(told)?;
        kept.last().map_or(Ok(Vec::new()), |last| last.read(0, 4)).map_err(told)?;
        Ok(kept.len() as u32)
    }

    fn misuse() -> Vec<String> {
        let device = Device::open().ok().expect("a device");
        let other = Device::open().ok().expect("a second device");
        let buffer = device.create_buffer(16).ok().expect("a buffer");
        let foreign = other.create_buffer(16).ok().expect("a buffer");
        let kernel = device.create_kernel(DOUBLE, "main", &[]).ok().expect("a kernel");
        let within = BufferCopy {
            source: &buffer,
            source_offset_bytes: 0,
            destination: &buffer,
            destination_offset_bytes: 8,
            length_bytes: 8,
        };
        let many: Vec<Command<'_>> = (0..1_001).map(|_| Command::Clear(&buffer)).collect();
        [
            device.create_buffer(3).map(drop),
            device.create_buffer(0).map(drop),
            device.create_buffer(u64::MAX & !3).map(drop),
            buffer.write(14, &[0; 4]),
            buffer.read(0, 20).map(drop),
            device.submit(&[dispatch(&kernel, vec![&foreign], 1)]),
            device.submit(&[dispatch(&kernel, vec![&buffer], u32::MAX)]),
            device.submit(&[Command::Copy(within)]),
            device.submit(&many),
            device.create_kernel(&" ".repeat(256 * 1024 + 1), "main", &[]).map(drop),
        ]
        .into_iter()
        .map(|result| result.map_or_else(told, |()| "done".to_owned()))
        .collect()
    }

    fn measure() -> Result<u32, String> {
        let device = Device::open().map_err(told)?;
        let kernel = device.create_kernel(DOUBLE, "main", &[]).map_err(told)?;
        let buffer = device.create_buffer(1 << 16).map_err(told)?;
        let twice = [dispatch(&kernel, vec![&buffer], 256), dispatch(&kernel, vec![&buffer], 256)];
        let spans = device.measure(&twice).map_err(told)?;
        Ok(spans.iter().filter(|nanoseconds| **nanoseconds > 0).count() as u32)
    }
}

export!(Program);
