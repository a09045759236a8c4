//! The body of a delta, which all sessions of a cell (or view) get: encoded once per encoding, then shared by
//! reference.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use tilemud_schema::codec::{SharedParts, begin_state_delta};
use tilemud_schema::{Effect, Encoding, SelfState, ServerMessage, Shared, Tick};
use tilemud_sim::api::Delta;

use crate::outbox::frame::OutFrame;

/// What several sessions see of a tick, and its encoded forms so far.
#[derive(Default)]
pub(super) struct Body<'a> {
    delta: Delta<'a>,
    /// Its lists in postcard.
    encoded: Option<SharedParts<Bytes>>,
    plain: [Option<OutFrame>; 2],
}

/// What only one session gets of a tick.
#[derive(Default)]
pub(super) struct SessionPart<'a> {
    pub(super) own: Option<&'a SelfState>,
    pub(super) effects: &'a [Arc<Effect>],
}

impl<'a> Body<'a> {
    /// The body of a cell delta or of a view.
    pub(super) fn of(delta: Delta<'a>) -> Self {
        Self { delta, ..Self::default() }
    }

    /// Whether it is a full delta.
    pub(super) fn is_full(&self) -> bool {
        self.delta.full
    }

    /// The frame for sessions without a session delta in this tick: the same bytes for all of them.
    pub(super) fn plain(&mut self, encoding: Encoding, tick: Tick) -> &OutFrame {
        let made = self.plain[encoding as usize].take();
        let frame = made.unwrap_or_else(|| {
            OutFrame::message(encoding, &ServerMessage::StateDelta(self.delta.message(tick, None, Vec::new())))
        });
        self.plain[encoding as usize].insert(frame)
    }

    /// The frame for a session with own state or effects: a small head and tail around the encoded body.
    pub(super) fn with_session_part(&mut self, encoding: Encoding, tick: Tick, part: &SessionPart<'_>) -> OutFrame {
        match encoding {
            Encoding::Postcard => {
                let Delta { full, enter, update, leave, tiles, .. } = self.delta;
                let encode = || SharedParts::of(&Shared { enter, update, leave, tiles }).map(Bytes::from);
                let shared = self.encoded.get_or_insert_with(encode);
                let has_effects = !part.effects.is_empty();
                let own = part.own.cloned();
                let head = |out: &mut Vec<u8>| begin_state_delta((tick, full, own), shared, has_effects, out);
                let tail = if has_effects { postcard(&part.effects) } else { Bytes::new() };
                OutFrame::encoded(encoding, [shared.bytes.clone(), tail], head)
            }
            Encoding::Json => {
                let effects = part.effects.iter().map(|effect| (**effect).clone()).collect();
                let message = self.delta.message(tick, part.own.cloned(), effects);
                OutFrame::message(encoding, &ServerMessage::StateDelta(message))
            }
        }
    }
}

fn postcard<T: Serialize>(value: &T) -> Bytes {
    Bytes::from(postcard::to_stdvec(value).expect("schema types serialize to postcard"))
}

#[cfg(test)]
mod tests {
    use tilemud_schema::codec::decode_server;
    use tilemud_schema::{ChatChannel, Entity, EntityId, EntityKind, EntityUpdate, Position, StateDelta, TileChange};
    use tilemud_sim::api::CellId;

    use super::*;

    #[test]
    fn a_frame_joined_from_shared_parts_decodes_to_the_whole_delta() {
        let chat =
            Effect::Chat { channel: ChatChannel::Say, from: "Ann".into(), id: Some(EntityId(3)), text: "é".into() };
        let delta = Delta {
            cell: CellId(4),
            full: false,
            enter: &[Entity {
                id: EntityId(3),
                kind: EntityKind::Player,
                name: "Ann".into(),
                x: 1,
                y: 300,
                look: "traveller_1".into(),
                health: Some(100),
                open: None,
                away: None,
            }],
            update: &[EntityUpdate { x: Some(-5), ..EntityUpdate::none(EntityId(70_000)) }],
            leave: &[EntityId(9)],
            tiles: &[TileChange { x: 2, y: 3, tile: 513 }],
        };
        let own = SelfState { position: Some(Position { x: 1, y: 300 }), ..SelfState::default() };
        let effects = [Arc::new(chat)];
        for effects in [&effects[..], &[]] {
            let part = SessionPart { own: Some(&own), effects };
            let expected = ServerMessage::StateDelta(StateDelta {
                tick: 1_000_000,
                full: false,
                own: Some(own.clone()),
                enter: delta.enter.to_vec(),
                update: delta.update.to_vec(),
                leave: delta.leave.to_vec(),
                tiles: delta.tiles.to_vec(),
                effects: effects.iter().map(|effect| (**effect).clone()).collect(),
            });
            for encoding in Encoding::ALL {
                let frame = Body::of(delta).with_session_part(encoding, 1_000_000, &part);
                let bytes = frame.parts().concat();
                let header = if frame.len() - 2 < 126 { 2 } else { 4 };
                assert_eq!(decode_server(encoding, &bytes[header..]).unwrap(), expected);
            }
        }
    }
}
