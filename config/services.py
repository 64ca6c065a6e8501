"""The thirteen services, in the order in which they are set up. A name is app label, schema and alias."""

CREATIVE = (
    "strategy",
    "audience",
    "emotion",
    "persona",
    "story",
    "script",
    "image",
    "video",
    "audio",
    "critic",
    "memory",
)
SERVICES = ("gateway", "orchestrator", *CREATIVE)
#: The schema of `default`: Django's own tables. Nobody lives in `public`, where a shared
#: django_migrations table would hide every other schema's migrations.
PLATFORM = "platform"
