"""The shape of the store, version by version. A migration once released is never changed.

Truth: act, log (its name), entry, fork. Views, made anew by `Store.rebuild`: timeline, words, person, and a log's
person and limit.
"""

from __future__ import annotations

from typing import Final

VERSION_1: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE act (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, raw BLOB NOT NULL, signature BLOB NOT NULL);
CREATE TABLE log (
    n INTEGER PRIMARY KEY, device BLOB NOT NULL, number BLOB NOT NULL, lead BLOB NOT NULL, admission BLOB,
    person BLOB, last INTEGER, seq INTEGER NOT NULL, id BLOB NOT NULL, UNIQUE (device, number)
);
CREATE TABLE entry (
    log INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, header BLOB NOT NULL, signature BLOB,
    body BLOB, state INTEGER NOT NULL, key INTEGER, PRIMARY KEY (log, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entry_id ON entry (id);
CREATE INDEX entry_wanted ON entry (id) WHERE state = 1;
CREATE TABLE fork (log INTEGER NOT NULL, seq INTEGER NOT NULL, mine BLOB NOT NULL, theirs BLOB NOT NULL,
    signature BLOB, PRIMARY KEY (log, seq)) WITHOUT ROWID;
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

MIGRATIONS: Final = (VERSION_1,)
