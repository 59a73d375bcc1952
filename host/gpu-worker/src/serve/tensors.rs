//! Requests to a device for tensors.
//! Never copies a content that comes in pieces: each is read to where the one before it ended.

use host_gpu::DeviceError;
use host_gpu::protocol::{Reply, Request, Tensor};

use super::{Payload, Served, Server, done, not_of_this_device};
use crate::tensors::TensorServer;

impl Server for Box<dyn TensorServer> {
    fn before(&mut self, request: &Request) -> Result<Vec<u8>, DeviceError> {
        match request {
            Request::Write { tensor, offset_bytes } => self.content_before(tensor, *offset_bytes),
            _ => Ok(Vec::new()),
        }
    }

    fn serve(&mut self, request: Request, payload: Vec<u8>) -> Served {
        match request {
            Request::Run => self.run(&payload).map(done),
            Request::Write { tensor, .. } => self.write(tensor, payload).map(done),
            Request::Read { tensor, last_use } => Ok((Reply::Content, vec![Box::new(self.read(&tensor, last_use)?)])),
            Request::WriteMany(named) => write_many(&mut **self, named, &payload).map(done),
            Request::ReadMany(named) => Ok((Reply::Content, read_many(&mut **self, &named)?)),
            Request::Synchronize => self.synchronize().map(|()| (Reply::Synchronized, Vec::new())),
            Request::Seed(seed) => self.seed(seed).map(done),
            _ => Err(not_of_this_device()),
        }
    }
}

/// Cuts a content into those of several tensors.
fn write_many(tensors: &mut dyn TensorServer, named: Vec<Tensor>, mut content: &[u8]) -> Result<(), DeviceError> {
    for tensor in named {
        let bytes = tensor.content_bytes().and_then(|bytes| usize::try_from(bytes).ok());
        let Some((own, rest)) = bytes.and_then(|bytes| content.split_at_checked(bytes)) else {
            let message = format!("the content ends before that of tensor {}", tensor.id);
            return Err(DeviceError::InvalidOperation(message));
        };
        content = rest;
        let mut whole = tensors.content_before(&tensor, 0)?;
        whole.extend_from_slice(own);
        tensors.write(tensor, whole)?;
    }
    Ok(())
}

/// The contents of several tensors, each as long as it was named.
fn read_many(tensors: &mut dyn TensorServer, named: &[Tensor]) -> Result<Vec<Payload>, DeviceError> {
    let read = |tensor: &Tensor| -> Result<Payload, DeviceError> {
        let content = tensors.read(tensor, false)?;
        if Some(content.len() as u64) != tensor.content_bytes() {
            let (id, bytes) = (tensor.id, content.len());
            let message = format!("tensor {id} was named with the shape {:?}, and holds {bytes} bytes", tensor.shape);
            return Err(DeviceError::InvalidOperation(message));
        }
        Ok(Box::new(content))
    };
    named.iter().map(read).collect()
}
