//! What a node tells of its devices: what they compute on, and what of them is in use.
//! Never needs a graphics adapter: steps compute on the processors.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use host_executor::{LoadSample, NodeLoad};
use host_node::DeviceBackend;

use crate::local_node::LocalNode;

/// Trains for longer than anybody waits, and reads a loss after each step.
const WORK: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: train }
spec:
  steps:
    train:
      component: programs/tensors:1
      function: train
      arguments: { steps: 1000000, seed: 1 }
      grants: { device: { memory: 64MiB } }
";

/// What the network itself takes: two layers without their biases, in `f32`.
const NETWORK_BYTES: u64 = (64 * 32 + 32 * 10) * 4;
const WAIT: Duration = Duration::from_secs(60);

async fn node(backend: DeviceBackend, memory_bytes_max: u64) -> LocalNode {
    let program = tests_kit::binary::path().to_owned();
    LocalNode::start_with(|config| {
        config.devices.worker = Some(program);
        config.devices.backend = backend;
        config.policy.device_memory_bytes_max = memory_bytes_max;
    })
    .await
}

/// Waits until the node's load is like this.
async fn until(node: &LocalNode, what: &str, holds: impl Fn(&NodeLoad, &LoadSample) -> bool) -> NodeLoad {
    let begun = Instant::now();
    loop {
        let load = node.node.executor().load().await;
        let now = *load.samples.last().unwrap();
        if holds(&load, &now) {
            return load;
        }
        assert!(begun.elapsed() < WAIT, "waited for {what}: {now:?} {:?}", load.devices);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_tells_what_its_devices_are_and_how_much_of_them_is_in_use() {
    let node = node(DeviceBackend::Cpu, 1 << 30).await;
    let told = until(&node, "the drivers", |load, _| load.devices.machine.is_some()).await;
    assert_eq!(told.devices.memory_bytes_max, 1 << 30);
    assert_eq!(told.devices.machine.unwrap().chosen, None, "the processors compute, whatever adapters there are");
    assert_eq!(told.samples.last().unwrap().devices.open, 0, "the question itself is no device");

    node.push_guests_of(WORK).await;
    let run = node.submit(WORK, &BTreeMap::new()).await.unwrap();
    until(&node, "the step's tensors", |_, now| now.devices.taken_bytes >= NETWORK_BYTES).await;
    let load = until(&node, "a sample", |_, now| now.devices.open == 1).await;
    let devices = load.samples.last().unwrap().devices;
    assert_eq!(devices.granted_bytes, 64 << 20);
    assert!(devices.taken_bytes <= devices.granted_bytes, "{devices:?}");

    node.node.executor().cancel(&run).await.unwrap();
    node.finished(&run).await;
    until(&node, "the device's end", |_, now| now.devices == host_gpu::DevicesInUse::default()).await;
    let history = node.node.executor().load().await.samples;
    assert!(history.iter().any(|sample| sample.devices.open == 1), "what was in use is kept for an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_grants_no_devices_asks_no_driver() {
    let node = node(DeviceBackend::Cpu, 0).await;
    for _ in 0..3 {
        let devices = node.node.executor().load().await.devices;
        assert_eq!((devices.memory_bytes_max, devices.machine, devices.problem), (0, None, None));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_that_cannot_be_asked_are_told_once_and_the_node_goes_on() {
    let node = LocalNode::start_with(|config| {
        config.devices.worker = Some("/no/such/program".into());
        config.policy.device_memory_bytes_max = 1 << 30;
    })
    .await;
    let told = until(&node, "the drivers", |load, _| load.devices.problem.is_some()).await;
    assert!(told.devices.problem.unwrap().contains("/no/such/program"));
}

/// Mesa's software adapter is on machines that have `mesa-vulkan-drivers`; others have to say that there is none.
#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_is_named_with_its_interface() {
    let node = node(DeviceBackend::Gpu, 1 << 30).await;
    let told = until(&node, "the drivers", |load, _| load.devices.machine.is_some()).await;
    let machine = told.devices.machine.unwrap();
    match machine.chosen {
        Some(number) => {
            let adapter = &machine.adapters[number];
            assert!(!adapter.name.is_empty() && !adapter.driver_interface.is_empty(), "{adapter:?}");
        }
        None => assert_eq!(machine.adapters, []),
    }
}
