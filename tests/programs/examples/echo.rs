//! Gives back what it is given, for every WIT type.
//! Never looks at it.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:echo;

        world program {
            record point { x: s32, label: option<string>, inner: tuple<f32, f64> }
            variant shape { dot, circle(f64), path(list<point>) }
            enum color { red, dark-green }
            flags access { read, write, run-it }
            export echo-bool: func(value: bool) -> bool;
            export echo-u8: func(value: u8) -> u8;
            export echo-u16: func(value: u16) -> u16;
            export echo-u32: func(value: u32) -> u32;
            export echo-u64: func(value: u64) -> u64;
            export echo-s8: func(value: s8) -> s8;
            export echo-s16: func(value: s16) -> s16;
            export echo-s32: func(value: s32) -> s32;
            export echo-s64: func(value: s64) -> s64;
            export echo-f32: func(value: f32) -> f32;
            export echo-f64: func(value: f64) -> f64;
            export echo-char: func(value: char) -> char;
            export echo-string: func(value: string) -> string;
            export echo-bytes: func(value: list<u8>) -> list<u8>;
            export echo-list: func(value: list<list<string>>) -> list<list<string>>;
            export echo-option: func(value: option<u32>) -> option<u32>;
            export echo-tuple: func(value: tuple<u8, string>) -> tuple<u8, string>;
            export echo-record: func(value: point) -> point;
            export echo-variant: func(value: shape) -> shape;
            export echo-enum: func(value: color) -> color;
            export echo-flags: func(value: access) -> access;
            export echo-results: func(value: list<result<u32, string>>) -> list<result<u32, string>>;
            export add: func(left: u32, right: u32) -> u32;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:echo/program",
    generate_all,
});

struct Program;

macro_rules! echo {
    ($($name:ident: $type:ty,)*) => {
        impl Guest for Program {
            $(
                fn $name(value: $type) -> $type {
                    value
                }
            )*

            fn add(left: u32, right: u32) -> u32 {
                left + right
            }
        }
    };
}

echo! {
    echo_bool: bool,
    echo_u8: u8,
    echo_u16: u16,
    echo_u32: u32,
    echo_u64: u64,
    echo_s8: i8,
    echo_s16: i16,
    echo_s32: i32,
    echo_s64: i64,
    echo_f32: f32,
    echo_f64: f64,
    echo_char: char,
    echo_string: String,
    echo_bytes: Vec<u8>,
    echo_list: Vec<Vec<String>>,
    echo_option: Option<u32>,
    echo_tuple: (u8, String),
    echo_record: Point,
    echo_variant: Shape,
    echo_enum: Color,
    echo_flags: Access,
    echo_results: Vec<Result<u32, String>>,
}

export!(Program);
