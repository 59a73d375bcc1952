// A node's devices are told as they are: known, unknown, absent, refused.
// Never about a device of this machine.

import { describe, expect, it } from "vitest";
import { computesOn, inUse } from "./devices";

const llvmpipe = { name: "llvmpipe", driverInterface: "vulkan", software: true, used: false };
const devices = { memoryBytesMax: 1 << 30, backend: "cpu", adapters: [] };
const sample = { atMillis: 1, coresUsed: 0, memoryBytes: 0, attemptsRunning: 0, attemptsWaiting: 0, runs: 0, devicesOpen: 2, deviceMemoryGrantedBytes: 512 << 20, deviceMemoryBytes: 3 << 20 };

describe("devices", () => {
  it("names the adapter that computes and how it is driven", () => {
    expect(computesOn({ ...devices, backend: "vulkan", adapters: [{ ...llvmpipe, used: true }] })).toBe("llvmpipe by vulkan, in software");
  });

  it("says where there is none, and which was passed over", () => {
    expect(computesOn(devices)).toBe("No graphics adapter: the processors compute.");
    expect(computesOn({ ...devices, adapters: [llvmpipe] })).toContain("passed over: llvmpipe");
  });

  it("claims nothing before the drivers answered or when they cannot", () => {
    expect(computesOn({ memoryBytesMax: 1, adapters: [] })).toBe("Asking the drivers…");
    expect(computesOn({ memoryBytesMax: 1, adapters: [], problem: "no worker" })).toContain("no worker");
    expect(computesOn({ memoryBytesMax: 0, adapters: [] })).toBe("Steps are granted no device here.");
  });

  it("tells what is taken of what was granted", () => {
    expect(inUse(devices, sample)).toMatch(/^3(\.0)? MiB of 512 MiB, 2 open$/);
    expect(inUse(devices, { ...sample, devicesOpen: 0 })).toBe("none open");
    expect(inUse({ ...devices, memoryBytesMax: 0 }, sample)).toBe("none");
  });
});
