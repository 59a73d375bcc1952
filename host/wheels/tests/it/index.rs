//! An index on a free port that answers what a test tells it to, word for word.
//! Never more of HTTP than one request per connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Between two pieces of a body that drips.
const DRIP: Duration = Duration::from_millis(50);

/// What is answered under one path.
#[derive(Clone)]
pub enum Reply {
    /// A list of files.
    List(String),
    /// Bytes as they are.
    File(Vec<u8>),
    /// This length announced, and these bytes sent.
    Lie(u64, Vec<u8>),
    /// No length announced, and zeros sent without end.
    Endless,
    /// A byte now and then, without end.
    Drip,
    /// Nothing, ever.
    Silence,
    /// A status.
    Status(u16),
    /// Somewhere else.
    Redirect(String),
    /// A page for people.
    Html,
}

/// What was asked: the path, and the authorisation that came with it.
pub type Asked = (String, Option<String>);

pub struct Index {
    pub url: String,
    replies: Arc<Mutex<HashMap<String, Vec<Reply>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: JoinHandle<()>,
}

impl Index {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let replies: Arc<Mutex<HashMap<String, Vec<Reply>>>> = Arc::default();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (known, heard) = (replies.clone(), asked.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, known.clone(), heard.clone()));
            }
        });
        Self { url, replies, asked, serving }
    }

    /// The simple API of this index.
    pub fn simple(&self) -> String {
        format!("{}/simple", self.url)
    }

    /// Answers this under a path, after what was put there before; the last one again and again.
    pub fn put(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().entry(path.to_owned()).or_default().push(reply);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Goes away.
    pub fn stop(&self) {
        self.serving.abort();
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn answer(
    mut stream: TcpStream,
    replies: Arc<Mutex<HashMap<String, Vec<Reply>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let authorization = head.lines().find_map(|line| line.strip_prefix("authorization: "));
    asked.lock().unwrap().push((path.clone(), authorization.map(str::to_owned)));
    let reply = {
        let mut replies = replies.lock().unwrap();
        match replies.get_mut(&path) {
            Some(queue) if queue.len() > 1 => queue.remove(0),
            Some(queue) => queue[0].clone(),
            None => Reply::Status(404),
        }
    };
    send(&mut stream, reply).await?;
    stream.shutdown().await
}

async fn send(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    let json = "application/vnd.pypi.simple.v1+json";
    match reply {
        Reply::List(text) => whole(stream, json, text.len() as u64, text.as_bytes()).await,
        Reply::File(bytes) => whole(stream, "binary/octet-stream", bytes.len() as u64, &bytes).await,
        Reply::Lie(length, bytes) => whole(stream, json, length, &bytes).await,
        Reply::Html => whole(stream, "text/html", 6, b"<html>").await,
        Reply::Status(status) => {
            let head = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await
        }
        Reply::Redirect(target) => {
            let head =
                format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await
        }
        Reply::Silence => std::future::pending().await,
        Reply::Endless => {
            unmeasured(stream, json).await?;
            loop {
                stream.write_all(&[b' '; 1 << 16]).await?;
            }
        }
        Reply::Drip => {
            unmeasured(stream, json).await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(DRIP).await;
            }
        }
    }
}

async fn whole(stream: &mut TcpStream, media_type: &str, length: u64, bytes: &[u8]) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(bytes).await
}

async fn unmeasured(stream: &mut TcpStream, media_type: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await
}
