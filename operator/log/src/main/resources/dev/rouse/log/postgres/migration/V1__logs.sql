-- One row for each session's log. "bytes" is the sum of its commits' bodies in UTF-8.
-- Collation "C": an index on text in a language's order breaks when the operating system learns it anew.
-- Room in each page, and no index on what an append changes: so appends leave the indexes alone.
CREATE TABLE logs (
  uid          text COLLATE "C" NOT NULL PRIMARY KEY,
  namespace    text    NOT NULL,
  session_name text    NOT NULL,
  head         bigint  NOT NULL,
  bytes        bigint  NOT NULL,
  deleted      boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

-- The logs whose removal is not finished.
CREATE INDEX logs_deleted ON logs (uid) WHERE deleted;

-- One row for each commit: the records first..last. "body" is its JSON.
-- An append at a head begins right behind it, so the key lets nobody write over what is there.
CREATE TABLE commits (
  uid       text COLLATE "C" NOT NULL,
  first     bigint NOT NULL,
  last      bigint NOT NULL,
  append_id text   NOT NULL,
  body      text   NOT NULL,
  PRIMARY KEY (uid, first)
);
