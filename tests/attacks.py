"""What hostile and broken peers do, case by case, and the tests that hold against it; docs/threats.md rests on this.

A case names tests as "file::test". `OPEN` says plainly which cases have no test yet, and why.
"""

from __future__ import annotations

S, H, G = "engine/test_strangers.py::test_", "engine/test_hostile.py::test_", "engine/test_greedy.py::test_"
T, N, I = "net/test_tls.py::test_", "net/test_handshake.py::test_", "net/test_invite.py::test_"  # noqa: E741
C, D, F = "net/test_certificate.py::test_", "net/test_discovery.py::test_", "net/test_frames.py::test_"
K, R, M = "log/test_keys.py::test_", "engine/test_removed.py::test_", "engine/test_membership.py::test_"
FORK, COPY, GONE = "net/test_forks.py::test_", "engine/test_copies.py::test_", "store/test_erasure.py::test_"
LAN, SEEN = "office/test_hostile_lan.py::test_", "net/test_sighting.py::test_"
HEAL, BEAT = "office/test_healing.py::test_", "net/test_beacon.py::test_"
SIM = "simulation/test_simulation.py::test_hundreds_of_seeds_break_no_law"
CRASH = "crash/test_crash.py::test_twenty_five_crashes_break_no_promise"

PUB = "engine/test_publishing.py::test_"
ROAD = "engine/test_forwarding.py::test_"
B, BF = "engine/test_bundle.py::test_", "net/test_bundle.py::test_"

PROGRAMS = "engine/test_programs.py::test_"
SHARE, SHARED = "engine/test_feed_sharing.py::test_", "net/test_feeds.py::test_"

CASES: dict[str, tuple[str, ...]] = {
    "a package of a newer version that the makers did not sign, or that another key signed; a flood of them": (
        "net/test_release.py::test_",
        PROGRAMS + "bytes_that_are_not_the_makers_are_thrown_away_and_an_honest_pc_is_asked",
        PROGRAMS + "what_the_makers_did_not_sign_is_neither_told_nor_kept",
        PROGRAMS + "a_flood_of_words_is_not_looked_at",
        PROGRAMS + "of_other_kinds_and_of_older_versions_nothing_is_fetched",
    ),
    "a copy of a feed that is forged, another's, of another feed or office, of the future, too old, too large": (
        SHARED + "a_statement_that_does_not_hold_is_the_fault_of_who_sent_it",
        SHARED + "a_statement_out_of_range_is_malformed",
        SHARED + "times_that_cannot_be_are_passed_over",
        SHARED + "who_is_not_in_the_office_now_is_not_believed",
        SHARED + "another_body_than_was_said_is_thrown_away_and_counted",
        SHARE + "a_body_of_another_hash_is_counted_and_thrown_away",
        SHARE + "a_forged_statement_ends_the_link",
        SHARE + "a_body_that_is_no_feed_is_read_by_a_child_alone_and_comes_to_nothing",
    ),
    "a member that hands on what no site has said": (
        SHARE + "a_lie_is_found_when_it_is_checked_and_that_device_is_believed_no_more",
        SHARE + "anybody_may_compare_what_was_handed_on_with_the_site",
        "feeds/test_comparing.py::test_",
    ),
    "a member that looks for what others follow, or would have them ask sites for it": (
        SHARED + "nothing_is_told_of_a_feed_to_who_does_not_follow_it_nor_asked_for_a_colleague",
        SHARE + "a_private_feed_is_never_shared_nor_named",
        SHARE + "a_feed_that_turns_out_private_is_handed_on_no_more",
        SHARE + "nothing_is_shared_until_the_person_has_said_so",
    ),
    "words about feeds without end, and turns never taken": (
        SHARED + "of_what_a_link_says_of_feeds_so_much_is_looked_at_a_minute",
        SHARED + "copies_said_to_be_held_are_looked_at_once_a_minute",
        SHARED + "who_says_without_end_that_it_is_about_to_ask_keeps_nobody_from_it",
        SHARED + "a_body_that_stops_coming_is_asked_of_the_site_when_it_is_due",
        SHARE + "a_flood_of_questions_about_feeds_keeps_nobody_waiting",
    ),
    "a bundle found, read by a stranger, changed, cut short, made up, replayed": (
        B + "strangers_and_who_came_later_read_nothing",
        B + "a_run_hung_on_another_log_ends_it_and_what_came_before_is_kept",
        B + "past_a_border_nothing_comes_in_whoever_carries_it",
        B + "to_read_twice_or_an_older_one_later_changes_nothing",
        BF + "no_changed_byte_of_a_file_gives_out_anything_else",
        BF + "who_may_seal_cannot_change_what_others_signed",
        BF + "who_wrote_it_is_proven",
    ),
    "a rule for the road, or a carrier's word, by whoever has no say in it, or without end": (
        "store/test_forwards.py::test_words_count_of_carriers_alone_each_ones_in_its_order",
        "store/test_forwards.py::test_of_words_without_number_the_newest_of_each_carrier_are_looked_at",
        ROAD + "words_of_whoever_is_no_carrier_and_rules_for_somebody_else_count_for_nothing",
        ROAD + "a_carrier_that_uses_up_the_cap_harms_this_rule_alone",
        ROAD + "past_the_cap_a_few_are_said_to_be_and_of_the_others_nothing",
    ),
    "man in the middle of a first contact": (
        I + "a_man_in_the_middle_cannot_make_both_ends_see_the_same",
        I + "a_man_in_the_middle_who_passes_all_on_is_refused_and_spends_a_try",
    ),
    "a handshake passed on, reflected, replayed": (
        T + "a_proof_passed_on_to_another_is_refused",
        T + "a_proof_recorded_is_refused_on_the_next_link",
        N + "one_never_links_with_oneself_and_only_in_a_known_version",
    ),
    "a joining replayed; one's own words played back": (
        I + "a_joining_recorded_and_played_again_is_refused",
        I + "what_one_said_oneself_is_no_answer",
    ),
    "another's key; a certificate of another kind, that parses two ways, or not": (
        C + "a_key_of_another_algorithm_is_none",
        C + "another_encoding_is_malformed",
        C + "no_bit_of_it_can_be_flipped",
        T + "a_listener_whose_key_is_of_another_kind_proves_nothing",
    ),
    "small-order, mixed-order and invalid keys": (
        K + "a_key_of_small_order_is_refused",
        K + "a_key_of_mixed_order_is_refused",
        C + "a_key_of_small_order_is_refused",
        "log/test_run.py::test_a_device_key_of_small_order_vouches_for_nothing",
    ),
    "the same signature in another form (S + L)": (K + "the_same_signature_said_otherwise_is_forged",),
    "another key on the link than mDNS said": (
        "net/test_door.py::test_another_device_than_the_one_announced_is_not_spoken_to",
    ),
    "TLS 1.2, no or another ALPN, tickets": (
        S + "tls_12_is_refused",
        S + "another_protocol_is_not_spoken_to",
        T + "tls_is_13_with_our_alpn_asks_no_client_certificate_and_gives_no_ticket",
    ),
    "garbage before the handshake; too much before the proof": (
        S + "garbage_instead_of_tls_ends_there",
        S + "before_the_proof_half_a_kilobyte_is_the_most",
    ),
    "silent links, many of one address": (
        S + "a_ninth_link_of_one_address_is_not_let_in_and_others_are",
        T + "a_silent_link_holds_no_more_than_its_small_buffer",
    ),
    "1,000 silent TCP connections from 200 addresses, garbage, a byte a second": (
        LAN + "a_thousand_silent_connections_from_two_hundred_addresses_keep_nobody_out",
        "net/test_strangers.py::test_the_oldest_of_the_address_that_has_most_makes_room",
        "net/test_strangers.py::test_where_all_have_one_the_oldest_makes_room",
    ),
    "codes guessed, over several links at once": (
        I + "wrong_words_are_refused_three_times_and_then_no_more",
        I + "never_are_more_than_three_tries_out_or_spent",
        I + "runs_that_are_broken_off_again_and_again_are_rated",
    ),
    "a code used twice, late, after cancelling, by two at once": (
        I + "a_code_ends_with_its_time_when_cancelled_and_for_all_but_who_used_it",
        I + "two_joiners_at_the_same_moment_one_is_in",
        I + "a_code_that_ends_while_somebody_joins_lets_nobody_in",
        M + "a_code_dies_with_the_key_it_was_made_with",
    ),
    "200 fake services that show an inviter's digits": (
        LAN + "two_hundred_services_that_show_the_digits_of_a_code_are_not_all_tried",
    ),
    "a guest answers for the inviter": (I + "the_inviter_too_must_know_the_words",),
    "names learnt from mDNS, from the handshake, from errors": (
        D + "what_is_announced_names_nobody",
        S + "a_member_of_another_office_and_one_unknown_get_one_and_the_same_answer",
        N + "another_office_is_not_told_from_none",
    ),
    "rubbish in mDNS; addresses that are oneself, everybody, nowhere": (
        D + "rubbish_in_a_record_is_no_key_and_no_fault",
        D + "nowhere_is_dialled_that_is_oneself_or_everybody",
        D + "own_subnet_is_tried_first_and_few_addresses_are_kept",
    ),
    "fake mDNS services by the thousand, 10^5 records, pointer loops, goodbyes for a living colleague": (
        LAN + "a_hundred_thousand_mdns_records_cost_little_and_keep_nobody_apart",
        LAN + "goodbyes_for_living_colleagues_do_not_keep_them_apart",
        SEEN + "of_strangers_no_more_than_so_many_are_remembered",
        SEEN + "who_is_worth_more_takes_the_place_of_the_last_that_is_worth_least",
        "net/test_dialler.py::test_rumours_of_one_who_does_not_answer_cost_no_more_dials",
    ),
    "10,000 false beacons a second: the office's tag, colleagues' keys, the own key, a victim's address as sender": (
        LAN + "ten_thousand_false_beacons_a_second_cost_little_and_point_nobody_at_a_victim",
        BEAT + "a_flood_is_left_to_the_kernel_but_for_so_much_a_second",
        BEAT + "ten_thousand_fakes_with_the_offices_tag_are_rationed_and_keep_no_colleague_out",
        BEAT + "what_does_not_come_from_a_network_of_this_pc_points_nowhere",
        BEAT + "the_own_key_from_elsewhere_is_nothing",
        BEAT + "those_who_ask_are_answered_one_after_another_in_no_more_bytes_and_few_wait",
    ),
    "a link that is dead on one side only; a device that dials again and again": (
        "engine/test_doubt.py::test_who_dials_again_and_is_silent_on_the_old_link_gets_the_new_one",
        "engine/test_doubt.py::test_of_a_crowd_that_dials_with_one_key_one_at_a_time_is_thought_of",
        HEAL + "whatever_happens_to_a_pc_is_healed_and_a_dead_line_is_noticed_on_both_sides",
    ),
    "puppets admitted back-dated; a stolen senior PC": (
        M + "a_stolen_senior_pc_is_left_out_with_the_words",
        R + "a_thousand_admissions_side_by_side_are_taken_and_go_with_their_author",
        "log/test_fold_oracle.py::test_",
    ),
    "two honest members unknown to each other": (
        N + "two_who_were_admitted_while_the_other_was_away_meet_without_a_third",
    ),
    "a person removed yesterday comes back by every door": (
        R + "who_was_removed_yesterday_gets_nothing_at_any_door",
        R + "the_removed_one_acts_through_an_accomplice_and_it_is_void",
        R + "late_posts_of_the_removed_one_do_not_count_whoever_brings_them",
        R + "an_old_backup_of_the_office_brings_nobody_back",
        R + "who_was_removed_yesterday_gets_nothing_at_any_door",
    ),
    "frames: lengths 0 and 2^31, longer and shorter than said": (
        F + "a_length_that_is_not_allowed_is_refused_before_a_byte_of_it_came",
        F + "what_is_said_shorter_than_it_is_makes_the_rest_a_frame_of_its_own",
    ),
    "MessagePack: nested, NaN, past 64 bits, longer encodings, bad text": (
        "log/test_codec.py::test_hostile_bytes_are_malformed",
        "log/test_codec.py::test_an_integer_has_one_encoding",
        "log/test_codec.py::test_a_text_has_one_encoding",
    ),
    "unknown and misplaced messages in every state": (
        H + "an_unknown_message_is_passed_over_and_an_unknown_kind_kept_and_passed_on",
        H + "bytes_that_are_no_message_end_the_link",
        I + "nothing_is_taken_out_of_its_turn_in_any_state",
    ),
    "entries: another's signature, wrong log, seq, previous, body, office": (
        H + "a_bad_entry_ends_its_link_and_nothing_else",
        "log/test_run.py::test_a_seq_that_does_not_follow_is_forged",
        "log/test_run.py::test_an_entry_of_another_log_of_the_same_device_is_forged",
        "log/test_run.py::test_an_entry_of_another_office_by_the_same_keys_is_forged",
    ),
    "a forged middle of a run whose end is valid": (H + "a_run_forged_in_its_middle_is_refused_whole",),
    "heads that promise what is never sent, and grow for ever": (
        H + "heads_that_promise_what_is_never_sent_are_given_up",
        G + "logs_that_never_open_and_offers_without_end_are_a_bounded_much",
    ),
    "a fork on purpose, shown to different colleagues": (
        G + "two_entries_with_one_number_shown_to_different_colleagues",
    ),
    "claims ground out; claims of another's log; claims in circles": (
        FORK + "no_more_than_four_claimed_ends_count_the_lowest_ids_alike_everywhere",
        FORK + "a_claim_of_a_log_that_is_not_among_the_elders_or_of_another_device_claims_nothing",
    ),
    "64 logs in a minute, a million logs": (
        G + "sixty_four_logs_opened_in_a_minute_and_more_are_a_bounded_much",
        FORK + "logs_past_the_four_of_an_ordinal_are_not_part_of_the_office",
    ),
    "what is set aside grows": (
        GONE + "of_a_log_no_more_than_a_thousand_entries_are_set_aside",
        GONE + "of_a_log_no_more_than_eight_chains_are_kept_and_a_claimed_one_finds_room",
    ),
    "questions and answers nobody asked for, faster than they are judged": (
        G + "a_flood_of_bodies_nobody_asked_for_is_read_no_faster_than_it_is_judged",
    ),
    "10,000 posts a minute": (
        G + "ten_thousand_posts_a_minute_are_taken_in_few_runs_and_nobody_waits",
        "net/test_sync.py::test_a_flood_of_live_entries_is_taken_in_runs_and_whole",
    ),
    "acts without end, by a member, by keys never let in": (
        G + "a_flood_of_acts_stops_at_the_ceiling_and_the_office_goes_on",
        "log/test_pending.py::test_past_the_ceiling_an_authors_acts_wait_until_somebody_elses_follow",
        "log/test_pending.py::test_who_was_never_let_in_has_one_ceiling_for_all",
    ),
    "a reader that stops reading and asks for 20,000 posts again and again": (
        LAN + "a_member_who_asks_for_all_and_stops_reading_is_left",
    ),
    "a 65th link": (G + "a_sixty_fifth_link_is_refused_and_those_that_stand_go_on",),
    "a role given by one who may not; acts written by hand": (
        M + "who_holds_no_key_changes_nothing_but_themselves",
        R + "a_member_who_writes_keyholders_acts_by_hand_changes_nothing",
    ),
    "two remove each other; the last keyholder goes; heads nobody has": (
        M + "two_keyholders_who_remove_each_other_are_both_out_and_recovery_brings_one_back",
        M + "the_last_keyholder_goes_only_when_sure_and_the_words_bring_the_office_back",
        R + "heads_that_nobody_has_in_a_removal_take_nothing_away",
    ),
    "removed and taken back while it travels; a second device unheard of": (
        R + "a_second_pc_that_the_remover_had_not_heard_of_is_out_too",
        R + "a_removal_from_a_pc_that_has_just_joined_holds",
        M + "many_removals_at_the_same_moment_all_arrive",
    ),
    "a forged or replayed removal": (
        R + "a_forged_removal_shown_by_a_member_makes_nothing_happen",
        R + "a_true_removal_shown_by_a_stranger_is_the_truth_and_a_replayed_one_is_nothing",
    ),
    "sealed: to nobody, to the removed, to too many, two keys for one text": ("log/test_sealed.py::test_",),
    "kill, full disk, read-only disk, bad page, cut file, next year's schema, two programs, a copy in use": (CRASH,),
    "restored backup, cloned disk, snapshot rolled back, both copies on line": (
        COPY + "a_pc_restored_from_an_image_gets_back_what_it_wrote_since",
        COPY + "two_pcs_with_one_key_are_told_and_both_go_on",
        COPY + "a_copy_that_is_killed_before_it_writes_still_opens_a_log_of_its_own",
        SIM,
    ),
    "clocks an hour and a year off, set back": (
        G + "a_post_from_a_clock_a_little_or_far_ahead_is_shown_and_moves_nobodys_clock",
        GONE + "a_clock_a_year_ahead_drops_nothing_before_its_time",
        SIM,
    ),
    "lost, late, cut, partitioned, half open": (SIM,),
    "300-byte MTU, lines a router forgot and resets, a proxy that answers for everyone": (
        LAN + "packets_of_three_hundred_bytes_carry_a_joining_and_the_longest_posts",
        LAN + "a_router_that_forgets_idle_lines_resets_a_link_and_it_comes_back",
        LAN + "a_proxy_that_answers_for_everyone_breaks_nothing_and_once_it_is_gone_they_link",
    ),
    "an address that changes in mid-transfer, sleep in mid-handshake, a cable out and in, a dead line": (
        HEAL + "whatever_happens_to_a_pc_is_healed_and_a_dead_line_is_noticed_on_both_sides",
        HEAL + "of_two_cables_one_is_enough_and_a_person_is_there_once",
    ),
    "IPv6 only, IPv4 only, link-local only; one channel of discovery filtered, both; one firewall shut": (
        HEAL + "one_protocol_is_enough_also_where_the_network_comes_late",
        HEAL + "on_a_wire_with_link_local_addresses_alone_colleagues_are_linked",
        HEAL + "one_channel_is_enough_also_to_join",
        HEAL + "one_firewall_that_lets_nobody_in_is_no_matter_nor_are_both_channels_blocked",
        HEAL + "two_users_of_one_pc_and_a_colleague_all_see_each_other",
    ),
    "three sites of which two cannot hear each other": (
        LAN + "two_sites_that_cannot_hear_each_other_are_one_office_by_a_third",
        SIM,
    ),
    "a bad signature by another door: backup, repair, salvage": (
        "store/test_keeping.py::test_nothing_forged_comes_in_by_this_door",
        "store/test_repair.py::test_what_was_changed_in_a_damaged_file_does_not_come_in",
    ),
    "a backup of a newer version, cut, half imported": (
        "store/test_keeping.py::test_another_file_or_a_newer_one_is_left_alone",
        "store/test_keeping.py::test_whatever_happens_to_the_file_it_is_refused_or_whole",
    ),
    "withdrawn before its target, of another's post, of a withdrawal, back by another door": (
        GONE + "in_whatever_order_post_withdrawal_and_restart_come",
        GONE + "nobody_withdraws_what_another_wrote",
        GONE + "what_others_rest_on_cannot_be_withdrawn",
        SIM,
    ),
    "labels of signed texts: none begins another": (
        "log/test_codec.py::test_no_signed_label_begins_another_or_begins_with_a_space",
    ),
    "blobs: another hash, no bytes, too short, elsewhere, unasked, asked for without end, erased while they travel": (
        "engine/test_greedy_blobs.py::test_",
        "net/test_gathering.py::test_",
    ),
    "blobs: 0 bytes, 25 MiB and one more": (
        "log/test_kinds.py::test_a_post_with_an_attachment_past_its_range_is_not_shown",
    ),
    "what is public: marked by another, of what is sealed, by a tag set later, a thousand times, past a border": (
        "store/test_publicity.py::test_",
        PUB + "sealed_coffee_and_what_others_wrote_cannot_be_marked",
    ),
    "a secret address cut short, guessed, revoked, asked for what there is not": (
        PUB + "a_reader_sees_what_colleagues_see_and_a_client_what_is_public",
        PUB + "who_is_revoked_gets_nothing_and_with_the_last_the_server_ends",
        PUB + "a_feed_is_sought_in_few_posts_whatever_is_asked",
        "publish/test_serve.py::test_",
    ),
    "polls: a vote after closing, of what is not there, of too many, a thousand of one person": (
        "store/test_polls.py::test_",
    ),
    "pictures: decompression bomb, 60,000 x 60,000, half a picture, an archive called one, a polyglot": (
        "media/test_photo.py::test_",
        "ui/test_files.py::test_what_is_no_picture_that_is_shown_is_none",
        "ui/test_files.py::test_a_program_is_called_one_and_can_only_be_saved_by_who_is_sure",
    ),
    "names of files: ..\\..\\x, CON, 5,000 characters, turned about": (
        "media/test_nature.py::test_a_name_may_stand_on_any_disk",
        "store/test_blobs.py::test_a_hash_and_a_size_are_all_that_a_path_is_made_of",
    ),
    "text: control, direction, zero width, too long": ("log/test_kinds.py::test_",),
}

OPEN: dict[str, str] = {
    "receipts and reactions for nothing, presence flapping": "their parts of deskblog are not built",
    "announcements, feeds, links and names shown": "their parts of deskblog are not built",
    "spoofed truncated mDNS queries": "zeroconf's own affair; not sent here",
    "a disk that lies about fsync, a folder on a network share": "the first is a rollback to us; else not tried",
    "last version and this one in one office": "there is no last version yet",
}
