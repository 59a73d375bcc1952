//! A registry with a certificate of its own authority: pushed to, pulled from, signed at, and run from.
//! Never trusts what it was not told to trust.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::registry::Registry;
use crate::server::Server;
use crate::tool::Tool;

/// Writes settings with a certificate for this machine, and returns their path and that of the authority behind it.
fn settings(tool: &Tool) -> (String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    tool.file("tls.crt", certificate.pem());
    tool.file("tls.key", key.serialize_pem());
    let settings = tool.file("registry.toml", "[tls]\ncertificate = \"tls.crt\"\nkey = \"tls.key\"\n");
    (settings, tool.file("authority.pem", issuer.pem()))
}

#[test]
fn a_registry_with_tls_serves_whoever_trusts_its_authority() {
    let tool = Tool::alone();
    let (settings, authority) = settings(&tool);
    let registry = Registry::start(&tool, &["--settings", &settings]);
    let host = registry.address.clone();
    assert_eq!(registry.ready["url"], format!("https://{host}"));
    let name = format!("{host}/programs/noop:1");
    let program = tests_kit::guests::program_path("noop");
    let reach = ["--tls-registry", &host, "--trust-ca", &authority];
    let with = |arguments: &[&str]| [arguments, &reach].concat().iter().map(ToString::to_string).collect::<Vec<_>>();

    let push = ["component", "push", program.to_str().unwrap(), &name];
    let distrusted = tool.run(&[&push[..], &reach[..2]].concat());
    assert_eq!(distrusted.code, Some(3), "{distrusted:#?}");
    assert!(distrusted.stderr.contains("certificate") && distrusted.stderr.contains("--trust-ca"), "{distrusted:#?}");
    let in_plain = tool.run(&push);
    assert_eq!(in_plain.code, Some(3), "{in_plain:#?}");
    assert!(in_plain.stderr.contains("--tls-registry"), "{in_plain:#?}");

    tool.data(&with(&push));
    let pulled = tool.path().join("pulled.wasm");
    tool.data(&with(&["component", "pull", &name, "--output", pulled.to_str().unwrap()]));
    assert_eq!(std::fs::read(pulled).unwrap(), std::fs::read(&program).unwrap());
    tool.data(&["key", "generate", "--plain"]);
    tool.data(&with(&["component", "sign", "--key", "cosign.key", &name]));
    tool.data(&with(&["component", "verify", "--key", "cosign.pub", &name]));

    let node = Server::start_in(&tool.path().join("node"), &reach);
    let document = format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: over-tls }}\nspec:\n  steps:\n    work: \
         {{ component: \"{name}\", function: run }}\n"
    );
    node.tool.data(&["pipeline", "run", &node.tool.file("pipeline.yaml", document), "--watch"]);
}
