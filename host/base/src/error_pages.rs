//! The pages that `sandmill explain` prints: one per error code, as they stand under `errors/`.
//! Never read at run time; they are part of the program.

use crate::Code;

/// The page of a code, in Markdown: what happened, an example, why, and what to do next.
#[must_use]
pub const fn page(code: Code) -> &'static str {
    match code {
        Code::DocumentSyntax => include_str!("../errors/SM0101.md"),
        Code::UnknownKey => include_str!("../errors/SM0102.md"),
        Code::InvalidDocument => include_str!("../errors/SM0103.md"),
        Code::UnknownReference => include_str!("../errors/SM0104.md"),
        Code::Cycle => include_str!("../errors/SM0105.md"),
        Code::TypeMismatch => include_str!("../errors/SM0106.md"),
        Code::InvalidParameter => include_str!("../errors/SM0107.md"),
        Code::ComponentNotFound => include_str!("../errors/SM0201.md"),
        Code::DigestMismatch => include_str!("../errors/SM0202.md"),
        Code::NotAComponent => include_str!("../errors/SM0203.md"),
        Code::FunctionNotFound => include_str!("../errors/SM0204.md"),
        Code::RegistryUnreachable => include_str!("../errors/SM0205.md"),
        Code::RegistryProtocol => include_str!("../errors/SM0206.md"),
        Code::RegistryRefused => include_str!("../errors/SM0207.md"),
        Code::PackageNotUsable => include_str!("../errors/SM0208.md"),
        Code::IndexFailed => include_str!("../errors/SM0209.md"),
        Code::ImportFailed => include_str!("../errors/SM0210.md"),
        Code::ImportNotGranted => include_str!("../errors/SM0301.md"),
        Code::GrantNotAllowed => include_str!("../errors/SM0302.md"),
        Code::UnknownImport => include_str!("../errors/SM0303.md"),
        Code::ComponentNotAllowed => include_str!("../errors/SM0304.md"),
        Code::ComponentNotTrusted => include_str!("../errors/SM0305.md"),
        Code::MemoryLimit => include_str!("../errors/SM0401.md"),
        Code::TableLimit => include_str!("../errors/SM0402.md"),
        Code::InstanceLimit => include_str!("../errors/SM0403.md"),
        Code::WallTimeLimit => include_str!("../errors/SM0404.md"),
        Code::CpuLimit => include_str!("../errors/SM0405.md"),
        Code::OutputLimit => include_str!("../errors/SM0406.md"),
        Code::HostCallLimit => include_str!("../errors/SM0407.md"),
        Code::StepFailed => include_str!("../errors/SM0501.md"),
        Code::Trap => include_str!("../errors/SM0502.md"),
        Code::ExitStatus => include_str!("../errors/SM0503.md"),
        Code::MissingOutput => include_str!("../errors/SM0504.md"),
        Code::Cancelled => include_str!("../errors/SM0505.md"),
        Code::InterruptedTooOften => include_str!("../errors/SM0506.md"),
        Code::DeadlineReached => include_str!("../errors/SM0507.md"),
        Code::NotANumber => include_str!("../errors/SM0508.md"),
        Code::WorkerLost => include_str!("../errors/SM0509.md"),
        Code::CheckpointUnusable => include_str!("../errors/SM0510.md"),
        Code::StorageFull => include_str!("../errors/SM0601.md"),
        Code::StorageFailed => include_str!("../errors/SM0602.md"),
        Code::ArtifactNotFound => include_str!("../errors/SM0603.md"),
        Code::LedgerFailed => include_str!("../errors/SM0604.md"),
        Code::NotFound => include_str!("../errors/SM0701.md"),
        Code::BadRequest => include_str!("../errors/SM0702.md"),
        Code::Conflict => include_str!("../errors/SM0703.md"),
        Code::ServerUnreachable => include_str!("../errors/SM0704.md"),
        Code::TooLarge => include_str!("../errors/SM0705.md"),
        Code::Unauthenticated => include_str!("../errors/SM0706.md"),
        Code::NotAllowedToUser => include_str!("../errors/SM0707.md"),
        Code::TooManyTries => include_str!("../errors/SM0708.md"),
        Code::Internal => include_str!("../errors/SM0799.md"),
        Code::DeviceMemoryLimit => include_str!("../errors/SM0801.md"),
        Code::DeviceDeadline => include_str!("../errors/SM0802.md"),
        Code::DeviceOperation => include_str!("../errors/SM0803.md"),
        Code::DeviceLost => include_str!("../errors/SM0804.md"),
    }
}

#[cfg(test)]
mod tests;
