// What a node's devices are, in words.
// Never guesses: what the drivers were not asked yet, or did not say, is said to be so.

import type { NodeLoad } from "../api/types";
import { bytes } from "../parts/format";

type Devices = NodeLoad["devices"];

/** What computes: an adapter with its interface, or the processors and why. */
export function computesOn(devices: Devices): string {
  if (devices.memoryBytesMax === 0) {
    return "Steps are granted no device here.";
  }
  if (devices.problem !== undefined && devices.problem !== null) {
    return `The drivers could not be asked: ${devices.problem}`;
  }
  if (devices.backend === undefined || devices.backend === null) {
    return "Asking the drivers…";
  }
  const used = devices.adapters.find((one) => one.used);
  if (used !== undefined) {
    return `${used.name} by ${used.driverInterface}${used.software ? ", in software" : ""}`;
  }
  const [passedOver] = devices.adapters;
  return passedOver === undefined ? "No graphics adapter: the processors compute." : `The processors compute; passed over: ${passedOver.name} by ${passedOver.driverInterface}${passedOver.software ? ", in software" : ""}.`;
}

/** What is in use now of what. */
export function inUse(devices: Devices, now: NodeLoad["samples"][number] | undefined): string {
  if (devices.memoryBytesMax === 0) {
    return "none";
  }
  const open = now?.devicesOpen ?? 0;
  return open === 0 ? "none open" : `${bytes(now?.deviceMemoryBytes ?? 0)} of ${bytes(now?.deviceMemoryGrantedBytes ?? 0)}, ${open} open`;
}
