CREATE TABLE IF NOT EXISTS client_limits (
	name text PRIMARY KEY,
	tat  bigint NOT NULL -- when the next request would be due if all came evenly (GCRA)
);
CREATE TABLE IF NOT EXISTS client_locks (
	name    text PRIMARY KEY,
	owner   text NOT NULL,
	expires bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS client_journal (
	name    text NOT NULL, -- of the resource and the operation
	call    text NOT NULL, -- WithCallID
	owner   text NOT NULL,
	intent  bytea,       -- NULL once the call is over
	settled smallint NOT NULL DEFAULT 0,
	at      bigint NOT NULL,
	PRIMARY KEY (name, call)
);
CREATE INDEX IF NOT EXISTS client_journal_at ON client_journal (settled, at);
