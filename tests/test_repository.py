"""The repository keeps its own promises: what it depends on is written down, and nobody forgets an alias."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Longest a module may be, in lines.
MODULE_LIMIT = 500


def sources() -> list[Path]:
    """Every Python file of ours except migrations."""
    found = [p for folder in ("apps", "config") for p in (ROOT / folder).rglob("*.py")]
    return [p for p in found if "migrations" not in p.parts]


def required(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    return {re.split(r"[=\[<> ]", line)[0].lower() for line in lines if re.match(r"[A-Za-z]", line)}


def test_every_dependency_is_named_with_its_licence_and_reason() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "THIRD_PARTY.md").read_text(), re.M)
    named = {name.lower() for name, licence, reason in rows if licence.strip() and len(reason.strip()) > 10}

    assert named - {"package"} == required("requirements.in") | required("requirements-dev.in")


def test_every_version_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        loose = [
            line
            for line in (ROOT / name).read_text().splitlines()
            if re.match(r"[A-Za-z]", line) and "==" not in line
        ]
        assert loose == [], name


def test_every_transaction_names_its_alias() -> None:
    careless = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if "tests" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b(atomic|on_commit)\((?!.*using)", line) and "import" not in line
    ]

    assert careless == []


def test_no_model_is_fetched_around_its_door() -> None:
    reached = [str(p) for p in sources() if "get_model(" in p.read_text() and "tests" not in p.parts]

    assert reached == []


def test_every_module_says_what_it_is_and_stays_short() -> None:
    for path in sources():
        text = path.read_text()
        told = "tests" in path.parts or not text.strip()
        assert told or text.lstrip().startswith('"""'), f"{path} has no docstring"
        assert text.count("\n") <= MODULE_LIMIT, f"{path} is too long"


def test_the_settings_a_person_may_change_are_listed() -> None:
    from_code = {
        name
        for path in (ROOT / "config").glob("*.py")
        for name in re.findall(r'env(?:\.\w+)?\(\s*"([A-Z][A-Z0-9_]+)"', path.read_text())
    }
    listed = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))

    assert from_code <= listed
