-- One row for each session's log. "bytes" is the sum of its commits' bodies in UTF-8.
CREATE TABLE logs (
  uid          TEXT    NOT NULL PRIMARY KEY,
  namespace    TEXT    NOT NULL,
  session_name TEXT    NOT NULL,
  head         INTEGER NOT NULL,
  bytes        INTEGER NOT NULL,
  deleted      INTEGER NOT NULL DEFAULT 0
);

-- One row for each commit: the records first..last. "body" is its JSON.
-- Its rows may be large: they stay in a table with rowids, and the key is an index beside it.
CREATE TABLE commits (
  uid       TEXT    NOT NULL,
  first     INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  append_id TEXT    NOT NULL,
  body      TEXT    NOT NULL,
  PRIMARY KEY (uid, last)
);
