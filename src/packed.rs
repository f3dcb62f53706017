//! Values on their way to the storage and to another object, and back: as bytes.
//!
//! serde's derived code for reading, and that of two other libraries, was a fifth of the Worker (docs/benchmarks.md). Here a
//! reader never branches on an error: it notes it, goes on with empty values, and what was read counts only if nothing was
//! wrong.
//!
//! A number is LEB128, a text its length and UTF-8, a list its length and items, a value that may be missing 0 or 1 before
//! it. A struct is its length in bytes and its members, an enum the same with the variant's number before them. So a member
//! that was added later is last and may be missing, and one that a later version wrote is passed over.

/// A value that is written as bytes. See [`packed!`](crate::packed!).
pub trait Packed: Sized {
    /// Writes it behind what is there.
    fn pack(&self, bytes: &mut Vec<u8>);

    /// Reads it. What a reader gives after a failure means nothing.
    fn unpack(reader: &mut Reader<'_>) -> Self;
}

/// The bytes of a value.
#[must_use]
pub fn pack(value: &impl Packed) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.pack(&mut bytes);
    bytes
}

/// The value of these bytes; `None` if they hold something else.
#[must_use]
pub fn unpack<T: Packed>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader { bytes, has_failed: false };
    let value = T::unpack(&mut reader);
    (!reader.has_failed && reader.bytes.is_empty()).then_some(value)
}

/// What is left of the bytes.
pub struct Reader<'a> {
    bytes: &'a [u8],
    has_failed: bool,
}

impl<'a> Reader<'a> {
    /// Notes that the bytes hold something else.
    pub fn fail(&mut self) {
        self.has_failed = true;
        self.bytes = &[];
    }

    fn byte(&mut self) -> u8 {
        if let Some((byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            *byte
        } else {
            self.fail();
            0
        }
    }

    /// Reads a number.
    pub fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0_u64, 0_u32);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift = shift.saturating_add(7);
            if byte < 0x80 {
                return number;
            }
        }
    }

    /// Reads a length, and takes so many bytes.
    fn take(&mut self) -> &'a [u8] {
        let length = self.number();
        let split = usize::try_from(length).ok().and_then(|length| self.bytes.split_at_checked(length));
        if let Some((taken, rest)) = split {
            self.bytes = rest;
            taken
        } else {
            self.fail();
            &[]
        }
    }

    /// Goes on with the members of a struct. Returns what stands behind them, for [`Reader::leave`].
    pub fn enter(&mut self) -> &'a [u8] {
        let members = self.take();
        std::mem::replace(&mut self.bytes, members)
    }

    /// Goes on behind the members of a struct, whether or not all were read.
    pub fn leave(&mut self, behind: &'a [u8]) {
        self.bytes = if self.has_failed { &[] } else { behind };
    }
}

/// Writes a number.
pub fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(0x80 | number.to_le_bytes().first().copied().unwrap_or_default());
        number >>= 7;
    }
    bytes.push(number.to_le_bytes().first().copied().unwrap_or_default());
}

fn write_bytes(bytes: &mut Vec<u8>, written: &[u8]) {
    write_number(bytes, u64::try_from(written.len()).unwrap_or_default());
    bytes.extend_from_slice(written);
}

/// Writes the members of a struct that `write` writes, behind their length.
pub fn write_members(bytes: &mut Vec<u8>, write: &mut dyn FnMut(&mut Vec<u8>)) {
    let mut members = Vec::new();
    write(&mut members);
    write_bytes(bytes, &members);
}

impl Packed for u64 {
    fn pack(&self, bytes: &mut Vec<u8>) {
        write_number(bytes, *self);
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        reader.number()
    }
}

/// Numbers that are written as a `u64`.
macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Packed for $number {
            fn pack(&self, bytes: &mut Vec<u8>) {
                // None has more than 64 bits.
                write_number(bytes, u64::try_from(*self).unwrap_or(u64::MAX));
            }

            fn unpack(reader: &mut Reader<'_>) -> Self {
                Self::try_from(reader.number()).unwrap_or_else(|_| {
                    reader.fail();
                    0
                })
            }
        }
    )+};
}
numbers![u16, u32, usize];

impl Packed for bool {
    fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        let flag = reader.byte();
        if flag > 1 {
            reader.fail();
        }
        flag == 1
    }
}

impl Packed for () {
    fn pack(&self, _: &mut Vec<u8>) {}

    fn unpack(_: &mut Reader<'_>) -> Self {}
}

impl Packed for String {
    fn pack(&self, bytes: &mut Vec<u8>) {
        write_bytes(bytes, self.as_bytes());
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        Self::from_utf8(reader.take().to_vec()).unwrap_or_else(|_| {
            reader.fail();
            Self::new()
        })
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.pack(bytes);
        }
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        // Behind the last member nothing was written yet.
        let is_there = !reader.bytes.is_empty() && bool::unpack(reader);
        is_there.then(|| T::unpack(reader))
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        write_number(bytes, u64::try_from(self.len()).unwrap_or_default());
        for item in self {
            item.pack(bytes);
        }
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        let mut items = Self::new();
        for _ in 0..reader.number() {
            if reader.has_failed {
                break;
            }
            items.push(T::unpack(reader));
        }
        items
    }
}

impl<T: Packed, E: Packed> Packed for Result<T, E> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(self.is_ok()));
        match self {
            Ok(value) => value.pack(bytes),
            Err(error) => error.pack(bytes),
        }
    }

    fn unpack(reader: &mut Reader<'_>) -> Self {
        if bool::unpack(reader) { Ok(T::unpack(reader)) } else { Err(E::unpack(reader)) }
    }
}

/// How a type is written: the members of a struct in their order; the one value of a struct that is written as that value; the
/// variants of an enum, each with its number, from 0 on. **What is stored has it, so no number and no order ever changes, and
/// a new member is optional and last.** What stands under `skip` is not written, and read as its default.
#[macro_export]
macro_rules! packed {
    (struct $name:ident { $($member:ident),* $(,)? } $(skip { $($skipped:ident),+ })?) => {
        impl $crate::packed::Packed for $name {
            fn pack(&self, bytes: &mut Vec<u8>) {
                $crate::packed::write_members(bytes, &mut |_bytes| {
                    $($crate::packed::Packed::pack(&self.$member, _bytes);)*
                });
            }

            fn unpack(reader: &mut $crate::packed::Reader<'_>) -> Self {
                let behind = reader.enter();
                let value = Self {
                    $($member: $crate::packed::Packed::unpack(reader),)*
                    $($($skipped: Default::default(),)+)?
                };
                reader.leave(behind);
                value
            }
        }
    };
    (struct $name:ident(_)) => {
        impl $crate::packed::Packed for $name {
            fn pack(&self, bytes: &mut Vec<u8>) {
                $crate::packed::Packed::pack(&self.0, bytes);
            }

            fn unpack(reader: &mut $crate::packed::Reader<'_>) -> Self {
                Self($crate::packed::Packed::unpack(reader))
            }
        }
    };
    (enum $name:ident $(<$type:ident>)? {
        $($number:literal $variant:ident $(($($value:ident),+))? $({ $($member:ident),+ $(,)? })?),+ $(,)?
    }) => {
        impl $(<$type: $crate::packed::Packed>)? $crate::packed::Packed for $name $(<$type>)? {
            fn pack(&self, bytes: &mut Vec<u8>) {
                match self {$(
                    Self::$variant $(($($value),+))? $({ $($member),+ })? => {
                        $crate::packed::write_number(bytes, $number);
                        $crate::packed::write_members(bytes, &mut |_bytes| {
                            $($($crate::packed::Packed::pack($value, _bytes);)+)?
                            $($($crate::packed::Packed::pack($member, _bytes);)+)?
                        });
                    }
                )+}
            }

            fn unpack(reader: &mut $crate::packed::Reader<'_>) -> Self {
                let mut number = reader.number();
                let behind = reader.enter();
                let value = loop {
                    match number {
                        $($number => {
                            $($(let $value = $crate::packed::Packed::unpack(reader);)+)?
                            $($(let $member = $crate::packed::Packed::unpack(reader);)+)?
                            break Self::$variant $(($($value),+))? $({ $($member),+ })?;
                        })+
                        _ => {
                            reader.fail();
                            number = 0;
                        }
                    }
                };
                reader.leave(behind);
                value
            }
        }
    };
}
