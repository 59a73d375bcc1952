//! An S3-compatible store in a process of its own: moto's server, from PyPI.
//! Never reaches beyond this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A Python with moto's server; `cargo xtask test` makes one.
const PYTHON: &str = "SANDMILL_TEST_REGISTRY_PYTHON";
const START_SECONDS_MAX: u64 = 60;

/// The store; it is killed when this is dropped.
pub struct S3Server {
    process: Child,
    /// Its address, with `http://`.
    pub endpoint: String,
}

impl S3Server {
    /// Starts a store with nothing in it.
    ///
    /// # Errors
    /// Why there is none on this machine.
    ///
    /// # Panics
    /// When the store does not start.
    pub fn start() -> Result<Self, String> {
        let python = std::env::var_os(PYTHON).ok_or_else(|| {
            format!("no S3-compatible server ({PYTHON} names a Python with moto[server]; `cargo xtask test` sets it)")
        })?;
        let mut process = Command::new(python)
            .args(["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server's process");
        let lines = BufReader::new(process.stderr.take().expect("a pipe")).lines();
        let (found, endpoint) = mpsc::channel();
        std::thread::spawn(move || {
            // Read to its end, or the server would wait for a reader.
            for line in lines.map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("Running on ") {
                    let _ = found.send(rest.trim().to_owned());
                }
            }
        });
        let endpoint = endpoint.recv_timeout(Duration::from_secs(START_SECONDS_MAX)).expect("an address");
        Ok(Self { process, endpoint })
    }

    /// Makes a bucket, or an object where there is a key behind its name, as anybody may.
    ///
    /// # Panics
    /// When the store refuses.
    pub fn put(&self, path: &str, content: &[u8]) {
        self.ask(&format!("PUT /{path} HTTP/1.1\r\ncontent-type: text/csv"), content);
    }

    /// From now on everybody needs a key. Returns the only one, its id first; it may do whatever is asked of S3.
    ///
    /// # Panics
    /// When the store refuses.
    #[must_use]
    pub fn lock(&self) -> (String, String) {
        let manage = |form: &str| {
            let scope =
                "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0";
            let head =
                format!("POST / HTTP/1.1\r\nauthorization: {scope}\r\ncontent-type: application/x-www-form-urlencoded");
            self.ask(&head, format!("{form}&UserName=reader&Version=2010-05-08").as_bytes())
        };
        manage("Action=CreateUser");
        let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
        manage(&format!("Action=PutUserPolicy&PolicyName=read&PolicyDocument={policy}"));
        let key = manage("Action=CreateAccessKey");
        let part = |name: &str| {
            let (_, rest) = key.split_once(&format!("<{name}>")).expect("a part of a key");
            rest.split_once('<').expect("its end").0.to_owned()
        };
        self.ask("POST /moto-api/reset-auth HTTP/1.1\r\ncontent-type: text/plain", b"0");
        (part("AccessKeyId"), part("SecretAccessKey"))
    }

    fn ask(&self, head: &str, content: &[u8]) -> String {
        let host = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the store");
        let length = content.len();
        let head = format!("{head}\r\nhost: {host}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        stream.write_all(&[head.as_bytes(), content].concat()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{head}: {answer}");
        answer
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
