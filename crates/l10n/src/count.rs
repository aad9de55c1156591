//! Whole numbers that texts take.

/// How many there are of something. Functions of [`Texts`](crate::Texts) take `impl Into<Count>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub(crate) u64);

macro_rules! count_from {
    ($($number:ty),+) => {$(
        impl From<$number> for Count {
            fn from(number: $number) -> Self {
                Self(u64::from(number))
            }
        }
    )+};
}

count_from!(u8, u16, u32, u64);

impl From<usize> for Count {
    fn from(number: usize) -> Self {
        // No machine has more than 64 bits.
        Self(number as u64)
    }
}
