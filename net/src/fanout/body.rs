//! The body of a delta, which all sessions of a cell (or view) get: encoded once per encoding, then
//! shared by reference.

use std::sync::Arc;

use bytes::Bytes;
use tilemud_schema::{Effect, Encoding, InView, SelfState, ServerMessage, Shared, SharedParts, Tick};
use tilemud_sim::api::Delta;

use crate::outbox::frame::OutFrame;

const NO_EFFECTS: &[Effect] = &[];

/// What several sessions see of a tick, and what has been encoded of it so far.
#[derive(Default)]
pub(super) struct Body<'a> {
    delta: Delta<'a>,
    /// Who is in view of all whom it is for, where that is known.
    in_view: Option<&'a InView>,
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
    /// The delta of a cell, all of whose sessions have this in view, if it is known. None of them
    /// has to be told.
    pub(super) fn of_cell(delta: Delta<'a>, in_view: Option<&'a InView>) -> Self {
        Self { delta: Delta { in_view: &[], ..delta }, in_view, ..Self::default() }
    }

    /// A view that sessions of the same past share.
    pub(super) fn of_view(delta: Delta<'a>) -> Self {
        Self { delta, ..Self::default() }
    }

    /// Whether it is a full delta.
    pub(super) fn is_full(&self) -> bool {
        self.delta.full
    }

    /// The frame for sessions without a session delta in this tick: the same bytes for all of them.
    pub(super) fn plain(&mut self, encoding: Encoding, tick: Tick) -> &OutFrame {
        let made = self.plain[encoding as usize].take();
        let frame = made.unwrap_or_else(|| match encoding {
            Encoding::Postcard => {
                let shared = self.encode();
                OutFrame::encoded(encoding, [], |out| {
                    shared.begin(tick, None, NO_EFFECTS, out);
                    out.extend_from_slice(&shared.bytes);
                })
            }
            Encoding::Json => {
                OutFrame::message(encoding, &ServerMessage::StateDelta(self.delta.message(tick, None, Vec::new())))
            }
        });
        self.plain[encoding as usize].insert(frame)
    }

    /// The frame for a session with own state or effects: a small head before the shared lists.
    pub(super) fn with_session_part(&mut self, encoding: Encoding, tick: Tick, part: &SessionPart<'_>) -> OutFrame {
        match encoding {
            Encoding::Postcard => {
                let shared = self.encode();
                let head = |out: &mut Vec<u8>| shared.begin(tick, part.own, part.effects, out);
                OutFrame::encoded(encoding, [shared.bytes.clone()], head)
            }
            Encoding::Json => {
                let effects = part.effects.iter().map(|effect| (**effect).clone()).collect();
                let message = self.delta.message(tick, part.own.cloned(), effects);
                OutFrame::message(encoding, &ServerMessage::StateDelta(message))
            }
        }
    }

    fn encode(&mut self) -> &SharedParts<Bytes> {
        let Delta { cell: _, full, enter, update, leave, tiles, in_view } = self.delta;
        let shared = Shared { full, enter, update, leave, tiles, in_view };
        self.encoded.get_or_insert_with(|| SharedParts::of(&shared, self.in_view).map(Bytes::from))
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::codec::decode_server;
    use tilemud_schema::{ChatChannel, DecodeError, Entity, EntityId, EntityKind, EntityUpdate, Position, TileChange};
    use tilemud_sim::api::CellId;

    use super::*;

    fn delta<'a>(enter: &'a [Entity], in_view: &'a [EntityId]) -> Delta<'a> {
        const UPDATE: &[EntityUpdate] = &[EntityUpdate { x: Some(-5), ..EntityUpdate::none(EntityId(70_000)) }];
        Delta {
            cell: CellId(4),
            full: false,
            enter,
            update: UPDATE,
            leave: &[EntityId(9)],
            tiles: &[TileChange { x: 2, y: 3, tile: 513 }],
            in_view,
        }
    }

    fn ann() -> Entity {
        Entity {
            id: EntityId(3),
            kind: EntityKind::Player,
            name: "Ann".into(),
            x: 1,
            y: 300,
            look: "traveller_1".into(),
            health: Some(100),
            open: None,
            away: None,
        }
    }

    /// What somebody reads of a frame who has this in view, and what is in view then.
    fn read(frame: &OutFrame, encoding: Encoding, before: &InView) -> Result<(ServerMessage, InView), DecodeError> {
        let bytes = frame.parts().concat();
        let header = if frame.len() - 2 < 126 { 2 } else { 4 };
        let mut in_view = before.clone();
        Ok((decode_server(encoding, &bytes[header..], &mut in_view)?, in_view))
    }

    #[test]
    fn a_frame_joined_from_shared_parts_decodes_to_the_whole_delta() {
        let chat =
            Effect::Chat { channel: ChatChannel::Say, from: "Ann".into(), id: Some(EntityId(3)), text: "é".into() };
        let enter = [ann()];
        let own = SelfState { position: Some(Position { x: 1, y: 300 }), ..SelfState::default() };
        let effects = [Arc::new(chat)];
        let (tick, known) = (100, InView::of([9, 70_000].map(EntityId).into()));
        for (own, effects) in [(Some(&own), &effects[..]), (Some(&own), &[]), (None, &[])] {
            let expected = delta(&enter, &[]).message(
                tick,
                own.cloned(),
                effects.iter().map(|effect| (**effect).clone()).collect(),
            );
            for (encoding, in_view) in
                Encoding::ALL.into_iter().flat_map(|encoding| [(encoding, None), (encoding, Some(&known))])
            {
                let mut body = Body::of_cell(delta(&enter, &[]), in_view);
                let frame = body.with_session_part(encoding, tick, &SessionPart { own, effects });
                assert_eq!(read(&frame, encoding, &known).unwrap().0, ServerMessage::StateDelta(expected.clone()));
                if own.is_none() {
                    let plain = body.plain(encoding, tick);
                    assert_eq!(plain.parts().concat(), frame.parts().concat());
                    assert_eq!(plain.parts().len(), 1, "is written as it is");
                }
            }
        }
    }

    #[test]
    fn what_is_in_view_is_told_to_whoever_comes_back_and_to_no_cell() {
        let (enter, told) = ([ann()], [3, 70_000].map(EntityId));
        let delta = delta(&enter, &told);
        let nothing = SessionPart::default();
        let begun = |body: &mut Body<'_>| {
            let frame = body.with_session_part(Encoding::Postcard, 1_000_000, &nothing);
            read(&frame, Encoding::Postcard, &InView::default()).unwrap().1
        };
        let (comes_back, of_cell) = (begun(&mut Body::of_view(delta)), begun(&mut Body::of_cell(delta, None)));
        let next = Delta { enter: &[], leave: &[], tiles: &[], in_view: &[], ..delta };
        let all = InView::of(told.into());
        let brief = Body::of_cell(next, Some(&all)).plain(Encoding::Postcard, 1_000_001).clone();
        let expected = ServerMessage::StateDelta(next.message(1_000_001, None, Vec::new()));
        assert_eq!(read(&brief, Encoding::Postcard, &comes_back).unwrap().0, expected);
        assert!(read(&brief, Encoding::Postcard, &of_cell).is_err(), "the second place is nobody's");
    }
}
