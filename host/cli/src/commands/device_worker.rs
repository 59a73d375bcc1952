//! `sandmill device-worker`: the process that computes for one guest. Nodes start it; people have no use for it.
//! Never returns before its input ends.

use std::fs::File;
use std::io::{self, BufReader, BufWriter};
use std::os::fd::AsFd;

use host_base::{Code, Failure};

use crate::trouble::Outcome;

/// Serves the guest whose node holds the other end of the socket.
pub fn device_worker() -> Outcome {
    let served = ends()
        .and_then(|(input, output)| host_gpu_worker::serve(&mut BufReader::new(input), &mut BufWriter::new(output)));
    served.map_err(|error| Failure::new(Code::DeviceLost, format!("the node cannot be understood: {error}")).into())
}

/// The socket as stdin and stdout, without the buffers that suit text: what passes here is whole tensors.
fn ends() -> io::Result<(File, File)> {
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    Ok((input.into(), output.into()))
}
