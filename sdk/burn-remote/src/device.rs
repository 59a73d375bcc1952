//! The device that a step was granted, as Burn names devices.
//! Never another one than that: a step has one device.

use burn_backend::{DeviceId, DeviceOps, RouterDeviceType};
use burn_std::{BoolDType, DeviceSettings, FloatDType, IntDType};

use crate::element;
use crate::queue::queue;

/// The step's device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteDevice;

impl RemoteDevice {
    /// Always 0: a step has one device.
    #[must_use]
    pub fn device_index(&self) -> usize {
        0
    }
}

impl burn_std::device::Device for RemoteDevice {
    fn from_id(_: DeviceId) -> Self {
        Self
    }

    fn to_id(&self) -> DeviceId {
        DeviceId { type_id: RouterDeviceType::Remote.into(), index_id: 0 }
    }
}

impl DeviceOps for RemoteDevice {
    fn defaults(&self) -> DeviceSettings {
        let device = queue().device().describe();
        DeviceSettings::with_dtypes(
            FloatDType::from(element::from_contract(device.default_float)),
            IntDType::from(element::from_contract(device.default_int)),
            BoolDType::from(element::from_contract(device.default_bool)),
        )
    }
}
