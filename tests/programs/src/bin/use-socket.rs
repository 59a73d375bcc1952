//! A command that tries TCP to the address of its argument, UDP, and looking up a name.
//! Never gets anywhere: it prints how each was refused.

#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

use std::net::{TcpStream, ToSocketAddrs as _, UdpSocket};

fn main() {
    let address = std::env::args().nth(1).unwrap_or_default();
    let attempts = [
        ("tcp", TcpStream::connect(address).map(drop)),
        ("udp", UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("name", "localhost:80".to_socket_addrs().map(drop)),
    ];
    for (name, attempt) in attempts {
        match attempt {
            Ok(()) => println!("{name}: ok"),
            Err(error) => println!("{name}: {:?}", error.kind()),
        }
    }
}
