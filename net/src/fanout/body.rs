//! The shared part of a delta: encoded once per cell and encoding, then shared by reference.

use bytes::Bytes;
use serde::Serialize;
use tilemud_schema::{Encoding, ServerMessage, StateDelta, Tick};
use tilemud_sim::api::{CellDelta, PrivateDelta};

use crate::connection::frame::OutFrame;

/// Number of `StateDelta` among the variants of `ServerMessage`, as postcard writes it.
const STATE_DELTA_VARIANT: u32 = 1;

/// A cell's delta and what has been encoded of it so far.
pub(super) struct CellBody<'a> {
    pub(super) delta: &'a CellDelta,
    /// postcard of `enter`, `update`, `leave` and `tiles`, which stand side by side in a delta.
    lists: Option<Bytes>,
    plain: [Option<OutFrame>; 2],
}

impl<'a> CellBody<'a> {
    pub(super) fn new(delta: &'a CellDelta) -> Self {
        Self { delta, lists: None, plain: [None, None] }
    }

    /// The frame for a session with nothing private this tick: the same bytes for all of them.
    pub(super) fn plain(&mut self, encoding: Encoding, tick: Tick) -> OutFrame {
        if let Some(frame) = &self.plain[encoding as usize] {
            return frame.clone();
        }
        let message = ServerMessage::StateDelta(self.message(tick));
        self.plain[encoding as usize].insert(OutFrame::message(encoding, &message)).clone()
    }

    /// The frame for a session with private state or effects: a small head and tail around the shared lists.
    pub(super) fn with_private(&mut self, encoding: Encoding, tick: Tick, private: &PrivateDelta) -> OutFrame {
        match encoding {
            Encoding::Postcard => {
                let delta = self.delta;
                let lists = self
                    .lists
                    .get_or_insert_with(|| postcard(&(&delta.enter, &delta.update, &delta.leave, &delta.tiles)))
                    .clone();
                let head = postcard(&(STATE_DELTA_VARIANT, tick, false, &private.own));
                let tail = postcard(&private.effects);
                OutFrame::payload(encoding, [head, lists, tail])
            }
            Encoding::Json => {
                let effects = private.effects.iter().map(|effect| (**effect).clone()).collect();
                let message = StateDelta { own: private.own.clone(), effects, ..self.message(tick) };
                OutFrame::message(encoding, &ServerMessage::StateDelta(message))
            }
        }
    }

    fn message(&self, tick: Tick) -> StateDelta {
        StateDelta {
            tick,
            enter: self.delta.enter.clone(),
            update: self.delta.update.clone(),
            leave: self.delta.leave.clone(),
            tiles: self.delta.tiles.clone(),
            ..StateDelta::default()
        }
    }
}

fn postcard<T: Serialize>(value: &T) -> Bytes {
    Bytes::from(postcard::to_stdvec(value).expect("schema types serialize to postcard"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tilemud_schema::codec::decode_server;
    use tilemud_schema::{
        ChatChannel, Effect, Entity, EntityId, EntityKind, EntityUpdate, Position, SelfState, TileChange,
    };
    use tilemud_sim::api::{CellId, SessionKey, View};

    use super::*;

    #[test]
    fn a_frame_joined_from_shared_parts_decodes_to_the_whole_delta() {
        let chat =
            Effect::Chat { channel: ChatChannel::Say, from: "Ann".into(), id: Some(EntityId(3)), text: "é".into() };
        let delta = CellDelta {
            cell: CellId(4),
            enter: vec![Entity {
                id: EntityId(3),
                kind: EntityKind::Player,
                name: "Ann".into(),
                x: 1,
                y: 300,
                look: "traveller_1".into(),
                health: Some(100),
                open: None,
            }],
            update: vec![EntityUpdate { x: Some(-5), ..EntityUpdate::none(EntityId(70_000)) }],
            leave: vec![EntityId(9)],
            tiles: vec![TileChange { x: 2, y: 3, tile: 513 }],
        };
        let private = PrivateDelta {
            session: SessionKey(1),
            cell: CellId(4),
            own: Some(SelfState { position: Some(Position { x: 1, y: 300 }), ..SelfState::default() }),
            view: View::Shared,
            effects: vec![Arc::new(chat.clone())],
            attached: None,
        };
        let expected = ServerMessage::StateDelta(StateDelta {
            tick: 1_000_000,
            full: false,
            own: private.own.clone(),
            enter: delta.enter.clone(),
            update: delta.update.clone(),
            leave: delta.leave.clone(),
            tiles: delta.tiles.clone(),
            effects: vec![chat],
        });
        for encoding in Encoding::ALL {
            let frame = CellBody::new(&delta).with_private(encoding, 1_000_000, &private);
            let bytes = frame.parts().concat();
            let header = if frame.len() - 2 < 126 { 2 } else { 4 };
            assert_eq!(decode_server(encoding, &bytes[header..]).unwrap(), expected);
        }
    }
}
