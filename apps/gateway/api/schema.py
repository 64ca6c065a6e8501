"""OpenAPI from the contracts themselves: a dataclass is its own schema, so neither can drift."""

from functools import cache
from typing import Any, ClassVar, Literal

from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import TypeAdapter
from rest_framework import serializers

from apps.contracts.brief import Brief
from apps.contracts.codec import to_json
from apps.gateway import briefs

_REFERENCE = "#/components/schemas/{model}"


class ContractSerializer(serializers.BaseSerializer):
    """Shows a frozen dataclass, or anything nested of them, as plain JSON."""

    contract: ClassVar[type]

    def to_representation(self, instance: Any) -> Any:
        return to_json(instance)


@cache
def shown(contract: type) -> type[ContractSerializer]:
    """The serializer that describes `contract` in the schema."""
    serializer = type(contract.__name__, (ContractSerializer,), {"contract": contract})
    # A contract is met alone and inside of others; both are the same component.
    set_override(serializer, "suppress_collision_warning", True)
    return serializer


class ContractExtension(OpenApiSerializerExtension):
    """Puts a contract's JSON schema, and those it is made of, among the components."""

    target_class = "apps.gateway.api.schema.ContractSerializer"
    match_subclasses = True

    def get_name(self, auto_schema: Any, direction: str) -> str:
        return self.target.contract.__name__

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        mode: Literal["validation", "serialization"] = (
            "validation" if direction == "request" else "serialization"
        )
        adapter = TypeAdapter(self.target.contract)
        schema: dict[str, Any] = adapter.json_schema(ref_template=_REFERENCE, mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(
                name=name, type=ResolvedComponent.SCHEMA, object=name, schema=_limited(name, part)
            )
            auto_schema.registry.register_on_missing(component)
        return _limited(self.target.contract.__name__, schema)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema speaks of API keys."""

    target_class = "apps.gateway.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "hl_...", "description": "An API key."}


_TEXT_LIMITS = {
    "topic": briefs.TOPIC_LIMIT,
    "source_text": briefs.SOURCE_LIMIT,
    "platform": briefs.PLATFORM_LIMIT,
    "language": briefs.LANGUAGE_LIMIT,
    **dict.fromkeys(
        (
            "audience",
            "persona",
            "curve",
            "hook_type",
            "caption_style",
            "cut_rate_band",
            "loop_technique",
            "channel",
        ),
        briefs.NAME_LIMIT,
    ),
}


def _limited(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The brief's schema with the limits that the gateway holds it to."""
    if name != Brief.__name__:
        return schema
    fields = schema["properties"]
    for field, limit in _TEXT_LIMITS.items():
        fields[field]["maxLength"] = limit
    fields["facts"].update(maxItems=briefs.FACTS_LIMIT)
    fields["facts"]["items"]["maxLength"] = briefs.FACT_LIMIT
    fields["media"].update(maxItems=briefs.MEDIA_LIMIT)
    fields["media"]["items"]["maxLength"] = briefs.KEY_LIMIT
    for field in ("topic", "platform", "audience", "language", "channel"):
        fields[field]["minLength"] = 1
    fields["seed"].update(minimum=0, maximum=briefs.SEED_LIMIT)
    schema["additionalProperties"] = False
    return schema
