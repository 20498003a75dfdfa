"""Every ceiling a peer can push against, in one place, each with its reason.

Ceilings on bytes refuse, as a function of the bytes alone, so that all stores agree.
Ceilings on rate, memory and counts only slow or hide; they never refuse an entry for ever.
"""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# --- bytes: the same verdict on every PC -------------------------------------------------------------------
FRAME: Final = 64 * KIB  # one message on the wire
BODY: Final = 16 * KIB  # an entry's body; a header that says more ends its log there
RUN: Final = 256  # headers vouched for by one signature
HEADER: Final = 512  # a version 1 header is about 170 bytes; later versions may append
ACT: Final = 48 * KIB  # an act with its signature must fit a frame with room to spare
ACT_AFTER: Final = 16  # tips an act names
ACT_WARRANTS: Final = 4  # an admission and a role; room for two more
ACT_HEADS: Final = 400  # points named by one removal or border: 400 × 83 bytes fit an act
ACT_DEVICES: Final = 64  # devices in one admission
NAME: Final = 64  # characters in a person's or an office's name
SEQ: Final = 2**53 - 1  # fits SQLite and every JSON reader
TIME: Final = 2**48  # milliseconds; the year 10889
BEFORE: Final = 256  # earlier logs named when a log is opened (64 ordinals × 4)
ORDINALS: Final = 64  # logs a device opens one after the other; 64 × 4 are counted
LOGS_ORDINAL: Final = 4  # logs counted of one device and ordinal: the lowest opening ids
CLAIMED: Final = 4  # points of one forked log that count: the lowest ids
CLAIMS: Final = 16  # points in one claim
HOST: Final = 253  # characters of a name (RFC 1035)
ROADS: Final = 64  # addresses dialled because somebody said so; of each log the newest so many are looked at
RETENTION_DAYS: Final = 36_500
BOXES: Final = 150  # devices a sealed text opens on: 150 × 82 bytes leave room in a body for the text and its readers
SEEN: Final = 400  # marks of what was read, in one entry
KEYS: Final = 200  # keys of old sealed texts in one entry: 200 × 69 bytes fit a body
POST: Final = 280  # characters; the counter warns from 140
POST_WARN: Final = 140
STATUS: Final = 140  # characters
COFFEE_DAYS: Final = 14  # then what was said at the coffee machine is let go of
PROFILE: Final = 80  # characters of a job, and of a place
PHONE: Final = 40  # characters
TAG: Final = 50  # characters of a tag
FOLLOWS: Final = 200  # tags followed or left: of each log the newest so many are looked at
PAST: Final = 1000  # characters of a post brought in from elsewhere, where posts were longer
PASTS: Final = 20_000  # brought in from one file
ANNOUNCED_DAYS: Final = 7  # an announcement is in term
ANNOUNCED_WEEK: Final = (
    3  # announcements of one person in seven days that interrupt others, unless the office says else
)
ANNOUNCED_SHOWN: Final = 50  # announcements in term that stand above the timeline or wait for “Got it”
ANNOUNCED_MOST: Final = 50  # … and so many the office may say
RECEIPTS: Final = 64  # ids of one receipt
FORWARD_URLS: Final = 3  # addresses of one rule for the road; all must be through while a claim holds (travel.py)
FORWARD_URL: Final = 500  # characters
FORWARD_KINDS: Final = 8  # this version knows three
FORWARD_CAP: Final = 200  # messages a month that a person may say
CARRIERS: Final = 8  # devices that one rule names
FORWARD_WAIT: Final = 90 * 60_000  # ms that a carrier's word has the others wait: an hour and half of it at random
OPTIONS: Final = 6  # of one poll
OPTION: Final = 60  # characters
ATTACHMENTS: Final = 8  # of one post: 8 × 300 bytes fit a body
FILE_NAME: Final = 120  # characters of an attachment's name
BLOB: Final = 25 * MIB
VOICE_SECONDS: Final = 60  # of a voice note recorded here; a file may be longer
FILM_SECONDS: Final = 15  # … and of a film
PREVIEW: Final = 48 * KIB  # one `blob` message
OUTBOX: Final = 20  # own posts that wait to leave
UNDO_SECONDS: Final = 30  # … and for so long at most
CORRECT_MS: Final = 10 * 60_000  # so long after it was written a post is corrected without a mark

# --- the link, before a peer is known ---------------------------------------------------------------------
HELLO: Final = 512  # bytes before the proof; key, nonce and signature alone are 128
HELLO_SECONDS: Final = 5.0  # for TLS and proof together
CLOSE_SECONDS: Final = 2.0
STRANGERS: Final = 64  # unproven links in all
STRANGERS_ADDRESS: Final = 8  # … and from one address
TLS_BUFFER: Final = 16 * KIB  # asyncio's own default of 256 KiB costs 280 KiB a silent link

# --- the link, once known ---------------------------------------------------------------------------------
LINKS: Final = 64
RUN_NUMBERS: Final = 1024  # of devices that came back, remembered to tell a copy from a restart
TWIN_SECONDS: Final = 2.0  # for so long a PC keeps its link before its copy may take it over
UNVERIFIED: Final = 64 * KIB  # bytes of a link held before a signature vouched for them
SEND_QUEUE: Final = 4 * MIB  # then the link is dropped: a reader that stopped reading
LIVE_MINUTE: Final = 60  # entries of one device a minute that are taken one by one; more come in runs
LIVE_WAITING: Final = 64  # live entries for logs not yet judged
BODIES: Final = 256  # ids asked for in one message
BUCKETS: Final = 64
PING_SECONDS: Final = 15.0
PINGS_MISSED: Final = 3
PROBE_SECONDS: Final = 5.0  # for an answer when a link is in doubt: after sleep, another address, a second link
FRESH_SECONDS: Final = 1.0  # a link heard of so lately is in no doubt when the same device dials again
HEADS: Final = 300  # head lines in one message: 300 × 84 bytes fit a frame
ANSWER_SECONDS: Final = 30.0  # a want unanswered for so long is given to another link
PROVISIONAL_ACTS: Final = MIB  # bytes of acts taken from a peer the fold does not know yet
RUNS_STORING: Final = 2  # runs on their way to the disk while the next is asked for
SHOWN: Final = 4096  # entries remembered as shown by a peer, so that they are not flooded back
LIVE_BODY: Final = 1 * KIB  # larger bodies are asked for

POINTS: Final = 64  # points named in one want
CHAINS: Final = 8  # of one log: four claimed ones, two of the proof, two that wait for their claim
LOGS_UNOPENED: Final = 8  # logs of one device whose opening's body has not come
SALVAGED: Final = 1_000_000  # entries tried of one chain of a damaged database, whose numbers mean nothing
SET_ASIDE: Final = 1000  # entries of one log that are kept though they do not count
SET_ASIDE_DAYS: Final = 30
NOT_KEPT: Final = 1024  # logs remembered as refused by the store, so that they are not asked for again
OFFERED: Final = 16_384  # logs a link has offered and that are not fetched yet; more are asked about later
LOOKS: Final = 8  # questions to the store on the way, whether points offered are held
PENDING: Final = 64  # pieces of work for the store that one link caused; then it is not read until there are half
BRANCHES: Final = 8  # offers of one log beside its furthest

BLOB_PART: Final = 48 * KIB  # bytes in one message, so that a post is never behind more than a few of them
BLOBS_FLYING: Final = 4  # parts asked for and not come, of one link
BLOB_AT_ONCE: Final = 4 * MIB  # larger ones are fetched when somebody looks at them
BLOBS_WANTED: Final = 64  # being fetched at a time; the rest waits in the store
BLOB_ASKERS: Final = 1024  # who asked for what is not here yet
BLOBS_KEPT: Final = 4096 * MIB  # of others; then the oldest of whoever has most here go

# --- presence ---------------------------------------------------------------------------------------------
PRESENCE: Final = 2 * KIB  # a record: 64 links and 8 addresses are 960 bytes
PROGRAM: Final = 32  # characters of the version a device says to run
PRESENCE_SECONDS: Final = 1.0  # of one device so often at most; of what comes sooner the newest waits
CONTRADICTED: Final = 16  # times a run that one's own record is raised over another with one's key

# --- programs handed on -----------------------------------------------------------------------------------
PROGRAM_WORD: Final = KIB  # the makers' signature and what it says
PROGRAM_PACKAGE: Final = 512 * MIB
PROGRAM_KINDS: Final = 8  # packages kept, one of each kind
PROGRAM_WORDS_MINUTE: Final = 32  # messages about them of one link that are looked at, parts not counted
PROGRAM_ROOM: Final = 256 * MIB  # of the disk that fetching one must leave

# --- the doctor -------------------------------------------------------------------------------------------
OUTCOMES: Final = 512  # addresses of which it is remembered what the last attempt came to
TRY_SECONDS: Final = 10.0  # a device's door is tried for others no more often
TRIES: Final = 2  # … and so many at a time

# --- notifications ----------------------------------------------------------------------------------------
POPUPS: Final = 8  # on the screen or waiting for room there; the oldest makes room
POPUP_TITLE: Final = 80  # characters as people count them
POPUP_TEXT: Final = 280  # a whole post
POPUP_LINES: Final = 6
POPUP_MARKS: Final = 4  # heaped on one character; Vietnamese has two, pointed Hebrew three
POPUP_CHARACTER: Final = 12  # code points of one character: joined emoji have ten

# --- on the road ------------------------------------------------------------------------------------------
CARRIED: Final = 64  # persons whom one PC carries for
FORWARD_WORDS: Final = 1024  # of one carrier by one rule, the newest: two months of the highest cap
FORWARD_DUE: Final = 64  # entries of one rule that wait to be sent, the newest
FORWARD_SENDING: Final = 4  # entries that one PC says at a time it is about to send
FORWARD_CAPPED: Final = 20  # entries of one rule of which it is said that they are past the cap
FORWARD_DAYS: Final = 62  # then a carrier's words are withdrawn by itself
FORWARD_SHOWN: Final = 100  # lines of what was sent

# --- envelopes (bundles) ----------------------------------------------------------------------------------
ENVELOPE_BOXES: Final = (
    4096  # devices one envelope opens on; to look for one's own box among them takes half a second
)
ENVELOPE_HEAD: Final = 352 * KIB  # that many boxes and what stands before them
CHUNK: Final = 64 * KIB  # of an envelope's stream: what is held in memory at a time

BUNDLE_HEADS: Final = (
    32_768  # head lines of a bundle's writer: 64 logs a device for an office of 500; some 8 MB in memory
)
BUNDLES_KNOWN: Final = 16  # writers whose last bundle's heads are remembered, to measure the next one against

# --- office -----------------------------------------------------------------------------------------------
ACTS: Final = 40_000  # in memory, all authors together
ACTS_KEYHOLDER: Final = 5000  # of one device; more wait until an act of somebody else follows them
ACTS_MEMBER: Final = 64  # the same of a member's, and of all together who were never let in
ACTS_WAITING: Final = 1024  # acts whose parents have not come yet, or whose author wrote too many

OFFICE_FEEDS: Final = 40  # that the rule names: with all else that stands in it they fit an act
OFFICE_FEED: Final = 500  # bytes of such an address
OFFICE_FEED_NAME: Final = 64  # characters of its folder, and of its title
OFFICE_FEEDS_LEFT: Final = 200  # of the office's feeds that a person removed, the newest; they are not given again
OFFICE_FILE: Final = 256 * KIB  # bytes of the office's settings as a file

# --- joining ----------------------------------------------------------------------------------------------
CODE_MINUTES: Final = 10
CODE_TRIES: Final = 3  # runs begun plus wrong confirmations, at any instant, across all links
CODE_BEGUN: Final = 60  # runs begun in a minute, wrong or broken off: 0.6 s of arithmetic
CODE_RUN_SECONDS: Final = 5.0
WELCOME_SECONDS: Final = 30.0  # for the admission to be written and the welcome to be taken
JOIN_SERVICES: Final = 3  # services a joiner tries for one typing: each is a guess at the words for whoever pretends
JOIN_SECONDS: Final = 12.0  # … and for so long: a link and a run of the code take ten at most

# --- discovery --------------------------------------------------------------------------------------------
SERVICES: Final = 256
ADDRESSES: Final = 8  # kept for one service
RESOLVING: Final = 64  # services asked at a time for what their announcement left out
UNKNOWN_DIALLED: Final = 8  # services that say the office's tag and whose device is not known to be in
NAMES_HEARD: Final = 16_384  # then the browser, which keeps some 400 bytes a name, is begun anew
BEACON_PLACES: Final = 4  # addresses one device was heard from last
BEACON_NEWS: Final = 8  # devices not known to be in, and new addresses of theirs, that are taken a second …
BEACON_NEWS_COLLEAGUES: Final = 64  # … and of colleagues', whose keys anybody can put into a beacon
BEACON_ANSWERS: Final = 16  # who asked and is not answered yet, at ten a second
BEACON_SECONDS: Final = 210.0  # three intervals at their longest: who was silent for so long is forgotten
REMEMBERED: Final = 4  # addresses of one device where a link stood, the newest
REMEMBERED_DIALLED: Final = 16  # colleagues not heard who are tried where they were last

# --- spelling ---------------------------------------------------------------------------------------------
OWN_WORDS: Final = 1024  # that a person has added, the newest
SPELT: Final = 4096  # words of which it is remembered what the dictionaries said

# --- publishing -------------------------------------------------------------------------------------------
FEED_POSTS: Final = 50  # of a feed, the newest
FEED_TITLE: Final = 80  # characters of a text that make a title
LISTED: Final = 50  # posts on a page that shows the newest
LISTED_PART: Final = 200  # … and on one of those behind it
SEARCH_PART: Final = 500  # posts in one file that is searched: some 100 kB
SITE_POSTS: Final = 100_000  # on one site: its pages are made in memory, some 3 kB each
SITE_LIST: Final = 64 * MIB  # bytes of the list of files a site has in its folder
COUNTER_POSTS: Final = 30  # on the shop counter
COUNTER_REFRESH: Final = 30  # seconds it stands at least before it is loaded anew
WEB_HEAD: Final = 8 * KIB  # bytes of a request; it has no body
WEB_LINKS: Final = 64  # readers at a time …
WEB_ADDRESS: Final = 8  # … and from one address
WEB_SECONDS: Final = 10.0  # for a request to come, and for its answer to be found
WEB_SEND_SECONDS: Final = 60.0  # for the answer to be taken
WEB_ANSWERS: Final = 1024  # answers of which it is remembered since when they have been so
PUBLIC_TAGS: Final = 16  # that make what is written with them public
READERS: Final = 256  # secret addresses that hold at a time

# --- feeds ------------------------------------------------------------------------------------------------
FEED_BODY: Final = 10 * MIB  # of a feed, unpacked; the largest of 200 real ones was 2.5 MB
FEED_ITEMS: Final = 2000  # of one file; the first, which are the newest as feeds are written
FEEDS_FOLLOWED: Final = 2000  # on this PC
FEED_HOSTS: Final = 4096  # of which it is remembered when they were asked last
FEED_KEPT: Final = 2000  # items of one feed on this PC, the newest; and what is kept at hand
FEED_TEXT: Final = 128 * KIB  # characters of one item; more is cut, for the page it leads to has it all
FEED_LINE: Final = 1000  # characters of a title, a name, a tag, a guid
FEED_TAGS: Final = 50  # tags of one item, and authors
FEED_ENCLOSURES: Final = 50  # files of one item
OPML_FEEDS: Final = 5000  # of one list
OPML_DEPTH: Final = 16  # folders one within the other
FEEDS_OFFERED: Final = 50  # feeds of one page that are offered for choice
FEEDS_PAGE: Final = MIB  # of a page that is looked through for them; the head comes first
FEED_PARSE_SECONDS: Final = 5  # of work for reading one; the largest of 200 real ones took 0.5
FEED_MEMORY: Final = 512 * MIB  # of addresses of the process that reads one; the worst 10 MB took 350
FEED_SECONDS: Final = 30.0  # for fetching one, from the first lookup to the last byte

# --- feeds, fetched once for the office -------------------------------------------------------------------
FEED_STATEMENT: Final = 5 * KIB  # eight headers at their longest
FEED_HEADERS: Final = 8  # of one statement
FEED_HEADER: Final = 512  # characters of one; a longer one is left out
FEED_HAVES: Final = 256  # copies named in one message: 7 KiB
FEED_WORDS_MINUTE: Final = 600  # messages about feeds of one link that are looked at; a PC with 1,000 feeds says 100
FEED_HAVE_SECONDS: Final = 60.0  # of one feed a colleague's copy is asked for so often at most, in passing
FEED_ANSWER_SECONDS: Final = 2.0  # for colleagues to say what they have
FEED_TURN_SECONDS: Final = 45.0  # a colleague about to ask the site is waited for: a fetch takes 30 at most
FEED_TURN_AGAIN: Final = 900.0  # … and the same one, for the same feed, so much later again
FEED_TURNS: Final = 3  # … and so many at most before one's own turn
FEED_BODIES: Final = 2  # bodies on their way from colleagues at a time, 20 MiB of memory
FEED_COPIES: Final = 256 * MIB  # of the disk, for what sites answered, packed; the oldest go
FEED_AHEAD_MS: Final = 300_000  # so far ahead of this clock a copy may have been fetched
