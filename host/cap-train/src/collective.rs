//! Capability `sandmill:collective`: buffers, and what a group does with them.
//! Never lets a guest name its group: it is in the one it was put into, or alone.

use std::sync::Arc;

use host_base::Failure;
use host_bindings::sandmill::collective::collective::{
    self, Error, Host, HostBuffer, Membership, Reduction as WitReduction,
};
use host_collective::{Buffer, CollectiveError, Operation, OutOfRange, Reduction, Seat, SharedBuffer};
use host_runtime::guest::GuestView;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, Resource};

/// Numbers that one `read` or `write` moves at most; `wit/` says so too.
const PIECE_ELEMENTS_MAX: usize = 1 << 20;
const ELEMENT_BYTES: u64 = size_of::<f32>() as u64;

/// What a function of the package returns: the outer error ends the guest, the inner one it sees.
type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectiveCapability;

/// What is kept for one guest. By default it is alone, and may have no buffers.
#[derive(Default)]
struct Own {
    seat: Seat,
    buffer_bytes_max: u64,
    buffer_bytes: u64,
}

struct Collective;

impl HasData for Collective {
    type Data<'a> = View<'a>;
}

/// What the functions see of a guest.
struct View<'a>(GuestView<'a, Own>);

fn view(state: &mut GuestState) -> View<'_> {
    View(state.view())
}

impl Capability for CollectiveCapability {
    fn name(&self) -> &'static str {
        "sandmill:collective"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 1] =
            [ProvidedImport { interface: "sandmill:collective/collective@0.1", need: Need::Nothing }];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        collective::add_to_linker::<_, Collective>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let seat = request.lent.get::<Seat>().map(|seat| Seat::clone(&seat)).unwrap_or_default();
        let buffer_bytes_max = request.limits.memory_bytes_max;
        setup.extensions.insert(Own { seat, buffer_bytes_max, buffer_bytes: 0 });
        Ok(())
    }
}

fn told(error: CollectiveError) -> Error {
    match error {
        CollectiveError::MembershipChanged => Error::MembershipChanged,
        CollectiveError::Deadline(millis) => Error::Deadline(millis),
        CollectiveError::Mismatch(differs) => Error::Mismatch(differs),
        CollectiveError::Invalid(reason) => Error::Invalid(reason),
    }
}

fn outside(error: OutOfRange) -> Error {
    Error::Invalid(error.to_string())
}

impl View<'_> {
    fn buffer(&self, handle: &Resource<SharedBuffer>) -> wasmtime::Result<SharedBuffer> {
        Ok(Arc::clone(self.0.table.get(handle)?))
    }

    async fn run(&mut self, operation: Operation) -> Answer<()> {
        Ok(self.0.own.seat.run(operation).await.map_err(told))
    }
}

impl HostBuffer for View<'_> {
    fn create(&mut self, elements: u64) -> Answer<Resource<SharedBuffer>> {
        let own = &mut *self.0.own;
        let total = elements.checked_mul(ELEMENT_BYTES).and_then(|bytes| bytes.checked_add(own.buffer_bytes));
        let total = total.filter(|total| *total <= own.buffer_bytes_max);
        let (Some(total), Ok(count)) = (total, usize::try_from(elements)) else {
            let message = format!("buffers: {} bytes in all, as much as the guest's memory", own.buffer_bytes_max);
            return Ok(Err(Error::LimitExceeded(message)));
        };
        let buffer = self.0.table.push(SharedBuffer::new(Buffer::zeros(count)))?;
        own.buffer_bytes = total;
        Ok(Ok(buffer))
    }

    fn elements(&mut self, buffer: Resource<SharedBuffer>) -> wasmtime::Result<u64> {
        Ok(self.0.table.get(&buffer)?.elements() as u64)
    }

    fn write(&mut self, buffer: Resource<SharedBuffer>, offset: u64, values: Vec<f32>) -> Answer<()> {
        if values.len() > PIECE_ELEMENTS_MAX {
            let message = format!("one write may carry {PIECE_ELEMENTS_MAX} numbers, not {}", values.len());
            return Ok(Err(Error::Invalid(message)));
        }
        Ok(self.0.table.get(&buffer)?.write(offset, &values).map_err(outside))
    }

    fn read(&mut self, buffer: Resource<SharedBuffer>, offset: u64, count: u32) -> Answer<Vec<f32>> {
        let count = PIECE_ELEMENTS_MAX.min(count as usize);
        Ok(self.0.table.get(&buffer)?.read(offset, count).map_err(outside))
    }

    fn drop(&mut self, buffer: Resource<SharedBuffer>) -> wasmtime::Result<()> {
        let buffer = self.0.table.delete(buffer)?;
        self.0.own.buffer_bytes -= buffer.elements() as u64 * ELEMENT_BYTES;
        Ok(())
    }
}

impl Host for View<'_> {
    fn join(&mut self) -> wasmtime::Result<Membership> {
        let (rank, size, generation) = self.0.own.seat.membership();
        Ok(Membership { rank, size, generation })
    }

    async fn all_reduce(&mut self, buffer: Resource<SharedBuffer>, reduction: WitReduction) -> Answer<()> {
        let buffer = self.buffer(&buffer)?;
        let reduction = match reduction {
            WitReduction::Sum => Reduction::Sum,
            WitReduction::Mean => Reduction::Mean,
            WitReduction::Min => Reduction::Min,
            WitReduction::Max => Reduction::Max,
        };
        self.run(Operation::AllReduce { buffer, reduction }).await
    }

    async fn broadcast(&mut self, buffer: Resource<SharedBuffer>, root: u32) -> Answer<()> {
        let buffer = self.buffer(&buffer)?;
        self.run(Operation::Broadcast { buffer, root }).await
    }

    async fn all_gather(&mut self, input: Resource<SharedBuffer>, output: Resource<SharedBuffer>) -> Answer<()> {
        let (input, output) = (self.buffer(&input)?, self.buffer(&output)?);
        self.run(Operation::AllGather { input, output }).await
    }

    async fn barrier(&mut self) -> Answer<()> {
        self.run(Operation::Barrier).await
    }
}
