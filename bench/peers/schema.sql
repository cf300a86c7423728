CREATE TABLE student (id text PRIMARY KEY, status text NOT NULL);
CREATE TABLE section (
    id text PRIMARY KEY, status text NOT NULL, capacity integer NOT NULL, taken integer NOT NULL DEFAULT 0,
    CONSTRAINT never_oversold CHECK (taken BETWEEN 0 AND capacity)
) WITH (fillfactor = 50);
CREATE TABLE enrollment (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), student_id text NOT NULL, section_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (student_id, section_id)
);
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type text NOT NULL, data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
