#!/bin/sh
# From a brief to a video with curl alone:  KEY=hl_... sh curl.sh short.mp4
# The key needs jobs:read and jobs:write:   manage.py create_key curl --scope jobs:read --scope jobs:write
set -eu
BASE=${BASE:-http://127.0.0.1:8000}
OUT=${1:-short.mp4}

api() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer $KEY" "$@"; }

# The same Idempotency-Key with the same brief is the same job, however often this is sent.
job=$(api --header "Content-Type: application/json" --header "Idempotency-Key: octopus-$(date +%s)" --data '{
        "topic": "Why an octopus has three hearts",
        "facts": ["An octopus has three hearts.", "Two of them serve the gills.", "The third rests while it swims."],
        "platform": "youtube_shorts"
    }' "$BASE/api/v1/jobs" | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
echo "job $job"

# A stream lasts a minute; the next one goes on after the last event that was seen.
last=0 ended=
while [ -z "$ended" ]; do
    events=$(api --no-buffer --header "Last-Event-ID: $last" "$BASE/api/v1/jobs/$job/stream")
    echo "$events" | sed -n 's/.*"event_type": "\([a-z_]*\)".*/  \1/p'
    seen=$(echo "$events" | sed -n 's/^id: //p' | tail -n 1)
    last=${seen:-$last}
    ended=$(echo "$events" | sed -n '/^event: end/{n;s/.*"status": "\([a-z]*\)".*/\1/p;}')
done
[ "$ended" = completed ] || { echo "The job was $ended: see $BASE/jobs/$job"; exit 1; }

api --output "$OUT" "$BASE/api/v1/jobs/$job/video"
echo "VIDEO $OUT"
