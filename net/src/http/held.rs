//! Connections beyond all places, a few at most: the oldest gives way, so that nobody who only
//! holds them keeps away who asks how the server is. Knows nothing of what is asked on them.

use std::collections::VecDeque;

use tokio::task::AbortHandle;

/// The tasks of such connections, the oldest first.
pub(super) struct Held {
    max: usize,
    connections: VecDeque<AbortHandle>,
}

impl Held {
    /// None yet, and so many at most.
    pub(super) const fn at_most(max: usize) -> Self {
        Self { max, connections: VecDeque::new() }
    }

    /// Takes one more. Full: the oldest is ended.
    pub(super) fn add(&mut self, connection: AbortHandle) {
        if self.connections.len() >= self.max {
            self.connections.retain(|connection| !connection.is_finished());
        }
        if self.connections.len() >= self.max
            && let Some(oldest) = self.connections.pop_front()
        {
            oldest.abort();
        }
        self.connections.push_back(connection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_that_has_not_ended_gives_way_to_one_too_many() {
        let mut held = Held::at_most(3);
        let ended = tokio::spawn(async {});
        held.add(ended.abort_handle());
        ended.await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let task = tokio::spawn(std::future::pending::<()>());
            held.add(task.abort_handle());
            tasks.push(task);
        }
        tokio::task::yield_now().await;
        let ended: Vec<_> = tasks.iter().map(tokio::task::JoinHandle::is_finished).collect();
        assert_eq!(ended, [true, false, false, false], "there is room for three");
    }
}
