//! Properties of views and determinism under random play.

use proptest::prelude::*;
use tilemud_sim::api::{Input, PendingIntent, SessionKey};
use tilemud_sim::{Map, Sim, SimConfig};

use crate::cases;
use crate::model::{Arena, play};

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_client_holds_what_brute_force_says(play in play(), delta_every in 1..=4u32) {
        let mut arena = Arena::new(delta_every);
        for deeds in &play {
            arena.tick(deeds);
        }
    }

    #[test]
    fn the_same_inputs_make_the_same_world(play in play(), delta_every in 1..=4u32) {
        let mut arena = Arena::new(delta_every);
        for deeds in &play {
            arena.tick(deeds);
        }
        let config = SimConfig { delta_every, ..SimConfig::default() };
        let map = std::sync::Arc::new(Map::open("field", 70, 40));
        let mut again = Sim::new(map.clone(), config.clone());
        let mut renamed = Sim::new(map, config);
        for (inputs, output) in arena.script.iter().zip(&arena.outputs) {
            let repeated = again.tick(&mut inputs.clone());
            prop_assert_eq!(format!("{repeated:?}"), format!("{output:?}"));
            // The other world made all its outputs anew.
            again.recycle(repeated.recycled());
            let mut other_keys: Vec<Input> = inputs.iter().cloned().map(with_other_key).collect();
            prop_assert_eq!(renamed.tick(&mut other_keys).state_hash, output.state_hash, "handles are not state");
        }
    }
}

fn with_other_key(mut input: Input) -> Input {
    let (Input::Join { session, .. }
    | Input::Attach { session, .. }
    | Input::Intent(PendingIntent { session, .. })
    | Input::Presence { session, .. }
    | Input::Hearing { session, .. }
    | Input::Resync { session }
    | Input::Leave { session }) = &mut input;
    *session = SessionKey(session.0 * 7 + 1_000);
    input
}
