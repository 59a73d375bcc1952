//! Which types flow into which.
//! Never about values; those are checked where they are known.

use super::*;

fn t(text: &str) -> ValueType {
    let list = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    match text {
        "bool" => ValueType::Bool,
        "u8" => ValueType::U8,
        "u16" => ValueType::U16,
        "u32" => ValueType::U32,
        "u64" => ValueType::U64,
        "s8" => ValueType::S8,
        "s16" => ValueType::S16,
        "s32" => ValueType::S32,
        "s64" => ValueType::S64,
        "f32" => ValueType::F32,
        "f64" => ValueType::F64,
        "char" => ValueType::Char,
        "string" => ValueType::String,
        "stream" => ValueType::Unsupported("stream<u8>".to_owned()),
        _ => match text.split_once(' ') {
            Some(("option", inner)) => ValueType::Option(Box::new(t(inner))),
            Some(("list", inner)) => ValueType::List(Box::new(t(inner))),
            Some(("enum", names)) => ValueType::Enum(list(names)),
            Some(("flags", names)) => ValueType::Flags(list(names)),
            Some(("tuple", types)) => ValueType::Tuple(types.split(' ').map(t).collect()),
            // A record's fields are named by their types: tests need no more.
            Some(("record", types)) => ValueType::Record(types.split(", ").map(named).collect()),
            Some(("variant", cases)) => ValueType::Variant(cases.split(", ").map(case).collect()),
            _ => ArtifactKind::ALL
                .into_iter()
                .find(|kind| kind.name() == text)
                .map_or_else(|| panic!("{text} is no type of these tests"), ValueType::Artifact),
        },
    }
}

fn named(text: &str) -> NamedType {
    let (name, value_type) = text.split_once(':').map_or((text, text), |(name, value_type)| (name, value_type));
    NamedType { name: name.to_owned(), value_type: t(value_type) }
}

fn case(text: &str) -> Case {
    let (name, payload) = text.split_once(':').map_or((text, None), |(name, payload)| (name, Some(payload)));
    Case { name: name.to_owned(), payload: payload.map(t) }
}

#[test]
fn what_flows() {
    let rows = [
        ("u8", "u8"),
        ("u8", "u16"),
        ("u8", "u64"),
        ("u8", "s16"),
        ("u32", "s64"),
        ("s8", "s64"),
        ("u16", "f32"),
        ("u32", "f64"),
        ("s32", "f64"),
        ("s16", "f32"),
        ("f32", "f64"),
        ("u8", "option u32"),
        ("option u8", "option u32"),
        ("option string", "option option string"),
        ("list u8", "list u32"),
        ("tuple u8 string", "tuple u16 string"),
        ("char", "string"),
        ("enum a b", "enum a b c"),
        ("enum a b", "string"),
        ("enum a", "variant a, b:u8"),
        ("flags a", "flags b a"),
        ("record x:u8, y:string", "record y:string, x:u32, z:option u8"),
        ("record x:u8", "record x:option u8"),
        ("variant a:u8, b", "variant b, a:u32, c"),
        ("data-set", "data-set"),
        ("data-set", "option data-set"),
        ("model", "artifact"),
        ("model", "option artifact"),
    ];
    for (given, wanted) in rows {
        assert!(fits(&t(given), &t(wanted)), "{given} into {wanted}");
    }
}

#[test]
fn what_does_not_flow() {
    let rows = [
        ("u16", "u8"),
        ("s8", "u8"),
        ("s8", "u64"),
        ("u64", "s64"),
        ("u64", "f64"),
        ("s64", "f64"),
        ("u32", "f32"),
        ("f64", "f32"),
        ("f32", "u8"),
        ("u8", "string"),
        ("string", "char"),
        ("string", "enum a"),
        ("bool", "u8"),
        ("option u8", "u8"),
        ("list u32", "list u8"),
        ("list u8", "tuple u8 u8"),
        ("tuple u8", "tuple u8 u8"),
        ("enum a b", "enum a"),
        ("flags a b", "flags a"),
        ("enum a", "variant a:u8"),
        ("record x:u8", "record x:u8, y:u8"),
        ("record x:u8, y:u8", "record x:u8"),
        ("variant a:u8", "variant a"),
        ("artifact", "data-set"),
        ("data-set", "model"),
        ("data-set", "string"),
        ("string", "data-set"),
        ("option model", "model"),
        ("list model", "list model"),
        ("record m:model", "record m:model"),
        ("stream", "stream"),
        ("u8", "stream"),
    ];
    for (given, wanted) in rows {
        assert!(!fits(&t(given), &t(wanted)), "{given} into {wanted}");
    }
}

#[test]
fn whole_numbers_flow_only_where_all_of_their_values_fit() {
    let ranges: [(&str, i128, i128); 8] = [
        ("u8", 0, u8::MAX.into()),
        ("u16", 0, u16::MAX.into()),
        ("u32", 0, u32::MAX.into()),
        ("u64", 0, u64::MAX.into()),
        ("s8", i8::MIN.into(), i8::MAX.into()),
        ("s16", i16::MIN.into(), i16::MAX.into()),
        ("s32", i32::MIN.into(), i32::MAX.into()),
        ("s64", i64::MIN.into(), i64::MAX.into()),
    ];
    for (given, least, greatest) in ranges {
        for (wanted, wanted_least, wanted_greatest) in ranges {
            let inside = wanted_least <= least && greatest <= wanted_greatest;
            assert_eq!(fits(&t(given), &t(wanted)), inside, "{given} into {wanted}");
        }
    }
}
