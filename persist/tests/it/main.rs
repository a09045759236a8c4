//! What every durable store must do, run against each of them, and what is particular to one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// Runs each case of a module against every store.
macro_rules! for_every_store {
    ($cases:ident: $($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                crate::$cases::$case(&crate::place::Place::sqlite()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                crate::$cases::$case(&crate::place::Place::postgres().await).await;
            })*
        }
    };
}

mod cache_cases;
mod checkpoint;
mod creation_cases;
mod deeds;
mod disk;
mod encrypted;
mod gate;
mod lease_cases;
mod links;
mod migrations;
mod opening;
mod outages;
mod partitions;
mod place;
mod profile_reader;
mod read_only;
mod rejections;
mod retention_cases;
mod shared_cases;
mod store_cases;
mod unknown_outcome;
mod world_cases;

for_every_store! {
    store_cases:
    a_batch_is_stored_and_can_be_found_by_its_intents,
    a_repeated_batch_has_no_effect,
    a_batch_that_overlaps_a_stored_one_adds_only_what_is_new,
    another_action_under_a_used_sequence_number_is_rejected_with_its_whole_batch,
    a_large_batch_is_stored_completely,
    an_empty_batch_moves_the_tick_on,
    the_last_tick_never_goes_back,
    a_new_character_has_what_it_was_given_and_no_position,
    a_display_name_is_taken_whatever_its_case,
    a_name_is_taken_by_one_that_looks_like_it,
    names_older_than_the_rule_stay_and_keep_others_from_theirs,
    issuers_are_remembered_in_order_with_where_they_have_moved,
    a_user_who_already_has_a_character_gets_that_one,
    simultaneous_creations_for_one_user_make_one_character,
    simultaneous_claims_to_a_name_are_won_by_one_user,
    a_profile_write_replaces_the_state_of_its_character_and_of_no_other,
    an_older_profile_write_does_not_undo_a_newer_one,
    a_session_is_found_by_its_newest_token_and_the_one_before,
    sessions_saved_together_are_found_as_the_last_of_each,
    an_ended_session_is_not_found,
    everything_is_there_after_opening_again,
    worlds_in_one_database_do_not_see_each_other,
    a_value_the_database_cannot_hold_is_rejected_and_the_store_goes_on,
}

mod world {
    for_every_store! {
        world_cases:
        the_committed_tick_is_that_of_the_newest_record,
        ticks_are_read_back_whole_and_in_order,
        the_first_arrival_of_a_session_is_found,
        the_newest_words_to_all_or_to_one_are_read_back_in_order,
        a_page_of_the_log_ends_at_the_tick_that_reaches_its_size,
        a_repeated_record_has_no_effect_and_another_outcome_of_the_tick_is_rejected,
        a_snapshot_is_read_back_as_it_was_saved,
        the_newest_snapshots_and_the_first_of_each_day_are_kept,
        a_snapshot_of_the_same_tick_is_replaced,
        a_map_is_stored_once_and_read_back_as_it_was_first_stored,
        commits_get_in_front_of_a_large_snapshot,
        a_profile_changed_elsewhere_is_reported_and_overwritten,
        the_clock_is_judged_by_all_worlds_of_a_database,
    }
}

mod creation {
    for_every_store! {
        creation_cases:
        a_crowd_of_newcomers_is_made_in_few_transactions,
        in_a_crowd_a_name_that_is_taken_refuses_only_who_asked_for_it,
        calls_that_are_given_up_leave_the_others_their_answers,
    }
}

mod lease {
    for_every_store! {
        lease_cases:
        a_lease_is_held_against_others_until_it_is_given_back,
        of_two_who_ask_at_the_same_time_one_gets_the_lease,
        who_lost_the_lease_cannot_write_any_more,
        a_lease_that_was_renewed_since_it_was_looked_at_stays_and_a_silent_one_is_taken_whatever_the_clocks,
        a_database_put_back_to_an_older_state_is_gone_for_who_used_it,
        a_holder_known_to_have_ended_is_superseded_and_a_newer_one_is_not,
        a_store_without_the_lease_of_a_leased_world_can_only_read,
    }
}

mod shared {
    for_every_store! {
        shared_cases:
        each_world_commits_what_is_its_own_and_the_last_to_close_closes_the_database,
        what_fails_in_one_world_fails_in_no_other,
        whoever_gives_up_its_commit_holds_up_nobody,
    }
}

mod whole_batches {
    for_every_store! {
        rejections:
        one_used_sequence_number_spoils_a_batch_and_nothing_after_it,
        a_payload_holds_every_text,
    }
}

mod retention {
    for_every_store! {
        retention_cases:
        what_is_older_than_it_has_to_be_kept_is_deleted,
        a_snapshot_goes_with_the_log_that_would_be_played_on_it,
        what_a_recovery_needs_is_never_deleted,
        another_world_keeps_what_it_has,
        more_than_one_turn_of_rows_is_deleted,
        sessions_are_deleted_when_their_token_has_expired,
        an_operator_without_the_lease_can_clean_up,
        commits_go_on_beside_retention,
        characters_that_never_entered_are_forgotten_with_their_names_and_no_others,
        more_newcomers_than_one_turn_takes_are_forgotten,
        maps_go_that_are_old_and_that_neither_a_snapshot_nor_the_log_names,
    }
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

    #[tokio::test]
    async fn a_path_is_taken_as_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["what?", "why?yes", "50%20", "a#b", "a b", "ä=ö", "x?Y=1"] {
            let path = folder.path().join(name).join("tilemud.db");
            let store = tilemud_persist::open(&format!("sqlite:{}", path.display()), "w").await.unwrap();
            store.close().await;
            assert!(path.is_file(), "{name}");
        }
    }
}
