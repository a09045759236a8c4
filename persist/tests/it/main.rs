//! What every durable store must do, run against each of them, and what is particular to one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cache_cases;
mod gate;
mod outages;
mod place;
mod store_cases;

/// Runs each case of `store_cases` against every store.
macro_rules! for_every_store {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                crate::store_cases::$case(&crate::place::Place::sqlite()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                crate::store_cases::$case(&crate::place::Place::postgres().await).await;
            })*
        }
    };
}

for_every_store! {
    a_batch_is_stored_and_can_be_found_by_its_intents,
    a_repeated_batch_has_no_effect,
    a_batch_that_overlaps_a_stored_one_adds_only_what_is_new,
    another_action_under_a_used_sequence_number_is_rejected_with_its_whole_batch,
    a_large_batch_is_stored_completely,
    an_empty_batch_moves_the_tick_on,
    the_last_tick_never_goes_back,
    a_new_character_has_what_it_was_given_and_no_position,
    a_display_name_is_taken_whatever_its_case,
    a_user_who_already_has_a_character_gets_that_one,
    simultaneous_creations_for_one_user_make_one_character,
    simultaneous_claims_to_a_name_are_won_by_one_user,
    a_profile_write_changes_only_what_it_names,
    an_older_profile_write_does_not_undo_a_newer_one,
    a_session_is_found_by_its_newest_token_and_the_one_before,
    sessions_saved_together_are_found_as_the_last_of_each,
    an_ended_session_is_not_found,
    a_lost_projection_is_caught_up_from_the_log,
    everything_is_there_after_opening_again,
    worlds_in_one_database_do_not_see_each_other,
    a_value_the_database_cannot_hold_is_rejected_and_the_store_goes_on,
}

mod urls {
    use tilemud_persist::StoreError;

    #[tokio::test]
    async fn an_unknown_scheme_is_named_and_the_password_is_not() {
        let error = tilemud_persist::open("mysql://root:secret@host/db", "w").await.err().unwrap();
        assert!(matches!(error, StoreError::UnsupportedUrl { .. }), "{error:?}");
        assert!(error.to_string().contains("mysql"), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[tokio::test]
    async fn a_store_in_memory_is_refused_because_it_would_not_be_durable() {
        for url in ["sqlite::memory:", "sqlite:", "sqlite:a.db?mode=memory"] {
            let error = tilemud_persist::open(url, "w").await.err().unwrap();
            assert!(matches!(error, StoreError::UnsupportedUrl { .. }), "{url}: {error:?}");
        }
    }
}
