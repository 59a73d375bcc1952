//! Capability `wasi`: files, environment, clocks, randomness and http, each only as granted.
//! Never opens a socket for a guest: the interfaces are there, and every use of them is refused.

mod files;
pub mod http;

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use host_base::Failure;
use host_runtime::{CallRequest, CallTarget, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView as _};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::{cli, clocks, filesystem, random, sockets};
use wasmtime_wasi::random::WasiRandom;
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView as _};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiView as _};
use wasmtime_wasi_http::WasiHttp;
use wasmtime_wasi_http::p2::bindings::http as wasi_http;
use wasmtime_wasi_io::bindings::wasi::io;

use http::{AllowList, HttpContext, HttpLimits, HttpSettings};

/// The capability.
#[derive(Clone)]
pub struct WasiCapability {
    http: HttpSettings,
}

impl WasiCapability {
    /// With these limits for requests, and PEM files of certificate authorities that https requests
    /// trust besides those that browsers do.
    ///
    /// # Errors
    /// A file that cannot be read or holds no certificate.
    pub fn new(http_limits: HttpLimits, extra_roots: &[PathBuf]) -> Result<Self, Failure> {
        Ok(Self { http: HttpSettings::new(http_limits, extra_roots)? })
    }
}

struct Streams;

impl HasData for Streams {
    type Data<'a> = &'a mut ResourceTable;
}

fn table(state: &mut GuestState) -> &mut ResourceTable {
    state.ctx().table
}

const fn free(interface: &'static str) -> ProvidedImport {
    ProvidedImport { interface, need: Need::Nothing }
}

const PROVIDED: [ProvidedImport; 29] = [
    free("wasi:cli/environment@0.2"),
    free("wasi:cli/exit@0.2"),
    free("wasi:cli/stdin@0.2"),
    free("wasi:cli/stdout@0.2"),
    free("wasi:cli/stderr@0.2"),
    free("wasi:cli/terminal-input@0.2"),
    free("wasi:cli/terminal-output@0.2"),
    free("wasi:cli/terminal-stdin@0.2"),
    free("wasi:cli/terminal-stdout@0.2"),
    free("wasi:cli/terminal-stderr@0.2"),
    free("wasi:clocks/monotonic-clock@0.2"),
    free("wasi:clocks/wall-clock@0.2"),
    free("wasi:filesystem/preopens@0.2"),
    free("wasi:filesystem/types@0.2"),
    free("wasi:io/error@0.2"),
    free("wasi:io/poll@0.2"),
    free("wasi:io/streams@0.2"),
    free("wasi:random/insecure@0.2"),
    free("wasi:random/insecure-seed@0.2"),
    free("wasi:random/random@0.2"),
    // Stand-ins that refuse everything, for programs whose language links them whether used or not.
    free("wasi:sockets/instance-network@0.2"),
    free("wasi:sockets/ip-name-lookup@0.2"),
    free("wasi:sockets/network@0.2"),
    free("wasi:sockets/tcp@0.2"),
    free("wasi:sockets/tcp-create-socket@0.2"),
    free("wasi:sockets/udp@0.2"),
    free("wasi:sockets/udp-create-socket@0.2"),
    // Types alone reach nobody; a request needs the handler.
    free("wasi:http/types@0.2"),
    ProvidedImport { interface: "wasi:http/outgoing-handler@0.2", need: Need::Http },
];

impl Capability for WasiCapability {
    fn name(&self) -> &'static str {
        "wasi"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        io::error::add_to_linker::<_, Streams>(linker, table)?;
        io::poll::add_to_linker::<_, Streams>(linker, table)?;
        io::streams::add_to_linker::<_, Streams>(linker, table)?;
        clocks::wall_clock::add_to_linker::<_, WasiClocks>(linker, GuestState::clocks)?;
        clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(linker, GuestState::clocks)?;
        random::random::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())?;
        random::insecure::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())?;
        random::insecure_seed::add_to_linker::<_, WasiRandom>(linker, |state| state.ctx().ctx.random())?;
        filesystem::types::add_to_linker::<_, WasiFilesystem>(linker, GuestState::filesystem)?;
        filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, GuestState::filesystem)?;
        cli::environment::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::exit::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::stdin::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::stdout::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::stderr::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::terminal_input::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::terminal_output::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::terminal_stdin::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::terminal_stdout::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        cli::terminal_stderr::add_to_linker::<_, WasiCli>(linker, GuestState::cli)?;
        link_sockets(linker)?;
        let options = wasi_http::types::LinkOptions::default();
        wasi_http::types::add_to_linker::<_, WasiHttp>(linker, &options, http::view)?;
        wasi_http::outgoing_handler::add_to_linker::<_, WasiHttp>(linker, http::view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let grants = &request.grants;
        for (name, value) in &grants.environment {
            setup.wasi.env(name, value);
        }
        let taken: Vec<&str> = match &request.target {
            CallTarget::Command(call) => call.taken_paths().collect(),
            CallTarget::Function { .. } | CallTarget::Living => Vec::new(),
        };
        files::open(&grants.files, &taken, &mut setup.wasi)?;
        // A call's own folders are on the node's disk, where asking takes less time than handing the question to another
        // thread. A granted folder may lie on a network that does not answer.
        setup.wasi.allow_blocking_current_thread(grants.files.is_empty());
        // The interfaces are there because CPython links them; no socket is ever opened behind them.
        setup.wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        // What one call may ask for; larger buffers are filled by several calls.
        setup.wasi.max_random_size(request.limits.host_call_bytes_max);
        if grants.clock {
            let clock = RealClock(Instant::now());
            setup.wasi.wall_clock(clock).monotonic_clock(clock);
        }
        if grants.randomness {
            let seed = u128::from_le_bytes(random_seed());
            setup.wasi.secure_random(wasmtime_wasi::thread_rng());
            setup.wasi.insecure_random(wasmtime_wasi::thread_rng());
            setup.wasi.insecure_random_seed(seed);
        }
        if !grants.http.is_empty() {
            let allowed = AllowList::parse(&grants.http)?;
            setup.extensions.insert(HttpContext::new(allowed, self.http.clone()));
        }
        Ok(())
    }
}

fn link_sockets(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    let options = sockets::network::LinkOptions::default();
    sockets::instance_network::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)?;
    sockets::network::add_to_linker::<_, WasiSockets>(linker, &options, GuestState::sockets)?;
    sockets::ip_name_lookup::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)?;
    sockets::tcp::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)?;
    sockets::tcp_create_socket::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)?;
    sockets::udp::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)?;
    sockets::udp_create_socket::add_to_linker::<_, WasiSockets>(linker, GuestState::sockets)
}

/// Sixteen bytes from the generator that the guest is granted anyway.
fn random_seed() -> [u8; 16] {
    use wasmtime_wasi::Rng as _;
    let mut seed = [0; 16];
    wasmtime_wasi::thread_rng().fill_bytes(&mut seed);
    seed
}

/// The machine's clock, lent to steps that were granted it. Monotonic time counts from the call's start.
#[derive(Clone, Copy)]
struct RealClock(Instant);

impl HostWallClock for RealClock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl HostMonotonicClock for RealClock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
