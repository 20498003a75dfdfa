"""The shape of the store, version by version. A migration once released is never changed.

A row of `log` is a chain: the first of a log has no parent, another branches from `parent` and begins at seq `start`.

Truth: act, log (name, parent, start), entry. Of this PC alone: meta, copy (how far another device holds an own log),
handed, seen (when a device was last linked, UTC ms), address (where a link with it stood, and when last), read_mark
(the beginnings of the ids of what its person has read).
Views, made anew by `Store.rebuild`: timeline, words, question, unread, person, claim, withdrawal, status, road,
profile, follow and about (where each stands that counts), attached, shut, given, closed_group and forwarding (what
letters say), and of a log what its opening says, whose it is and how far it counts. Of this PC too: feed, item and
item_words; blob, which says what of the folder `blobs` is whole.
"""

from __future__ import annotations

from typing import Final

VERSION_1: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE act (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, raw BLOB NOT NULL, signature BLOB NOT NULL);
CREATE TABLE log (
    n INTEGER PRIMARY KEY, device BLOB NOT NULL, number BLOB NOT NULL, lead BLOB NOT NULL,
    parent INTEGER, start INTEGER NOT NULL, opening BLOB NOT NULL, admission BLOB, ordinal INTEGER NOT NULL,
    person BLOB, last INTEGER, aside INTEGER, seq INTEGER NOT NULL, id BLOB NOT NULL
);
CREATE TABLE entry (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, header BLOB NOT NULL, signature BLOB,
    body BLOB, state INTEGER NOT NULL, key INTEGER, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entry_id ON entry (id);
CREATE INDEX entry_wanted ON entry (id) WHERE state = 1;
CREATE INDEX entry_dropped ON entry (id) WHERE state = 3;
CREATE TABLE claim (log INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (log, seq)) WITHOUT ROWID;
CREATE TABLE withdrawal (
    target BLOB NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (target, log, seq)
) WITHOUT ROWID;
CREATE INDEX withdrawal_log ON withdrawal (log);
CREATE TABLE copy (
    device BLOB NOT NULL, number BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (device, number)
) WITHOUT ROWID;
CREATE TABLE seen (device BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE person (id BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE timeline (
    key INTEGER PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
    at INTEGER NOT NULL, text TEXT NOT NULL, target BLOB
);
CREATE INDEX timeline_log ON timeline (log, key);
CREATE INDEX timeline_target ON timeline (target, key) WHERE target IS NOT NULL;
CREATE INDEX timeline_question ON timeline (key) WHERE kind = 'question';
CREATE VIRTUAL TABLE words USING fts5 (
    text, content='timeline', content_rowid='key', columnsize=0, prefix='2 3',
    tokenize='unicode61 remove_diacritics 2'
);
"""

# An older version keeps statuses and cannot read them: `newest-due` has them looked for when the office is known.
STATUSES: Final = """
CREATE TABLE status (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE INDEX status_newest ON status (log, at, id);
CREATE INDEX status_id ON status (id);
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

ROADS: Final = """
CREATE TABLE road (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE INDEX road_newest ON road (log, at, id);
CREATE INDEX road_id ON road (id);
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

ADDRESSES: Final = """
CREATE TABLE address (
    device BLOB NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (device, host, port)
) WITHOUT ROWID;
"""

# question: those on the timeline of which no answer was taken.
ABOUT: Final = """
CREATE TABLE about (
    target BLOB NOT NULL, kind TEXT NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    id BLOB NOT NULL, PRIMARY KEY (target, kind, log, seq)
) WITHOUT ROWID;
CREATE INDEX about_log ON about (log, seq);
CREATE INDEX about_id ON about (id);
CREATE INDEX about_told ON about (target) WHERE kind <> 'react';
CREATE TABLE question (key INTEGER PRIMARY KEY);
INSERT INTO question (key) SELECT key FROM timeline WHERE kind = 'question';
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

# blob: `state` is a BlobState; `own`: put here by this PC's person; `at`: when it was named, or came (UTC ms).
# attached: goes when the body of the entry that names it is erased or dropped, or the entry goes, by whatever way.
BLOBS: Final = """
CREATE TABLE blob (
    hash BLOB NOT NULL, size INTEGER NOT NULL, state INTEGER NOT NULL, own INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (hash, size)
) WITHOUT ROWID;
CREATE INDEX blob_wanted ON blob (size, hash) WHERE state = 1;
CREATE TABLE attached (
    entry BLOB NOT NULL, place INTEGER NOT NULL, preview INTEGER NOT NULL, hash BLOB NOT NULL, size INTEGER NOT NULL,
    name TEXT NOT NULL, kind INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    seconds INTEGER NOT NULL, PRIMARY KEY (entry, place, preview)
) WITHOUT ROWID;
CREATE INDEX attached_blob ON attached (hash, size);
CREATE TRIGGER body_gone AFTER UPDATE OF state ON entry WHEN NEW.state IN (2, 3)
    BEGIN DELETE FROM attached WHERE entry = OLD.id; END;
CREATE TRIGGER entry_gone AFTER DELETE ON entry BEGIN DELETE FROM attached WHERE entry = OLD.id; END;
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

# readers: marks of who may read a sealed text, one behind the other; closed: the closed group it was written in.
# handed: sealed entries that another PC of the same person can read. shut: those this PC cannot. given: keys of such
# that an older PC of the same person gave.
LETTERS: Final = """
ALTER TABLE timeline ADD COLUMN readers BLOB;
ALTER TABLE timeline ADD COLUMN closed BLOB;
CREATE INDEX timeline_sealed ON timeline (key) WHERE readers IS NOT NULL;
CREATE INDEX timeline_coffee ON timeline (key) WHERE kind = 'coffee';
CREATE TABLE shut (entry BLOB PRIMARY KEY, log INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX shut_at ON shut (at);
CREATE INDEX shut_log ON shut (log);
CREATE TABLE given (entry BLOB PRIMARY KEY, secret BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE handed (device BLOB NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (device, entry)) WITHOUT ROWID;
CREATE TABLE closed_group (
    entry BLOB PRIMARY KEY, root BLOB NOT NULL, log INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL,
    members BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX closed_group_root ON closed_group (root, at);
CREATE TRIGGER letter_gone AFTER UPDATE OF state ON entry WHEN NEW.state IN (2, 3) BEGIN
    DELETE FROM shut WHERE entry = OLD.id;
    DELETE FROM closed_group WHERE entry = OLD.id;
END;
CREATE TRIGGER letter_entry_gone AFTER DELETE ON entry BEGIN
    DELETE FROM shut WHERE entry = OLD.id;
    DELETE FROM closed_group WHERE entry = OLD.id;
END;
CREATE TABLE profile (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE INDEX profile_newest ON profile (log, at, id);
CREATE INDEX profile_id ON profile (id);
CREATE TABLE follow (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE INDEX follow_newest ON follow (log, at, id);
CREATE INDEX follow_id ON follow (id);
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

ANNOUNCING: Final = """
CREATE INDEX timeline_announcement ON timeline (key) WHERE kind = 'announcement';
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

# read_mark: `told`: one's other PCs know of it; `at`: when it was marked, UTC ms. What is older than the first start
# of this version is read.
UNREAD: Final = """
CREATE TABLE unread (key INTEGER PRIMARY KEY);
CREATE TABLE read_mark (mark BLOB PRIMARY KEY, told INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX read_mark_untold ON read_mark (at) WHERE told = 0;
"""

# What letters say of the road: rules (kind forward) and what their carriers say. `target`: the entry sent; `said`:
# when, by the carrier's clock; `heard`: by one's own, 0: not looked at yet.
FORWARDING: Final = """
CREATE TABLE forwarding (
    entry BLOB PRIMARY KEY, log INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, forward BLOB NOT NULL,
    target BLOB NOT NULL, said INTEGER NOT NULL, why TEXT NOT NULL, again INTEGER NOT NULL, status INTEGER NOT NULL,
    heard INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX forwarding_log ON forwarding (log, kind, at);
CREATE INDEX forwarding_word ON forwarding (forward, log, at);
CREATE TRIGGER forwarding_gone AFTER UPDATE OF state ON entry WHEN NEW.state IN (2, 3)
    BEGIN DELETE FROM forwarding WHERE entry = OLD.id; END;
CREATE TRIGGER forwarding_entry_gone AFTER DELETE ON entry BEGIN DELETE FROM forwarding WHERE entry = OLD.id; END;
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

# item: `also`: what else it is told by, a line each; `more`: JSON; hidden: by its feed's `words`.
FEEDS: Final = """
CREATE TABLE feed (
    n INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, title TEXT NOT NULL, link TEXT NOT NULL, folder TEXT NOT NULL,
    words TEXT NOT NULL, every INTEGER NOT NULL, muted INTEGER NOT NULL, private INTEGER NOT NULL,
    typed INTEGER NOT NULL, said TEXT NOT NULL, state BLOB NOT NULL, followed INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE item (
    key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, feed INTEGER NOT NULL, ident TEXT NOT NULL, also TEXT NOT NULL,
    digest TEXT NOT NULL, at INTEGER NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    html TEXT NOT NULL, author TEXT NOT NULL, more TEXT NOT NULL, unread INTEGER NOT NULL, hidden INTEGER NOT NULL
);
CREATE UNIQUE INDEX item_ident ON item (feed, ident);
CREATE INDEX item_feed ON item (feed, key);
CREATE INDEX item_unread ON item (key, feed) WHERE unread = 1;
CREATE VIRTUAL TABLE item_words USING fts5 (
    title, text, content='item', content_rowid='key', columnsize=0, prefix='2 3',
    tokenize='unicode61 remove_diacritics 2'
);
"""

# An older version keeps what makes a post public, and cannot read it.
PUBLISHING: Final = """
CREATE INDEX about_public ON about (target) WHERE kind = 'public';
INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1');
"""

# feed: `shared`: its copy's statements, and whose are not taken. item: `fetched_by`: the person from whose PC it
# came, empty: this one; `fetched_at`: UTC ms.
SHARING: Final = """
ALTER TABLE feed ADD COLUMN shared BLOB NOT NULL DEFAULT x'';
ALTER TABLE item ADD COLUMN fetched_by BLOB NOT NULL DEFAULT x'';
ALTER TABLE item ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0;
"""

# Where in a text a word stands is not indexed any more: store/wordindex.py.
WORDS_ALONE: Final = """
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5 (
    text, content='timeline', content_rowid='key', columnsize=0, detail=none, prefix='2 3',
    tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO words (words) VALUES ('rebuild');
"""

MIGRATIONS: Final = (
    VERSION_1,
    STATUSES,
    ROADS,
    ADDRESSES,
    ABOUT,
    BLOBS,
    LETTERS,
    ANNOUNCING,
    UNREAD,
    FORWARDING,
    FEEDS,
    PUBLISHING,
    SHARING,
    WORDS_ALONE,
)
