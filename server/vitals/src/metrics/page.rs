//! The cached text of GET /metrics, so that frequent requests cost little.

use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

#[derive(Debug, Default)]
pub(crate) struct Page {
    newest: Mutex<Option<(Instant, Bytes)>>,
}

impl Page {
    /// The cached page, if it is younger than this, or a new one. Concurrent callers wait for the
    /// new one.
    pub(crate) fn get(&self, good_for: Duration, make: impl FnOnce() -> String) -> Bytes {
        let mut newest = self.newest.lock();
        match &*newest {
            Some((made, page)) if made.elapsed() < good_for => page.clone(),
            _ => {
                let page = Bytes::from(make());
                *newest = Some((Instant::now(), page.clone()));
                page
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD_FOR: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_page_is_made_once_a_second_and_shared_meanwhile() {
        let (page, mut made) = (Page::default(), 0);
        let mut get = || {
            page.get(GOOD_FOR, || {
                made += 1;
                made.to_string()
            })
        };
        let first = get();
        assert_eq!(first, "1");
        tokio::time::advance(GOOD_FOR - Duration::from_millis(1)).await;
        for _ in 0..1_000 {
            assert_eq!(get().as_ptr(), first.as_ptr());
        }
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(get(), "2");
    }
}
