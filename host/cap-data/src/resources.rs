//! Artifacts, data sets and models: three interfaces over the same bytes.
//! Never differs between them but in name, so that one macro writes all three.

use host_bindings::sandmill::data;
use host_bindings::sandmill::data::types::{Description, Error};
use host_runtime::handles::{
    ArtifactHandle, ArtifactWriterHandle, DataSetHandle, DataSetWriterHandle, ModelHandle, ModelWriterHandle,
};
use wasmtime::component::Resource;

use crate::DataView;
use crate::content::Answer;

impl data::types::Host for DataView<'_> {}

macro_rules! interface {
    ($module:ident, $host:ident, $handle:ident, $host_writer:ident, $writer:ident) => {
        impl data::$module::Host for DataView<'_> {}

        impl data::$module::$host for DataView<'_> {
            fn describe(&mut self, handle: Resource<$handle>) -> wasmtime::Result<Description> {
                self.describe_handle(&handle)
            }

            async fn read(
                &mut self,
                handle: Resource<$handle>,
                offset_bytes: u64,
                length_bytes: u32,
            ) -> Answer<Vec<u8>> {
                self.read_handle(handle, offset_bytes, length_bytes).await
            }

            fn drop(&mut self, handle: Resource<$handle>) -> wasmtime::Result<()> {
                self.forget(handle)
            }
        }

        impl data::$module::$host_writer for DataView<'_> {
            fn new(&mut self, media_type: String) -> wasmtime::Result<Resource<$writer>> {
                self.new_writer(media_type)
            }

            fn set_metadata(
                &mut self,
                writer: Resource<$writer>,
                name: String,
                value: String,
            ) -> wasmtime::Result<Result<(), Error>> {
                self.set_writer_metadata(&writer, name, value)
            }

            async fn write(&mut self, writer: Resource<$writer>, bytes: Vec<u8>) -> Answer<()> {
                self.write_piece(writer, bytes).await
            }

            async fn finish(&mut self, writer: Resource<$writer>) -> Answer<Resource<$handle>> {
                self.finish_writer(writer).await
            }

            fn drop(&mut self, writer: Resource<$writer>) -> wasmtime::Result<()> {
                self.forget(writer)
            }
        }
    };
}

interface!(artifacts, HostArtifact, ArtifactHandle, HostArtifactWriter, ArtifactWriterHandle);
interface!(data_sets, HostDataSet, DataSetHandle, HostDataSetWriter, DataSetWriterHandle);
interface!(models, HostModel, ModelHandle, HostModelWriter, ModelWriterHandle);
