"""The tables of an index's SQLite file."""

from __future__ import annotations

FORMAT_VERSION = 3
# "CITA": tells an index from any other SQLite file.
APPLICATION_ID = 0x43495441
# Five vectors of 384 values fill a page of this size to 97%; two fill the usual 4,096 to 78%.
PAGE_SIZE = 8192

# What the filters and the plan read of a document is apart from its text, so that reading a column
# of all documents does not pass over their texts.
SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,     -- absolute, where the file was read
    root TEXT NOT NULL,            -- the folder that the id is relative to
    content_key TEXT NOT NULL,     -- changes when the file or its metadata change
    title TEXT NOT NULL, publisher TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
    sha256 TEXT NOT NULL,          -- of the source file's bytes
    first INTEGER NOT NULL,        -- its passages have the numbers from first
    passages INTEGER NOT NULL      -- to first + passages - 1
);
CREATE INDEX document_publisher ON document (publisher, published, first, passages);
CREATE INDEX document_published ON document (published, first, passages);
CREATE TABLE body (
    document INTEGER PRIMARY KEY REFERENCES document (number) ON DELETE CASCADE,
    text TEXT NOT NULL,            -- the canonical text
    sha256 TEXT NOT NULL,          -- of the canonical text in UTF-8, checked when it is read
    furniture TEXT NOT NULL        -- JSON [[start, end], ...]
);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again
    document INTEGER NOT NULL REFERENCES document (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences TEXT NOT NULL,       -- JSON [[start, end], ...]
    vector INTEGER NOT NULL REFERENCES vector (number)
);
CREATE INDEX passage_document ON passage (document);
CREATE INDEX passage_vector ON passage (vector);
CREATE TABLE vector (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,   -- of the encoder and the text that was encoded
    data BLOB NOT NULL
);
CREATE TABLE gone (                -- passages of the FAISS file that are no more
    number INTEGER PRIMARY KEY
);
CREATE TABLE posting (             -- rag/index/words.py
    term TEXT NOT NULL,
    first INTEGER NOT NULL,        -- the first passage of this row
    data BLOB NOT NULL,
    PRIMARY KEY (term, first)
) WITHOUT ROWID;
CREATE TABLE signature (           -- rag/index/copies.py; little-endian uint32 values
    document INTEGER PRIMARY KEY REFERENCES document (number) ON DELETE CASCADE,
    runs INTEGER NOT NULL, minhash BLOB NOT NULL,
    sentences TEXT NOT NULL,       -- JSON [[start, end], ...]
    sentence_minhash BLOB NOT NULL
);
CREATE TABLE band (                -- rag/index/bands.py
    first INTEGER PRIMARY KEY,     -- the first document of this row
    documents BLOB NOT NULL, marks BLOB NOT NULL
);
CREATE TABLE near_copy (           -- the documents that have near-copies
    document INTEGER PRIMARY KEY REFERENCES document (number) ON DELETE CASCADE,
    first TEXT NOT NULL            -- id of the first document of the group
);
CREATE INDEX near_copy_first ON near_copy (first);
CREATE TABLE staged (
    path TEXT NOT NULL, content_key TEXT NOT NULL, payload TEXT NOT NULL,
    PRIMARY KEY (path, content_key)
) WITHOUT ROWID;
"""
