//! The bounded way into the world: many connections push, the tick thread drains once a tick.
//!
//! A permit is taken before a push and given back by the drain, so the channel itself is never
//! full and a push never blocks a network thread. With no permit left the pusher waits, which
//! stops its reading from the socket: back pressure reaches the client.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use tilemud_sim::api::Input;
use tokio::sync::Semaphore;

#[derive(Clone)]
pub struct Mailbox {
    sender: Sender<Input>,
    permits: Arc<Semaphore>,
}

/// The draining end, held by the tick thread.
pub struct MailboxDrain {
    receiver: Receiver<Input>,
    permits: Arc<Semaphore>,
}

/// The tick thread is gone.
#[derive(Debug, thiserror::Error)]
#[error("the world has stopped")]
pub struct WorldStopped;

/// A mailbox for `len_max` inputs.
#[must_use]
pub fn mailbox(len_max: usize) -> (Mailbox, MailboxDrain) {
    let (sender, receiver) = crossbeam_channel::bounded(len_max);
    let permits = Arc::new(Semaphore::new(len_max));
    (Mailbox { sender, permits: Arc::clone(&permits) }, MailboxDrain { receiver, permits })
}

impl Mailbox {
    /// Pushes one input, waiting for room.
    ///
    /// # Errors
    /// [`WorldStopped`] when nobody drains any more.
    ///
    /// # Cancel safety
    /// Cancel safe: a dropped call has pushed nothing.
    pub async fn push(&self, input: Input) -> Result<(), WorldStopped> {
        let permit = self.permits.acquire().await.map_err(|_| WorldStopped)?;
        permit.forget();
        self.sender.send(input).map_err(|_| WorldStopped)
    }

    /// Pushes one input if there is room; gives it back if not.
    ///
    /// # Errors
    /// The input, when there is no room.
    pub fn try_push(&self, input: Input) -> Result<(), Box<Input>> {
        match self.permits.try_acquire() {
            Ok(permit) => {
                permit.forget();
                self.sender.send(input).map_err(|error| Box::new(error.into_inner()))
            }
            Err(_) => Err(Box::new(input)),
        }
    }
}

impl MailboxDrain {
    /// Moves everything that waits to the end of `inputs`.
    pub fn drain_into(&self, inputs: &mut Vec<Input>) {
        let before = inputs.len();
        inputs.extend(self.receiver.try_iter());
        self.permits.add_permits(inputs.len() - before);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.receiver.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }
}

impl Drop for MailboxDrain {
    fn drop(&mut self) {
        // Wakes everyone who waits for room.
        self.permits.close();
    }
}

#[cfg(test)]
mod tests {
    use tilemud_sim::api::SessionKey;

    use super::*;

    fn resync(key: u64) -> Input {
        Input::Resync { session: SessionKey(key) }
    }

    #[tokio::test]
    async fn a_full_mailbox_makes_the_pusher_wait_until_the_next_drain() {
        let (mailbox, drain) = mailbox(2);
        mailbox.push(resync(1)).await.unwrap();
        mailbox.push(resync(2)).await.unwrap();
        assert!(mailbox.try_push(resync(3)).is_err());
        let mut waiting = std::pin::pin!(mailbox.push(resync(3)));
        assert!(futures_util::poll!(&mut waiting).is_pending());

        let mut inputs = Vec::new();
        drain.drain_into(&mut inputs);
        assert_eq!(inputs.len(), 2);
        waiting.await.unwrap();
        drain.drain_into(&mut inputs);
        assert_eq!(inputs.len(), 3);
    }

    #[tokio::test]
    async fn a_stopped_world_is_told_to_those_who_wait() {
        let (mailbox, drain) = mailbox(1);
        mailbox.push(resync(1)).await.unwrap();
        let mut waiting = std::pin::pin!(mailbox.push(resync(2)));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        drop(drain);
        assert!(waiting.await.is_err());
    }
}
