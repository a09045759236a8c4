//! The bounded way into the world: many connections push, the tick thread drains once a tick.
//!
//! With no room left the pusher waits, which stops its reading from the socket: back pressure
//! reaches the client.

use tilemud_sim::api::Input;
use tokio::sync::mpsc;

#[derive(Clone)]
pub struct Mailbox(mpsc::Sender<Input>);

/// The draining end, held by the tick thread.
pub struct MailboxDrain(mpsc::Receiver<Input>);

/// The tick thread is gone.
#[derive(Debug, thiserror::Error)]
#[error("the world has stopped")]
pub struct WorldStopped;

/// A mailbox for `len_max` inputs.
#[must_use]
pub fn mailbox(len_max: usize) -> (Mailbox, MailboxDrain) {
    let (sender, receiver) = mpsc::channel(len_max);
    (Mailbox(sender), MailboxDrain(receiver))
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
        self.0.send(input).await.map_err(|_| WorldStopped)
    }

    /// Pushes one input if there is room; gives it back if not.
    ///
    /// # Errors
    /// The input, when there is no room.
    pub fn try_push(&self, input: Input) -> Result<(), Box<Input>> {
        self.0.try_send(input).map_err(|error| Box::new(error.into_inner()))
    }
}

impl MailboxDrain {
    /// Moves the waiting inputs to the end of `inputs`. What is pushed meanwhile stays for the next
    /// call, so that a flood cannot keep this running.
    pub fn drain_into(&mut self, inputs: &mut Vec<Input>) {
        let waiting = self.len();
        inputs.extend(std::iter::from_fn(|| self.0.try_recv().ok()).take(waiting));
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        let (mailbox, mut drain) = mailbox(2);
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
