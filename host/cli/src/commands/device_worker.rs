//! `sandmill device-worker`: the process that computes for one guest. Nodes start it; people have no use for it.
//! Never returns before its input ends.

use std::fs::File;
use std::io::{self, BufReader, BufWriter};
use std::os::fd::AsFd;

use host_base::{Code, Failure};

use crate::trouble::Outcome;

/// Serves the guest whose node holds the other end of the socket.
pub fn device_worker() -> Outcome {
    let served = ends().and_then(|[input, output, area]| {
        host_gpu_worker::serve(&mut BufReader::new(input), &mut BufWriter::new(output), &area)
    });
    served.map_err(|error| Failure::new(Code::DeviceLost, format!("the node cannot be understood: {error}")).into())
}

/// The socket, twice, and the memory that is shared: what a worker is started with in the places of stdin and stdout.
/// Without the buffers that suit text, since what passes here is whole tensors.
fn ends() -> io::Result<[File; 3]> {
    let (socket, area) = (io::stdin(), io::stdout());
    let ends = [socket.as_fd(), socket.as_fd(), area.as_fd()].map(|end| end.try_clone_to_owned().map(File::from));
    let [input, output, area] = ends;
    Ok([input?, output?, area?])
}
