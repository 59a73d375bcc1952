//! Whether a JSON value is one of a WIT type. The runtime lowers by the same rules.
//! Never converts.

use host_base::signature::Case;
use host_base::{ValueType, number};
use serde_json::{Number, Value as Json};

use super::fit::{Mismatch, Place};

/// Checks a value that is known when the plan is made. Reports the first place that does not fit.
pub(super) fn fit_constant(place: &Place<'_>, json: &Json, wanted: &ValueType) -> Result<(), Mismatch> {
    let mismatch = || place.mismatch(format!("wants {}", want(wanted)), format!("got {}", describe(json)));
    let check = |fits: bool| if fits { Ok(()) } else { Err(mismatch()) };
    match wanted {
        ValueType::Bool => check(json.is_boolean()),
        ValueType::U8 => check(is_whole(json, u8::MIN.into(), u8::MAX.into())),
        ValueType::U16 => check(is_whole(json, u16::MIN.into(), u16::MAX.into())),
        ValueType::U32 => check(is_whole(json, u32::MIN.into(), u32::MAX.into())),
        ValueType::U64 => check(is_whole(json, u64::MIN.into(), u64::MAX.into())),
        ValueType::S8 => check(is_whole(json, i8::MIN.into(), i8::MAX.into())),
        ValueType::S16 => check(is_whole(json, i16::MIN.into(), i16::MAX.into())),
        ValueType::S32 => check(is_whole(json, i32::MIN.into(), i32::MAX.into())),
        ValueType::S64 => check(is_whole(json, i64::MIN.into(), i64::MAX.into())),
        ValueType::F32 => check(number::single(json).is_some()),
        ValueType::F64 => check(number::float(json).is_some()),
        ValueType::Char => check(json.as_str().is_some_and(|text| text.chars().count() == 1)),
        ValueType::String => check(json.is_string()),
        ValueType::Enum(names) => check(is_one_of(json, names)),
        ValueType::Option(_) if json.is_null() => Ok(()),
        ValueType::Option(inner) => fit_constant(place, json, inner),
        ValueType::List(item) => {
            let items = json.as_array().ok_or_else(mismatch)?;
            items.iter().enumerate().try_for_each(|(index, json)| fit_constant(&place.index(index), json, item))
        }
        ValueType::Tuple(types) => {
            let items = json.as_array().filter(|items| items.len() == types.len()).ok_or_else(mismatch)?;
            let mut items = items.iter().zip(types).enumerate();
            items.try_for_each(|(index, (json, wanted))| fit_constant(&place.index(index), json, wanted))
        }
        ValueType::Flags(names) => {
            let given = json.as_array().ok_or_else(mismatch)?;
            let unknown = given.iter().enumerate().find(|(_, flag)| !is_one_of(flag, names));
            unknown.map_or(Ok(()), |(index, flag)| {
                Err(place.index(index).mismatch(format!("wants {}", one_of(names)), format!("got {}", describe(flag))))
            })
        }
        ValueType::Record(fields) => {
            let given = json.as_object().ok_or_else(mismatch)?;
            place.check_fields(given.keys().map(String::as_str), fields)?;
            fields.iter().try_for_each(|field| match given.get(&field.name) {
                Some(json) => fit_constant(&place.name(&field.name), json, &field.value_type),
                None => Ok(()),
            })
        }
        ValueType::Variant(cases) => {
            let (name, payload) = case(json).ok_or_else(mismatch)?;
            let case = cases.iter().find(|case| case.name == name).ok_or_else(mismatch)?;
            fit_payload(&place.name(name), case.payload.as_ref(), payload).ok_or_else(mismatch)?
        }
        ValueType::Result { ok, err } => {
            let (name, payload) = case(json).ok_or_else(mismatch)?;
            let side = match name {
                "ok" => ok,
                "err" => err,
                _ => return Err(mismatch()),
            };
            fit_payload(&place.name(name), side.as_deref(), payload).ok_or_else(mismatch)?
        }
        ValueType::Artifact(_) => Err(mismatch()),
        ValueType::Unsupported(_) => Err(place.unsupported(wanted)),
    }
}

/// None where there is a payload too many or too few. A case without one may be given null for it.
fn fit_payload(place: &Place<'_>, wanted: Option<&ValueType>, given: Option<&Json>) -> Option<Result<(), Mismatch>> {
    match (wanted, given) {
        (Some(wanted), Some(given)) => Some(fit_constant(place, given, wanted)),
        (None, None | Some(Json::Null)) => Some(Ok(())),
        _ => None,
    }
}

/// `"name"`, or an object with the name as its only key.
fn case(json: &Json) -> Option<(&str, Option<&Json>)> {
    match json {
        Json::String(name) => Some((name, None)),
        Json::Object(fields) if fields.len() == 1 => {
            fields.iter().next().map(|(name, payload)| (name.as_str(), Some(payload)))
        }
        _ => None,
    }
}

fn is_one_of(json: &Json, names: &[String]) -> bool {
    json.as_str().is_some_and(|given| names.iter().any(|name| name == given))
}

fn is_whole(json: &Json, least: i128, greatest: i128) -> bool {
    number::whole(json).is_some_and(|number| (least..=greatest).contains(&number))
}

/// A whole number, written without a fraction.
pub(super) fn whole(json: &Json) -> Option<Number> {
    number::whole(json).and_then(Number::from_i128)
}

/// A type in a few words.
pub(super) fn want(wanted: &ValueType) -> String {
    match wanted {
        ValueType::U8 => "u8, a whole number from 0 to 255".to_owned(),
        ValueType::U16 => "u16, a whole number from 0 to 65535".to_owned(),
        ValueType::U32 => "u32, a whole number from 0 to 4294967295".to_owned(),
        ValueType::U64 => "u64, a whole number from 0 to 18446744073709551615".to_owned(),
        ValueType::S8 => "s8, a whole number from -128 to 127".to_owned(),
        ValueType::S16 => "s16, a whole number from -32768 to 32767".to_owned(),
        ValueType::S32 => "s32, a whole number from -2147483648 to 2147483647".to_owned(),
        ValueType::S64 => "s64, a whole number from -9223372036854775808 to 9223372036854775807".to_owned(),
        ValueType::Char => "char, a string of one character".to_owned(),
        ValueType::Enum(names) => one_of(names),
        ValueType::Flags(names) => format!("a list with any of {}", names.join(", ")),
        ValueType::Variant(cases) => one_of(cases.iter().map(|case: &Case| &case.name)),
        ValueType::Tuple(types) => format!("{wanted}, a list of exactly {} items", types.len()),
        ValueType::Record(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            format!("a record with the fields {}", names.join(", "))
        }
        other => other.to_string(),
    }
}

fn one_of<'name>(names: impl IntoIterator<Item = &'name String>) -> String {
    let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    format!("one of {}", names.join(", "))
}

/// The value itself where it is short, else its kind.
pub(super) fn describe(json: &Json) -> String {
    const LENGTH_MAX: usize = 40;
    let text = json.to_string();
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => text,
        _ if text.len() <= LENGTH_MAX => text,
        Json::String(_) => "a string".to_owned(),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}
