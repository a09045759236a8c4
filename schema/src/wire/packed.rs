//! How packed forms are written and read: value after value, each as postcard has it unless a form
//! says otherwise. What is packed is only what comes all the time; its forms stand beside this
//! file.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What was read, or that the bytes mean nothing.
pub(crate) type Unpacked<T> = Result<T, postcard::Error>;

/// Bytes that could be read and mean nothing.
pub(super) const MEANINGLESS: postcard::Error = postcard::Error::SerdeDeCustom;

/// What is written as postcard has it, or has a packed form of its own.
pub(super) trait Pack: Serialize + DeserializeOwned {
    fn pack(&self, out: &mut Vec<u8>) {
        put(self, out);
    }

    fn unpack(reader: &mut Reader<'_>) -> Unpacked<Self> {
        reader.value()
    }
}

/// Appends a value as postcard writes it.
pub(super) fn put<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let taken = std::mem::take(out);
    *out = postcard::to_extend(value, taken).expect("schema types serialize to postcard");
}

/// Appends numbers by how far each is behind the one before, after how many there are.
pub(super) fn put_ascending(numbers: impl ExactSizeIterator<Item = u64>, out: &mut Vec<u8>) {
    put(&numbers.len(), out);
    let mut before = 0;
    // Where they did not ascend, a distance would be long and still right.
    numbers.for_each(|number| put(&number.wrapping_sub(std::mem::replace(&mut before, number)), out));
}

/// Appends a part that is there, and its bit to the byte at a place that says so.
pub(super) fn pack_part<T: Pack>(part: Option<&T>, bit: &mut u8, told_at: usize, out: &mut Vec<u8>) {
    if let Some(part) = part {
        out[told_at] |= *bit;
        part.pack(out);
    }
    *bit <<= 1;
}

/// Reads a part, if the byte says that it is there, and takes its bit away.
pub(super) fn unpack_part<T: Pack>(present: &mut u8, bit: &mut u8, reader: &mut Reader<'_>) -> Unpacked<Option<T>> {
    let is_present = *present & *bit != 0;
    *present &= !*bit;
    *bit <<= 1;
    if is_present { T::unpack(reader).map(Some) } else { Ok(None) }
}

/// What is left to be read.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Unpacked<u8> {
        let (byte, rest) = self.0.split_first().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.0 = rest;
        Ok(*byte)
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Unpacked<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.0 = rest;
        Ok(*bytes)
    }

    /// A value as postcard has it.
    pub(super) fn value<T: Deserialize<'a>>(&mut self) -> Unpacked<T> {
        let (value, rest) = postcard::take_from_bytes(self.0)?;
        self.0 = rest;
        Ok(value)
    }

    /// As many values as are said to follow.
    pub(super) fn list<T>(&mut self, mut next: impl FnMut(&mut Self) -> Unpacked<T>) -> Unpacked<Vec<T>> {
        let count: u64 = self.value()?;
        // Grows as they come, because nothing says that so many follow.
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(next(self)?);
        }
        Ok(list)
    }

    /// What [`put_ascending`] wrote.
    pub(super) fn ascending(&mut self) -> Unpacked<Vec<u64>> {
        let mut number = 0_u64;
        self.list(|reader| {
            number = number.wrapping_add(reader.value()?);
            Ok(number)
        })
    }
}
