-- Schema 1: every run as one row. On disk since schema 1: never rename, never renumber; add a new file instead.
-- An empty line ends a statement, so none may stand inside one.

-- kind       "quantize", "perplexity", "compare", ...
-- started    ISO 8601, UTC, milliseconds
-- status     "running", "done", "failed", "cancelled"; "lost" is never stored, it is read from `owner`
-- recipe     JSON or NULL; recipe_name is its name, kept beside it for searching
-- seed       decimal text, because it may be larger than a signed 64-bit integer
-- command, machine, metrics, artefacts   JSON or NULL
-- owner      the process that wrote "running": BOOT-ID/PID-NAMESPACE/PID/START-TIME, NULL otherwise
CREATE TABLE runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,
    started      TEXT NOT NULL,
    seconds      REAL NOT NULL,
    status       TEXT NOT NULL,
    model_path   TEXT NOT NULL,
    model_hash   TEXT NOT NULL,
    recipe       TEXT,
    recipe_name  TEXT NOT NULL,
    recipe_hash  TEXT NOT NULL,
    seed         TEXT NOT NULL,
    command      TEXT,
    machine      TEXT,
    build        TEXT NOT NULL,
    metrics      TEXT,
    artefacts    TEXT,
    error        TEXT NOT NULL,
    owner        TEXT
);

CREATE INDEX runs_kind ON runs (kind);

-- One row that counts the writes of every process: what views poll.
CREATE TABLE revision (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    value INTEGER NOT NULL
);

INSERT INTO revision (one, value) VALUES (1, 1);

CREATE TRIGGER runs_inserted AFTER INSERT ON runs BEGIN
    UPDATE revision SET value = value + 1;
END;

CREATE TRIGGER runs_updated AFTER UPDATE ON runs BEGIN
    UPDATE revision SET value = value + 1;
END;

CREATE TRIGGER runs_deleted AFTER DELETE ON runs BEGIN
    UPDATE revision SET value = value + 1;
END;
