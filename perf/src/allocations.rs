//! Counts the allocations of a thread, so that `perf sim-only` can say what a tick allocates. The
//! allocator itself is the server's.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use mimalloc::MiMalloc;

/// Hands everything on to [`MiMalloc`] and counts.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// How often this thread has asked for memory so far, growing what it had included.
pub fn of_this_thread() -> u64 {
    COUNT.get()
}

fn note() {
    COUNT.set(COUNT.get() + 1);
}

#[allow(unsafe_code, reason = "an allocator is nothing but unsafe functions; each hands its arguments on as they are")]
// SAFETY: every method is that of MiMalloc; the count is a thread-local number that needs no memory
// and no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note();
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        unsafe { MiMalloc.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { MiMalloc.dealloc(pointer, layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_for_memory_counts() {
        let before = of_this_thread();
        let mut list = Vec::with_capacity(1);
        list.extend([1, 2, 3]);
        let grown = of_this_thread() - before;
        drop(std::hint::black_box(list));
        assert_eq!((grown, of_this_thread() - before), (2, 2));
    }
}
