//! The peak memory of a piece of work: counts the allocations of each thread, in every program that
//! links this crate. The allocator itself is the system's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Hands everything on to [`System`] and counts.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// Bytes that this thread has allocated and not freed, and the peak since the last reset.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

/// Runs `work`. Returns its result and its peak of allocated bytes.
pub fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let (before, _) = HELD.get();
    HELD.set((before, before));
    let result = work();
    let (_, most) = HELD.get();
    (result, usize::try_from(most - before).unwrap_or(0))
}

fn note(change: isize) {
    let (now, most) = HELD.get();
    HELD.set((now + change, most.max(now + change)));
}

#[allow(unsafe_code, reason = "an allocator is nothing but unsafe functions; each hands its arguments on as they are")]
// SAFETY: every method is that of System; the counts are thread-local numbers that need no memory
// and no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both are there while the content moves.
        note(size as isize);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        note(-(layout.size() as isize));
        moved
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Most memory that one message of a client may take while it is read, whatever is in it, bytes.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_at_once_counts_and_what_is_given_back_does_not() {
        let (_, once) = peak(|| drop(std::hint::black_box(vec![0_u8; 1_000])));
        let (_, thrice) = peak(|| (0..3).for_each(|_| drop(std::hint::black_box(vec![0_u8; 1_000]))));
        let (kept, together) = peak(|| [vec![1_u8; 1_000], vec![2_u8; 500]]);
        assert_eq!((once, thrice, together), (1_000, 1_000, 1_500));
        drop(std::hint::black_box(kept));
    }
}
