//! The number of a stack for every cell of a map; of a large map in two bytes.

/// Numbers of stacks, row by row.
pub enum Numbers {
    Small(Vec<u16>),
    Large(Vec<u32>),
}

impl Numbers {
    /// The same everywhere. There are at most so many different ones.
    pub fn new(number: u32, cells: usize, numbers_max: usize) -> Self {
        match u16::try_from(number) {
            Ok(number) if numbers_max <= usize::from(u16::MAX) + 1 => Self::Small(vec![number; cells]),
            _ => Self::Large(vec![number; cells]),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Small(numbers) => numbers.len(),
            Self::Large(numbers) => numbers.len(),
        }
    }

    /// That of a cell of the map.
    pub fn get(&self, cell: usize) -> u32 {
        match self {
            Self::Small(numbers) => numbers[cell].into(),
            Self::Large(numbers) => numbers[cell],
        }
    }

    /// Gives a cell of the map another number; false if it is one too many.
    #[must_use]
    pub fn set(&mut self, cell: usize, number: u32) -> bool {
        match self {
            Self::Small(numbers) => {
                let Ok(number) = u16::try_from(number) else { return false };
                numbers[cell] = number;
            }
            Self::Large(numbers) => numbers[cell] = number,
        }
        true
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.len()).map(|cell| self.get(cell))
    }

    /// What every cell becomes, in the same memory if it can be.
    pub fn into_tiles(self, mut tile: impl FnMut(usize, u32) -> u16) -> Vec<u16> {
        match self {
            Self::Small(mut numbers) => {
                numbers.iter_mut().enumerate().for_each(|(cell, number)| *number = tile(cell, (*number).into()));
                numbers
            }
            Self::Large(numbers) => numbers.iter().enumerate().map(|(cell, number)| tile(cell, *number)).collect(),
        }
    }
}
