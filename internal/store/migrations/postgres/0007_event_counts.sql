-- +goose Up

-- What events are counted and looked for by, beside what happened and when: the source and the application that an event is about, why somebody was turned away, what the
-- event counts as ("sign_in", "enrolled"), and which flow was run. Empty where there is none.

ALTER TABLE events ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN application text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN reason text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN tally text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN flow text COLLATE "C" NOT NULL DEFAULT '';

UPDATE events SET
    source = CASE WHEN jsonb_typeof(context -> 'source') = 'string' AND length(context ->> 'source') <= 255 THEN context ->> 'source' ELSE '' END,
    application = CASE WHEN jsonb_typeof(context #> '{authorized_application,pk}') = 'string' AND length(context #>> '{authorized_application,pk}') <= 255
        THEN context #>> '{authorized_application,pk}' ELSE '' END,
    reason = CASE
        WHEN app IN ('authentik.flows', 'authentik.portal', 'authentik.sources.oauth', 'authentik.stages')
            AND jsonb_typeof(context -> 'reason') = 'string' AND length(context ->> 'reason') <= 255 THEN context ->> 'reason'
        WHEN action = 'login_failed' THEN 'login.wrong_answer'
        WHEN action = 'system_exception' AND app = 'authentik.flows' THEN 'internal'
        ELSE '' END,
    tally = CASE
        WHEN action = 'login' AND app IN ('authentik.stages.user_login', 'authentik.recovery') THEN 'sign_in'
        WHEN action = 'user_write' AND app = 'authentik.stages.user_write' AND context -> 'created' = 'true' THEN 'enrolled'
        ELSE '' END
WHERE action NOT IN ('flow_execution', 'model_created', 'model_updated', 'model_deleted');

UPDATE events SET flow = CASE WHEN jsonb_typeof(context -> 'flow') = 'string' AND length(context ->> 'flow') <= 255 THEN context ->> 'flow' ELSE '' END
WHERE action = 'flow_execution';

CREATE INDEX events_action ON events (action, created);
CREATE INDEX events_client_ip ON events (client_ip, created) WHERE client_ip <> '';
CREATE INDEX events_source ON events (source, created) WHERE source <> '';
CREATE INDEX events_application ON events (application, action, user_id) WHERE application <> '';
CREATE INDEX events_reason ON events (reason, created) WHERE reason <> '';
CREATE INDEX events_failure ON events (reason, source, created) WHERE reason <> '';
CREATE INDEX events_flow ON events (flow, created) WHERE flow <> '';
CREATE INDEX events_tally ON events (tally, source, created) WHERE tally <> '';

-- Accounts of programs, to be taken off the number of people.
CREATE INDEX users_programs ON users (id) WHERE type NOT IN ('internal', 'external');
