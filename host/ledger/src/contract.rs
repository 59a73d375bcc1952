//! What every ledger must do, written once, for the crates that implement the port.
//! Never looks behind the port: each test gets an empty ledger and nothing else.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

pub mod catalogue;
pub mod history;
pub mod lists;
pub mod logs;
pub mod sample;
pub mod views;

/// Makes one `#[tokio::test]` per promise. The expression gives `(SharedLedger, guard)`, where the
/// ledger is empty and the guard is kept until the test ends.
#[macro_export]
macro_rules! ledger_contract_tests {
    ($open:expr) => {
        $crate::ledger_contract_tests! { @each $open;
            catalogue::items_are_listed_in_their_order
            catalogue::a_name_is_held_once
            catalogue::changes_are_kept_all_or_none
            catalogue::a_change_past_its_size_is_refused
            catalogue::attributes_of_a_run_are_what_was_said_last
            catalogue::a_rebuilt_catalogue_is_equal
            history::positions_count_from_one_without_gaps
            history::an_append_is_kept_whole_or_not_at_all
            history::appends_at_the_same_time_keep_their_order_and_share_no_position
            history::a_refused_append_leaves_its_neighbours_alone
            history::entries_come_back_as_they_went_in
            history::entries_are_read_behind_a_position
            history::what_is_past_its_size_is_refused
            lists::runs_are_listed_newest_first
            lists::pages_have_no_holes_or_doubles_while_runs_arrive
            lists::filters_hold_on_every_page
            lists::who_calls_a_component_is_known
            lists::a_token_that_no_list_gave_out_is_refused
            lists::unfinished_runs_are_listed_oldest_first
            lists::artifacts_are_listed_newest_first_with_their_first_maker
            views::steps_follow_their_facts
            views::a_run_that_is_tried_again_opens_anew
            views::the_newest_cached_result_wins
            views::uses_of_an_artifact_are_known
            views::metrics_keep_their_order
            views::rebuilt_views_are_equal
            logs::lines_are_numbered_within_their_run
            logs::lines_are_read_behind_a_position_and_by_step
            logs::a_run_knows_how_far_its_history_and_its_log_have_come
        }
    };
    (@each $open:expr; $($module:ident :: $promise:ident)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let (ledger, _guard) = $open;
                $crate::contract::$module::$promise(&ledger).await;
            }
        )+
    };
}
