"""Briefs and plans that the story tests share."""

from uuid import UUID

from apps.contracts.brief import Brief
from apps.contracts.decision import (
    Box,
    Curve,
    CurvePoint,
    HookType,
    LoopTechnique,
    Persona,
    Strategy,
    VoiceProfile,
)
from apps.story.assignment import Assignment

PERSONA = Persona(
    id="p",
    name="P",
    sentence_length="short",
    energy_level="high",
    vocabulary_level="simple",
    voice=VoiceProfile(rate=170),
)
CURVE = Curve(
    id=UUID(int=1), name="c", points=(CurvePoint(sec=0, emotion="curiosity", valence=0.3, arousal=0.5),)
)

OCTOPUS = Brief(
    topic="Octopus hearts",
    facts=(
        "An octopus has three hearts.",
        "Two of them pump blood to the gills.",
        "The third heart pumps blood to the rest of the body.",
        "That heart stops beating when the octopus swims.",
        "Octopus blood is blue because it carries copper instead of iron.",
        "This is why octopuses prefer to crawl.",
        "An octopus can die of exhaustion from swimming too long.",
    ),
)
MONEY = Brief(
    topic="How to save $1,000 in 30 days",
    facts=(
        "The average American wastes $18,000 a year on non-essentials.",
        "Cancel every subscription you have not used in 30 days.",
        "A daily $6 coffee costs $2,190 a year.",
        "Money you never see is money you never spend.",
        "Waiting 48 hours before buying kills 70% of impulse purchases.",
    ),
)
CROW = Brief(
    topic="प्यासा कौआ",
    language="hi",
    facts=(
        "एक दिन एक प्यासा कौआ पानी की तलाश में उड़ रहा था।",
        "उसे एक घड़ा मिला, लेकिन पानी बहुत नीचे था।",
        "फिर उसने घड़े में एक-एक करके कंकड़ डाले।",
        "पानी धीरे-धीरे ऊपर आ गया।",
        "मेहनत और अक्ल से हर मुश्किल आसान हो जाती है।",
    ),
)
OCEAN = Brief(
    topic="The deep ocean",
    source_text=(
        "The deep ocean is the largest habitat on Earth, yet more than 80 percent of it has never been "
        "mapped. Below 1,000 metres, sunlight disappears completely. Many animals there make their own "
        "light, a process called bioluminescence. The anglerfish, for example, lures prey with a glowing "
        "rod on its head. Pressure at the bottom of the Mariana Trench is more than 1,000 times the "
        "pressure at the surface. In 1960, two men reached that bottom. "
        "Up to two thirds of marine species are still unknown."
    ),
)
PULPOS = Brief(
    topic="Los pulpos",
    language="es",
    facts=(
        "Un pulpo tiene tres corazones.",
        "Su sangre es azul porque contiene cobre.",
        "Los pulpos tienen nueve cerebros, uno central y uno en cada brazo.",
        "La mayoría vive menos de 2 años.",
    ),
)
HONEY = Brief(
    topic="Honey",
    facts=(
        "Honey never spoils.",
        "Archaeologists found 3,000-year-old honey in Egyptian tombs, and it was still edible.",
    ),
)
EMUS = Brief(
    topic="The Great Emu War",
    facts=(
        "In 1932 Australia sent soldiers with machine guns to fight emus.",
        "About 20,000 emus were eating the wheat of farmers in Western Australia.",
        "The soldiers fired 2,500 rounds in the first days and killed only about 50 birds.",
        "The emus split into small groups, each with a leader who kept watch.",
        "One soldier mounted a gun on a truck, but the truck could not keep up with the birds.",
        "After a month the army gave up, and the emus won.",
    ),
)
ALL = (EMUS, OCTOPUS, MONEY, CROW, OCEAN, PULPOS, HONEY)


def strategy(
    *, length: int = 25, scenes: int = 8, loop: LoopTechnique = LoopTechnique.OPEN_SENTENCE
) -> Strategy:
    """A strategy of one length and scene count; 8 to 60 seconds are allowed."""
    return Strategy(
        platform="youtube_shorts",
        length_seconds=length,
        min_length=8,
        max_length=60,
        hook_window_seconds=2.0,
        scene_count=scenes,
        cut_seconds=3.0,
        loop_technique=loop,
        hook_types=tuple(HookType),
        weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
        safe_box=Box(left=120, top=288, right=888, bottom=1248),
        decisions=(),
    )


def assignment(brief: Brief, hook_type: HookType = HookType.MYSTERY, **changes: object) -> Assignment:
    """What a writer gets for `brief`; `changes` replace fields."""
    fields: dict[str, object] = {"strategy": strategy(), "persona": PERSONA, "curve": CURVE, **changes}
    return Assignment(brief=brief, hook_type=hook_type, **fields)
