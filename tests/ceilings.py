"""Every ceiling of deskblog/limits.py and the test that tries to exceed it; a name in neither list fails a test."""

from __future__ import annotations

ACT, CEIL, FORK = "log/test_act.py::test_", "net/test_ceilings.py::test_", "net/test_forks.py::test_"
MSG, SYNC, INV = "net/test_messages.py::test_", "net/test_sync.py::test_", "net/test_invite.py::test_"
GREEDY, STRANGE = "engine/test_greedy.py::test_", "engine/test_strangers.py::test_"
BEAT, ABOUT, OUTBOX = "net/test_beacon.py::test_", "store/test_about.py::test_", "engine/test_outbox.py::test_"
GATHER = "net/test_gathering.py::test_"
GONE, SEALED = "store/test_erasure.py::test_", "log/test_sealed.py::test_"
KINDS, PEND, LAN = "log/test_kinds.py::test_", "log/test_pending.py::test_", "office/test_hostile_lan.py::test_"
WRONG_ACT = ACT + "an_act_that_is_not_what_it_should_be_is_malformed"
OUT_OF_RANGE = MSG + "what_is_out_of_range_is_malformed"
SILENT = CEIL + "who_says_nothing_is_left_when_the_time_for_the_proof_is_over"

CEILINGS: dict[str, str] = {
    # bytes
    "FRAME": "net/test_frames.py::test_a_length_that_is_not_allowed_is_refused_before_a_byte_of_it_came",
    "BODY": "log/test_run.py::test_a_header_past_a_ceiling_ends_the_log_before_it",
    "RUN": "log/test_run.py::test_257_headers_are_too_many",
    "HEADER": "log/test_entry.py::test_a_header_past_its_size_is_too_large",
    "ACT": ACT + "an_act_past_its_size_is_too_large",
    "OPTIONS": KINDS + "a_poll_that_cannot_be_is_not_shown",
    "OPTION": KINDS + "a_poll_that_cannot_be_is_not_shown",
    "ATTACHMENTS": KINDS + "a_post_with_an_attachment_past_its_range_is_not_shown",
    "FILE_NAME": KINDS + "a_post_with_an_attachment_past_its_range_is_not_shown",
    "BLOB": KINDS + "a_post_with_an_attachment_past_its_range_is_not_shown",
    "PREVIEW": KINDS + "a_post_with_an_attachment_past_its_range_is_not_shown",
    "BLOB_PART": OUT_OF_RANGE,
    "BLOBS_FLYING": GATHER + "four_parts_of_a_link_are_in_flight_and_each_that_lands_lets_one_go",
    "BLOBS_WANTED": GATHER + "only_so_many_are_fetched_at_a_time_and_those_nobody_holds_make_room",
    "BLOB_AT_ONCE": "engine/test_attaching.py::test_a_large_file_comes_when_somebody_looks_at_it",
    "BLOB_ASKERS": "engine/test_greedy_blobs.py::test_who_asks_for_what_is_not_here_is_remembered_up_to_a_number",
    "BLOBS_KEPT": "store/test_blobs.py::test_past_the_ceiling_the_oldest_of_whoever_has_most_here_go",
    "ACT_AFTER": WRONG_ACT,
    "ACT_WARRANTS": WRONG_ACT,
    "ACT_HEADS": WRONG_ACT,
    "ACT_DEVICES": WRONG_ACT,
    "NAME": KINDS + "a_name_is_one_line_of_at_most_64_characters",
    "SEQ": "log/test_codec.py::test_a_seq_outside_its_range_is_malformed",
    "TIME": WRONG_ACT,
    "BEFORE": KINDS + "an_opening_names_at_most_256_earlier_logs",
    "ORDINALS": CEIL + "an_opening_of_too_high_an_ordinal_and_a_claim_of_too_much_say_nothing",
    "CLAIMS": CEIL + "an_opening_of_too_high_an_ordinal_and_a_claim_of_too_much_say_nothing",
    "LOGS_ORDINAL": FORK + "logs_past_the_four_of_an_ordinal_are_not_part_of_the_office",
    "CLAIMED": FORK + "no_more_than_four_claimed_ends_count_the_lowest_ids_alike_everywhere",
    "OUTBOX": OUTBOX + "what_may_not_be_posted_does_not_wait_either_and_only_so_much_waits",
    "UNDO_SECONDS": OUTBOX + "what_may_not_be_posted_does_not_wait_either_and_only_so_much_waits",
    "CORRECT_MS": ABOUT + "a_correction_is_marked_after_ten_minutes",
    "STATUS": KINDS + "a_status_has_at_most_140_characters_and_is_shown_on_one_line",
    "HOST": KINDS + "a_road_has_a_host_and_a_port",
    "ROADS": "store/test_newest.py::test_of_roads_without_number_the_newest_few_count",
    "RETENTION_DAYS": GONE + "a_rule_that_makes_no_sense_drops_nothing",
    "BOXES": SEALED + "150_boxes_fit_with_the_longest_text_and_one_more_is_refused_before_anything_is_drawn",
    "KEYS": "log/test_keyring.py::test_many_keys_go_in_several_entries_each_of_which_fits",
    "POST": KINDS + "280_characters_are_taken_and_281_refused_with_the_count",
    # the link, before a peer is known
    "HELLO": STRANGE + "before_the_proof_half_a_kilobyte_is_the_most",
    "HELLO_SECONDS": SILENT,
    "STRANGERS": "net/test_strangers.py::test_the_oldest_of_the_address_that_has_most_makes_room",
    "STRANGERS_ADDRESS": STRANGE + "a_ninth_link_of_one_address_is_not_let_in_and_others_are",
    "TLS_BUFFER": "net/test_tls.py::test_a_silent_link_holds_no_more_than_its_small_buffer",
    # the link, once known
    "LINKS": GREEDY + "a_sixty_fifth_link_is_refused_and_those_that_stand_go_on",
    "RUN_NUMBERS": CEIL + "of_runs_that_were_replaced_the_last_are_remembered",
    "UNVERIFIED": CEIL + "headers_without_a_signature_are_refused_past_their_bytes",
    "SEND_QUEUE": LAN + "a_member_who_asks_for_all_and_stops_reading_is_left",
    "LIVE_MINUTE": SYNC + "a_flood_of_live_entries_is_taken_in_runs_and_whole",
    "LIVE_WAITING": CEIL + "before_the_office_is_agreed_on_a_few_messages_wait_and_one_more_ends_the_link",
    "LIVE_BODY": CEIL + "a_live_entry_carries_no_large_body",
    "BODIES": OUT_OF_RANGE,
    "BUCKETS": OUT_OF_RANGE,
    "HEADS": OUT_OF_RANGE,
    "ANSWER_SECONDS": SYNC + "a_want_that_is_never_answered_ends_the_link_and_frees_the_log",
    "PROVISIONAL_ACTS": SYNC + "a_device_the_fold_does_not_have_in_is_given_a_mebibyte_of_acts_and_no_more",
    "RUNS_STORING": CEIL + "nothing_is_asked_for_while_two_runs_are_on_their_way_to_the_disk",
    "SHOWN": CEIL + "what_a_peer_has_shown_and_where_logs_ended_is_forgotten_in_time",
    "PRESENCE": "net/test_presence.py::test_a_record_of_the_greatest_size_fits_and_one_longer_does_not",
    "PRESENCE_SECONDS": "net/test_presence.py::test_ten_thousand_changes_of_one_device_cost_one_signature_a_second",
    "CONTRADICTED": "engine/test_company.py::test_two_pcs_with_one_key_do_not_contradict_each_other_for_ever",
    "OUTCOMES": "net/test_reach.py::test_the_latest_few_are_remembered",
    "TRY_SECONDS": "engine/test_doctor.py::test_a_door_is_tried_once_in_a_while_whoever_asks",
    "TRIES": "engine/test_doctor.py::test_no_more_than_two_doors_are_tried_at_a_time",
    "POINTS": CEIL + "a_log_is_located_by_a_few_points_however_long_it_is",
    "CHAINS": GONE + "of_a_log_no_more_than_eight_chains_are_kept_and_a_claimed_one_finds_room",
    "LOGS_UNOPENED": GREEDY + "logs_that_never_open_and_offers_without_end_are_a_bounded_much",
    "SALVAGED": "store/test_repair.py::test_what_was_changed_in_a_damaged_file_does_not_come_in",
    "SET_ASIDE": GONE + "of_a_log_no_more_than_a_thousand_entries_are_set_aside",
    "SET_ASIDE_DAYS": GONE + "what_is_set_aside_is_let_go_of_after_thirty_days_but_for_the_proof",
    "NOT_KEPT": CEIL + "what_was_refused_is_remembered_for_a_while",
    "OFFERED": GREEDY + "logs_that_never_open_and_offers_without_end_are_a_bounded_much",
    "LOOKS": CEIL + "only_so_many_questions_whether_something_is_held_are_on_their_way",
    "PENDING": GREEDY + "a_flood_of_bodies_nobody_asked_for_is_read_no_faster_than_it_is_judged",
    "BRANCHES": CEIL + "no_more_ends_of_one_log_are_wanted_than_there_may_be_chains",
    # envelopes
    "ENVELOPE_BOXES": "log/test_envelope.py::test_to_nobody_or_to_too_many_is_refused_before_anything_is_drawn",
    "ENVELOPE_HEAD": "log/test_envelope.py::test_the_most_boxes_there_can_be_fit_the_head",
    "CHUNK": "log/test_envelope.py::test_a_length_past_the_ceiling_is_refused_before_it_is_waited_for",
    # bundles
    "BUNDLE_HEADS": "net/test_bundle.py::test_more_heads_than_an_office_can_have_are_refused",
    "BUNDLES_KNOWN": "engine/test_bundle.py::test_no_more_writers_are_remembered_than_the_ceiling_says",
    # the office
    "ACTS": INV + "a_welcome_in_any_number_of_parts_is_the_same_office_and_has_a_ceiling",
    "ACTS_KEYHOLDER": PEND + "once_the_author_is_known_to_hold_a_key_the_others_come_in",
    "ACTS_MEMBER": GREEDY + "a_flood_of_acts_stops_at_the_ceiling_and_the_office_goes_on",
    "ACTS_WAITING": PEND + "no_more_acts_wait_than_the_ceiling_says",
    # joining
    "CODE_MINUTES": INV + "a_code_ends_with_its_time_when_cancelled_and_for_all_but_who_used_it",
    "CODE_TRIES": INV + "never_are_more_than_three_tries_out_or_spent",
    "CODE_BEGUN": INV + "runs_that_are_broken_off_again_and_again_are_rated",
    "JOIN_SERVICES": LAN + "two_hundred_services_that_show_the_digits_of_a_code_are_not_all_tried",
    # discovery
    "SERVICES": "net/test_sighting.py::test_of_strangers_no_more_than_so_many_are_remembered",
    "UNKNOWN_DIALLED": LAN + "a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart",
    "RESOLVING": LAN + "a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart",
    "NAMES_HEARD": LAN + "a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart",
    "ADDRESSES": "net/test_discovery.py::test_own_subnet_is_tried_first_and_few_addresses_are_kept",
    "BEACON_PLACES": BEAT + "of_one_device_the_last_few_places_are_kept",
    "BEACON_NEWS": BEAT + "ten_thousand_fakes_with_the_offices_tag_are_rationed_and_keep_no_colleague_out",
    "BEACON_NEWS_COLLEAGUES": BEAT + "a_colleagues_key_from_everywhere_is_rationed_too",
    "BEACON_ANSWERS": BEAT + "those_who_ask_are_answered_one_after_another_in_no_more_bytes_and_few_wait",
    "BEACON_SECONDS": BEAT + "who_was_silent_for_three_intervals_is_forgotten",
    "REMEMBERED": "engine/test_remembered.py::test_the_newest_places_come_first_and_few_are_kept_also_over_a_restart",
    "REMEMBERED_DIALLED": "engine/test_remembered.py::test_of_those_not_heard_a_few_are_tried",
    "PROBE_SECONDS": "engine/test_doubt.py::test_who_dials_again_and_is_silent_on_the_old_link_gets_the_new_one",
    "FRESH_SECONDS": "engine/test_doubt.py::test_a_link_heard_of_a_moment_ago_is_in_no_doubt",
}

NOT_TRIED: dict[str, str] = {
    "KIB": "a unit",
    "MIB": "a unit",
    "POST_WARN": "when the counter changes its colour; nothing a peer can push",
    "CLOSE_SECONDS": "how long a closed link may linger; counted among the strangers meanwhile",
    "CODE_RUN_SECONDS": "how long a try is out; never more than three are",
    "JOIN_SECONDS": "how long a joiner waits for one of those services",
    "WELCOME_SECONDS": "how long whoever knows the words may take its welcome; one joiner a code",
    "PING_SECONDS": "a rhythm of ours",
    "PINGS_MISSED": "when silence is a lost link; in the simulation's dead lines",
    "TWIN_SECONDS": "how two copies of one PC take turns",
}
