"""Search over topic, channel and persona in any script, and what keeps pages quick however many jobs there are.

The folding of text is a function in Postgres, so that what is kept and what is searched for are folded alike,
whoever writes the row. It needs no extension: pg_trgm cannot be had everywhere (the embedded server lacks it,
hosted ones may forbid it) and finds nothing in words of one or two characters, which is what Chinese has.
"""

from typing import ClassVar

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

#: Parts of a letter that one may leave out: accents, vowel points, joiners. They are dropped.
_MARKS = r"\u0300-\u036f\u00ad\u0591-\u05bd\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufe0e\ufe0f"
#: What stands between words: punctuation and symbols. Named one by one, for what Postgres itself takes for
#: punctuation depends on the database's locale, and on some it is everything that is not ASCII.
_BETWEEN = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u05be\u05c0\u05c3"
    r"\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u0970\u2000-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb\ufe00-\ufe6f\ufff0-\uffff\U0001f000-\U0001faff"
)
#: Scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, kana, Han): each character is a word,
#: and several that are searched for must stand side by side.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3040-\u30fa"
    r"\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# With RETURN, names are looked up now and never again: a restored dump has another search_path.
_FUNCTIONS = rf"""
CREATE FUNCTION search_text(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE
    WHEN said ~ '^[\u0001-\u007f]*$' THEN regexp_replace(lower(said), '[^a-z0-9]+', ' ', 'g')
    ELSE regexp_replace(
        regexp_replace(
            normalize(
                regexp_replace(
                    normalize(
                        replace(replace(replace(
                            translate(lower(said), 'øłđı', 'oldi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
                        NFKD
                    ),
                    '[{_MARKS}]+', '', 'g'
                ),
                NFKC
            ),
            '[{_BETWEEN}]+', ' ', 'g'
        ),
        '([{_UNSPACED}])', ' \1 ', 'g'
    )
END;

CREATE FUNCTION search_words(topic text, channel text, persona text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, search_text(
    coalesce(topic, '') || ' ' || coalesce(channel, '') || ' '
    -- DeepSea is found by sea, too.
    || regexp_replace(coalesce(channel, ''), '([a-z0-9])([A-Z])', '\1 \2', 'g') || ' ' || coalesce(persona, '')
));
"""
_NO_FUNCTIONS = "DROP FUNCTION search_words(text, text, text); DROP FUNCTION search_text(text)"
#: Rows whose reference stood for a job of an earlier batch.
_COUNT_ELSEWHERE = """
UPDATE batches SET elsewhere = found.n FROM (
    SELECT r.batch_id, count(*) AS n FROM batch_rows r JOIN jobs j ON j.id = r.job_id
    WHERE j.batch_id IS DISTINCT FROM r.batch_id GROUP BY r.batch_id
) found WHERE batches.id = found.batch_id
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("gateway", "0004_library")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="job", name="jobs_by_words"),
        migrations.RemoveField(model_name="job", name="words"),
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.AddField(
            model_name="job",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    KeyTextTransform("topic", "request_payload"),
                    models.F("channel"),
                    models.F("persona"),
                    function="search_words",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="jobs_by_words"),
        ),
        # A column made anew is not counted by itself, and what was never counted is guessed at.
        migrations.RunSQL("ANALYZE jobs", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "status"], name="jobs_of_batch"
            ),
        ),
        # What was cancelled before it was handed over waits for nothing any more.
        migrations.RemoveIndex(model_name="job", name="jobs_to_hand_over"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status", "queued"), ("submitted_at", None)),
                fields=["created_at"],
                name="jobs_to_hand_over",
            ),
        ),
        migrations.AddField(
            model_name="batch", name="elsewhere", field=models.IntegerField(db_default=0, default=0)
        ),
        migrations.RunSQL(_COUNT_ELSEWHERE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["-created_at"], name="publications_newest"),
        ),
    ]
