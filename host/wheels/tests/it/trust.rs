//! Indexes whose certificates only a given authority vouches for.
//! Never leaves this machine.

use host_base::Code;
use tests_kit::TlsServer;

use crate::support::Rig;

#[tokio::test]
async fn an_index_is_believed_once_its_authority_is_trusted() {
    let TlsServer { host, authority } = TlsServer::start("404 Not Found\r\ncontent-length: 0\r\n\r\n");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), authority).unwrap();
    let index = format!("https://{host}/simple");
    let strange = Rig::with(&[&index], |config| config.attempts_max = 1);
    let refused = strange.resolve(&["six"]).await.unwrap_err();
    assert!(refused.message.contains("certificate"), "{refused}");
    let trusting = Rig::with(&[&index], |config| config.trusted_roots = vec![file.path().to_owned()]);
    let absent = trusting.resolve(&["six"]).await.unwrap_err();
    assert_ne!(absent.code, refused.code, "{absent}");
    assert_ne!(absent.code, Code::Internal, "{absent}");
}
