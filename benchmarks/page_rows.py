"""The rows of an installation that has made a hundred thousand shorts, for benchmarks.pages to look at.

Written by SQL alone: jobs of a thousand channels, their plans, stage runs and events, what every service kept
of them, batches, webhooks. A job's id follows from its number, so that all services speak of the same ones.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

#: Words of topics: one in every fifth topic each, and many that few have.
COMMON = ("octopus", "money", "history", "moon", "bees")
#: Batches, and the rows of every tenth; the others have up to 1,200.
BATCHES, BATCH_ROWS = 50, 2000
#: Jobs whose stories have scenes, and whose scores have measurements: the newest, which lists show.
DETAILED = 2000

_BATCHES = """
CREATE TEMPORARY TABLE spans AS
SELECT b, 1 + sum(rows) OVER (ORDER BY b) - rows AS first, rows, md5('batch ' || b)::uuid AS id
FROM (SELECT b, CASE WHEN b %% 10 = 1 THEN %(batch_rows)s ELSE b * 24 END AS rows
      FROM generate_series(1, %(batches)s) b) sized;

INSERT INTO batches (id, created_at, name, total, good, submitted_at, digest)
SELECT id, now() - b * interval '3 hours', 'Batch ' || b, rows, rows - rows / 7,
       now() - b * interval '3 hours', '' FROM spans;
"""
_JOBS = """
INSERT INTO jobs (id, status, request_payload, created_at, updated_at, platform, channel, progress, stage,
                  submitted_at, idempotency_key, request_digest, persona, score, poster_key, video_key,
                  batch_id)
SELECT md5('job ' || n)::uuid,
       CASE WHEN n <= 12 THEN 'running' WHEN n %% 23 = 0 THEN 'failed' WHEN n %% 31 = 0 THEN 'cancelled'
            ELSE 'completed' END,
       jsonb_build_object('topic', 'Why the ' || (%(common)s::text[])[1 + n %% 5] || ' number ' || n
                          || ' matters to ' || md5((n %% 9973)::text),
                          'facts', jsonb_build_array(repeat('An octopus has three hearts. ', 8))),
       now() - n * interval '20 seconds', now(),
       (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3], 'channel-' || n %% 1000,
       CASE WHEN n <= 12 THEN 0.4 ELSE 1 END, CASE WHEN n <= 12 THEN 'compose' ELSE '' END, now(), '', '',
       (array['night_owl','dadi','pixel','professor_ada'])[1 + n %% 4],
       CASE WHEN n %% 23 <> 0 AND n %% 31 <> 0 AND n > 12 THEN 50 + (n * 7919) %% 50 END, '', '', spans.id
FROM generate_series(1, %(rows)s) n
LEFT JOIN spans ON n BETWEEN spans.first AND spans.first + spans.rows - 1;

INSERT INTO batch_rows (id, created_at, line, reference, sent, brief, problems, batch_id, job_id)
SELECT gen_random_uuid(), now(), line + 1, '',
       jsonb_build_object('topic', 'Topic ' || line, 'facts', 'Fact ' || line || ' is true.',
                          'duration', '24'),
       CASE WHEN line %% 7 > 0 THEN jsonb_build_object('topic', 'Topic ' || line) END,
       CASE WHEN line %% 7 = 0 THEN
            '[{"field": "duration", "code": "bad", "reason": "No number.", "remedy": "Write one."}]' ELSE '[]'
            END::jsonb,
       spans.id,
       CASE WHEN line %% 7 > 0 AND first + line - 1 <= %(rows)s THEN md5('job ' || first + line - 1)::uuid END
FROM spans, generate_series(1, rows) line;
"""
_WEBHOOKS = """
INSERT INTO webhook_endpoints (id, created_at, url, description, event_types, channels, secret_version,
                               disabled_reason)
SELECT md5('hook ' || n)::uuid, now(), 'https://hooks.example/' || n, '', '["job.completed"]', '[]', 1, ''
FROM generate_series(1, 20) n;

INSERT INTO webhook_deliveries (id, created_at, message_id, event_type, job_id, payload, status, attempts,
                                tries_since_replay, next_try_at, response, error, tries, endpoint_id)
SELECT gen_random_uuid(), now() - n * interval '1 minute', 'msg_' || n,
       (array['job.completed','job.failed'])[1 + n %% 2], md5('job ' || n)::uuid,
       repeat('{"type": "job"} ', 40),
       CASE WHEN n %% 41 = 0 THEN 'failed' ELSE 'delivered' END, 1, 1, now(), '', '', '[]',
       md5('hook ' || 1 + n %% 20)::uuid
FROM generate_series(1, 20000) n;

INSERT INTO publications (id, created_at, platform, external_id, code, url, job_id)
SELECT gen_random_uuid(), now() - n * interval '100 seconds', 'tiktok', 'video-' || n, '', '',
       md5('job ' || n * 3)::uuid
FROM generate_series(1, %(rows)s / 5) n;
"""
_EXPERIMENTS = """
INSERT INTO experiments (id, created_at, platform, channel, factor, levels, held, reason, idempotency_key,
                         request_digest)
SELECT md5('experiment ' || n)::uuid, now() - n * interval '1 hour', 'tiktok', 'channel-' || n %% 1000,
       'hook', '["number", "question"]', '{}', 'Most is to be learned of hook.', '', ''
FROM generate_series(1, 200) n;

INSERT INTO experiment_variants (id, created_at, ordinal, level, experiment_id, job_id)
SELECT gen_random_uuid(), now(), k, (array['number','question'])[k + 1], md5('experiment ' || n)::uuid,
       md5('job ' || 100 + 2 * n + k)::uuid
FROM generate_series(1, 200) n, generate_series(0, 1) k;
"""
_PLANS = """
INSERT INTO execution_plans (id, job_id, persona_id, hook_type, retry_limit, current_retry, status,
                             created_at, brief, progress, announced, ended_at, delivered_attempt)
SELECT md5('plan ' || n)::uuid, md5('job ' || n)::uuid, 'night_owl', 'number', 1, 0,
       CASE WHEN n <= 12 THEN 'active' WHEN n %% 23 = 0 THEN 'failed' ELSE 'completed' END,
       now() - n * interval '20 seconds', '{"topic": "Octopus"}', 1, true,
       CASE WHEN n > 12 THEN now() - n * interval '20 seconds' END, 0
FROM generate_series(1, %(rows)s) n;

INSERT INTO mends (id, created_at, job_id, platform, base, attempt, kind, signal, before, after, score_before,
                   score_after, improved, total_before, total_after, fell, kept)
SELECT gen_random_uuid(), now() - n * interval '50 seconds', md5('job ' || n * 3)::uuid,
       (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3], 0, 1,
       (%(mends)s::text[])[1 + n %% array_length(%(mends)s::text[], 1)], 'signal_' || n %% 20, 1, 2, 0.4, 0.6,
       n %% 3 > 0, 70, 75, '[]', n %% 2 = 0
FROM generate_series(1, %(rows)s / 3) n;
"""
_RUNS = """
INSERT INTO stage_runs (id, created_at, plan_id, job_id, attempt, stage, ordinal, digest, state, tries, wakes,
                        wake_at, seconds, cpu_seconds, reused)
SELECT gen_random_uuid(), at, md5('plan ' || n)::uuid, md5('job ' || n)::uuid, 0, stage, ordinal, '',
       CASE WHEN n <= 12 AND stage = 'compose' THEN 'running' WHEN n <= 4 AND stage = 'assemble' THEN 'ready'
            ELSE 'done' END, 1, 0, at, 1 + n %% 5, 1, n %% 11 = 0
FROM (SELECT n, now() - n * interval '20 seconds' AS at FROM generate_series(1, %(rows)s) n) jobs,
     (VALUES ('decide', 0), ('write', 0), ('script', 0), ('narrate', 0), ('narrate', 1), ('narrate', 2),
             ('picture', 0), ('picture', 1), ('picture', 2), ('time', 0), ('score', 0), ('compose', 0),
             ('compose', 1), ('compose', 2), ('assemble', 0), ('judge', 0)) stages (stage, ordinal);
"""
_EVENTS = """
INSERT INTO orchestrator_events (id, created_at, job_id, event_type, metadata)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid, kind,
       '{"attempt": 0, "stage": "compose"}'
FROM generate_series(%(rows)s, 1, -1) n,
     unnest(array['submitted','decided','stage_done','stage_done','stage_done','stage_done','stage_done',
                  'judged','accepted','completed']) kind;
"""
_KNOWN = """
INSERT INTO creative_memory (id, created_at, type, reference_id, platform, score, metadata, reuse_count)
SELECT md5(platform || kind || name)::uuid, now(), kind, name, platform, 50,
       '{"n": 9, "n_real": 4, "critic": {"n": 9, "sum": 600, "sum_squares": 41000}}', 9
FROM unnest(array['youtube_shorts','instagram_reels','tiktok']) platform,
     unnest(%(kinds)s::text[]) kind, unnest(array['a','b','c','d','e']) name
ON CONFLICT DO NOTHING;
"""
_SHORTS = """
INSERT INTO memory_shorts (id, created_at, job_id, platform, channel, ordinal, factors, length_seconds,
                           critic, rewards, measures, weight, opening, look, shingles)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid,
       (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3], 'channel-' || n %% 1000,
       (%(rows)s - n) / 3 + 1, used.factors, 24,
       jsonb_build_object('total', 50 + n %% 40, 'hook', 60, 'pacing', 60, 'loop', 60),
       CASE WHEN n %% 4 = 0 THEN
           jsonb_build_object('total', 30 + n %% 50, 'hook', 50, 'pacing', 50, 'loop', 50) END,
       CASE WHEN n %% 4 = 0 THEN '{"completion": 0.4}'::jsonb END, 0.5, 'why the octopus',
       lpad(to_hex(n), 16, '0'), decode(repeat(md5(n::text), 10), 'hex')
FROM generate_series(%(first)s, %(last)s) n,
     LATERAL (SELECT jsonb_object_agg(kind, chr(97 + (n + length(kind)) %% 5)) AS factors
              FROM unnest(%(kinds)s::text[]) kind) used;
"""
_USES = """
INSERT INTO memory_usage (id, job_id, used_at, propensity, memory_id)
SELECT gen_random_uuid(), job_id, created_at, 0.4, md5(platform || kind || name)::uuid
FROM memory_shorts, jsonb_each_text(factors) used (kind, name);

INSERT INTO memory_evidence (id, created_at, job_id, source, value, memory_id)
SELECT gen_random_uuid(), created_at, job_id, 'critic', 60, md5(platform || kind || name)::uuid
FROM memory_shorts, jsonb_each_text(factors) used (kind, name);

INSERT INTO video_performance (id, created_at, job_id, day, reported_at, source, views)
SELECT gen_random_uuid(), created_at, job_id, created_at::date, created_at, 'studio', 1000
FROM memory_shorts WHERE measures IS NOT NULL;
"""
_MADE = {
    "story": """
INSERT INTO stories (id, created_at, job_id, total_duration, attempt)
SELECT md5('story ' || n)::uuid, now() - n * interval '20 seconds', md5('job ' || n)::uuid, 24, 1
FROM generate_series(1, %(rows)s) n;
INSERT INTO story_scenes (id, created_at, start_sec, end_sec, purpose, narration_text, visual_prompt, ordinal,
                          unsourced, unsourced_names, story_id)
SELECT gen_random_uuid(), now(), k * 4, k * 4 + 4, %(purpose)s, repeat('word ', 20), repeat('look ', 20), k,
       '[]', '[]', md5('story ' || n)::uuid
FROM generate_series(1, %(detailed)s) n, generate_series(0, 5) k;
""",
    "script": """
INSERT INTO scripts (id, created_at, story_id, full_script, language, job_id, attempt, lines)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('story ' || n)::uuid, repeat('word ', 60),
       'en', md5('job ' || n)::uuid, 1, '[]'
FROM generate_series(1, %(rows)s) n;
""",
    "image": """
INSERT INTO images (id, created_at, scene_id, storage_url, style, job_id, attempt, ordinal, digest, picture)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', gen_random_uuid(), 'jobs/x.png', 'drawn',
       md5('job ' || n)::uuid, 0, k, '', '{"subjects": ["octopus", "heart"]}'
FROM generate_series(1, %(rows)s) n, generate_series(0, 2) k;
""",
    "audio": """
INSERT INTO audio_tracks (id, created_at, script_id, storage_url, voice_id, job_id, attempt, kind, ordinal,
                          duration_ms, provider, words, voice_stem_url, bed_stem_url, credit)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', gen_random_uuid(), 'jobs/' || n || k, 'v',
       md5('job ' || n)::uuid, 0, 'narration', k, 4000, 'espeak', '[]', '', '', ''
FROM generate_series(1, %(rows)s) n, generate_series(0, 1) k;
INSERT INTO job_voices (id, created_at, job_id, provider)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid, 'espeak'
FROM generate_series(1, %(rows)s) n;
""",
    "video": """
INSERT INTO videos (id, created_at, job_id, storage_url, duration, resolution, attempt, duration_ms,
                    size_bytes, poster_key, sheet_key, srt_key, vtt_key, captions)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid, 'jobs/x.mp4', 24,
       '1080x1920', 1, 24000, 9000000, 'jobs/x.jpg', '', '', '', '[]'
FROM generate_series(1, %(rows)s) n;
""",
    "critic": """
INSERT INTO critic_scores (id, created_at, job_id, platform, total_score, hook_score, pacing_score,
                           loop_score, verdict, attempt, threshold, gates, look)
SELECT md5('score ' || n)::uuid, now() - n * interval '20 seconds', md5('job ' || n)::uuid, 'tiktok', 70, 70,
       70, 70, 'accept', 0, 65, '[]', ''
FROM generate_series(1, %(rows)s) n;
INSERT INTO critic_feedback (id, created_at, feedback, critic_score_id)
SELECT gen_random_uuid(), now() - n * interval '20 seconds',
       jsonb_build_object('directives', '[]'::jsonb, 'signals', CASE WHEN n <= %(detailed)s THEN
           (SELECT jsonb_agg(jsonb_build_object('name', 'signal_' || k, 'part', 'hook', 'value', k,
                                                'score', 0.5))
            FROM generate_series(1, 30) k) ELSE '[]' END),
       md5('score ' || n)::uuid
FROM generate_series(1, %(rows)s) n;
""",
    "strategy": """
INSERT INTO strategy_runs (id, created_at, job_id, platform, strategy_output)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid,
       (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3],
       '{"length_seconds": 24, "scene_count": 6, "decisions": []}'
FROM generate_series(1, %(rows)s) n;
""",
    "persona": """
INSERT INTO persona_usage (id, created_at, job_id, persona_id)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid,
       (array['night_owl','dadi','pixel','professor_ada'])[1 + n %% 4]
FROM generate_series(1, %(rows)s) n;
""",
    "emotion": """
INSERT INTO emotion_curve_runs (id, created_at, job_id, emotion_curve_id)
SELECT gen_random_uuid(), now() - n * interval '20 seconds', md5('job ' || n)::uuid,
       (array(SELECT id FROM emotion_curves ORDER BY id))[1 + n %% 4]
FROM generate_series(1, %(rows)s) n;
""",
}


def fill(rows: int) -> None:
    """Write the rows of `rows` jobs, and count them, so that Postgres plans as it would after a while."""
    from apps.contracts.decision import FactorKind
    from apps.contracts.judgement import DirectiveKind
    from apps.contracts.story import Purpose

    values = {
        "rows": rows,
        "detailed": min(DETAILED, rows),
        "batches": BATCHES,
        "batch_rows": BATCH_ROWS,
        "common": list(COMMON),
        "kinds": [kind.value for kind in FactorKind],
        "mends": [kind.value for kind in DirectiveKind],
        "purpose": next(iter(Purpose)).value,
    }
    tasks = [
        lambda: _write("orchestrator", [_PLANS, _RUNS, _EVENTS], values),
        lambda: _write("gateway", [_BATCHES, _JOBS, _WEBHOOKS, _EXPERIMENTS], values),
        lambda: _memory(values),
        *(lambda name=name: _write(name, [_MADE[name]], values) for name in _MADE),  # type: ignore[misc]
    ]
    with ThreadPoolExecutor(max_workers=2) as workers:
        for written in [workers.submit(task) for task in tasks]:
            written.result()


def _write(alias: str, statements: Sequence[str], values: Mapping[str, Any]) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for statement in statements:
            for one in statement.split(";\n"):
                if one.strip():
                    cursor.execute(one, values)
        cursor.execute("VACUUM ANALYZE")
    connections[alias].close()


def _memory(values: Mapping[str, Any]) -> None:
    """Shorts; the models are made of the oldest, and grow older with the others."""
    from apps.memory import interface as memory
    from apps.memory.models import PlatformModel

    rows = values["rows"]
    oldest = max(rows - 900, 0)
    _write("memory", [_KNOWN, _SHORTS], {**values, "first": oldest + 1, "last": rows})
    for platform in ("youtube_shorts", "instagram_reels", "tiktok"):
        PlatformModel.objects.create(platform=platform, shorts=300)
    memory.rebuild()
    PlatformModel.objects.update(shorts=rows // 3)
    _write("memory", [_SHORTS, _USES], {**values, "first": 1, "last": oldest})
