//! The account is exact at its edge.

use host_gpu::DeviceError;

use super::{Memory, Room};

fn take(memory: &mut Memory, id: u64, bytes: Option<u64>) -> Result<(), DeviceError> {
    memory.take(id, bytes, || format!("tensor {id}"))
}

#[test]
fn the_last_byte_is_given_and_the_next_is_not() {
    let mut memory = Memory::new(Room::new(100));
    assert_eq!(take(&mut memory, 1, Some(60)), Ok(()));
    assert_eq!(take(&mut memory, 2, Some(40)), Ok(()));
    let refused = DeviceError::MemoryLimit { limit_bytes: 100, what: "tensor 3".to_owned() };
    assert_eq!(take(&mut memory, 3, Some(1)), Err(refused.clone()));
    assert_eq!(memory.room.taken_bytes(), 100);
    memory.give_back(1);
    assert_eq!(memory.room.taken_bytes(), 40);
    assert_eq!(take(&mut memory, 3, Some(60)), Ok(()));
    assert_eq!(take(&mut memory, 3, None), Err(refused));
}

#[test]
fn a_name_used_again_does_not_count_twice_and_unknown_ones_give_nothing_back() {
    let mut memory = Memory::new(Room::new(100));
    assert_eq!(take(&mut memory, 1, Some(80)), Ok(()));
    assert_eq!(take(&mut memory, 1, Some(90)), Ok(()));
    memory.give_back(2);
    assert!(take(&mut memory, 2, Some(11)).is_err());
    assert!(take(&mut memory, 2, Some(u64::MAX)).is_err(), "a sum past all numbers is no room");
}

#[test]
fn devices_of_one_room_share_it_to_the_last_byte_and_leave_nothing_behind() {
    let room = Room::new(100);
    let (mut one, mut other) = (Memory::new(room.clone()), Memory::new(room));
    assert_eq!(take(&mut one, 1, Some(60)), Ok(()));
    assert_eq!(take(&mut other, 1, Some(40)), Ok(()), "the same name on another device is another tensor");
    assert!(take(&mut other, 2, Some(1)).is_err());
    drop(one);
    assert_eq!(take(&mut other, 2, Some(60)), Ok(()));
    assert!(take(&mut other, 3, Some(1)).is_err());
}
