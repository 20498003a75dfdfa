"""The shape of the store, version by version. A migration once released is never changed.

A row of `log` is a chain: the first of a log has no parent, another branches from `parent` and begins at seq `start`.

Truth: act, log (name, parent, start), entry. Of this PC alone: meta, copy (how far another device holds an own log),
seen (when a device was last linked, UTC ms), address (where a link with it stood, and when last). Views, made anew by
`Store.rebuild`: timeline, words, question, person, claim, withdrawal, status, road and about (where each stands that
counts), attached, and of a log what its opening says, whose it is and how far it counts. Of this PC too: blob, which
says what of the folder `blobs` is whole.
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

MIGRATIONS: Final = (VERSION_1, STATUSES, ROADS, ADDRESSES, ABOUT, BLOBS)
