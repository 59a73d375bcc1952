//! A command that opens a TCP connection, and so imports raw sockets.
//! Never gets that far: such a component is not admitted.

#![expect(clippy::print_stdout, reason = "a command speaks by printing")]

fn main() {
    match std::net::TcpStream::connect("192.0.2.1:80") {
        Ok(_) => println!("connected"),
        Err(error) => println!("{error}"),
    }
}
