//! Guests whose language throws exceptions: caught ones are the guest's own affair, others end the call.
//! Never a guest that a compiler made: what is tried stands here.

use host_base::Code;
use serde_json::json;

use crate::support::{Call, function_of};

/// Throws so often, and catches each; one number more is thrown and caught by nobody where the last argument is not 0.
const THROWS: &str = r#"
    (component
        (core module $module
            (tag $thrown (param i32))
            (func $throw (param i32) (throw $thrown (local.get 0)))
            (func (export "run") (param $times i32) (param $last i32) (result i32)
                (local $sum i32)
                (loop $again
                    (if (local.get $times)
                        (then
                            (block $caught (result i32)
                                (try_table (catch $thrown $caught) (call $throw (local.get $times)))
                                (unreachable))
                            (local.set $sum (i32.add (local.get $sum)))
                            (local.set $times (i32.sub (local.get $times) (i32.const 1)))
                            (br $again))))
                (if (local.get $last) (then (call $throw (local.get $last))))
                (local.get $sum)))
        (core instance $instance (instantiate $module))
        (func (export "run") (param "times" u32) (param "last" u32) (result u32)
            (canon lift (core func $instance "run"))))
"#;

fn throwing(times: u32, last: u32) -> Call {
    function_of(wat::parse_str(THROWS).unwrap(), "run").plain(json!(times)).plain(json!(last))
}

#[tokio::test]
async fn caught_exceptions_leave_nothing_behind() {
    // In so little memory as not to hold all of them.
    let times: u32 = 60_000;
    let ended = throwing(times, 0).limited(|limits| limits.memory_bytes_max = 1 << 20).run().await;
    assert_eq!(ended.output(), json!(times * (times + 1) / 2));
}

#[tokio::test]
async fn an_exception_that_nobody_catches_ends_the_call() {
    let failure = throwing(3, 1).run().await.failure(Code::Trap);
    assert!(failure.message.contains("exception"), "{}", failure.message);
}
