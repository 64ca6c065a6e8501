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
HARE = Brief(
    topic="Kachhua aur khargosh ki race",
    language="hi",
    source_text=(
        "Ek jungle mein ek khargosh rehta tha, jise apni speed par bahut ghamand tha. Ek din usne kachhue "
        "ka mazaak udaya. Kachhue ne kaha, chalo race lagate hain. Race shuru hui aur khargosh hawa ki "
        "tarah bhaaga. Thodi door jaakar usne socha, abhi toh bahut time hai. Woh ek ped ke neeche so gaya. "
        "Kachhua dheere dheere chalta raha, ek baar bhi nahi ruka. Jab khargosh ki neend khuli, kachhua "
        "jeet chuka tha. Jo rukta nahi, wahi jeetta hai."
    ),
)
LION = Brief(
    topic="The lion and the mouse",
    source_text=(
        "A lion was asleep in the forest when a mouse ran across his nose. He woke up angry and caught her "
        "with his huge paw. The mouse begged him to let her go and promised to repay him one day. The lion "
        "laughed, but he let her go. A few days later, the lion was caught in a hunter's net. He roared so "
        "loud that the whole forest heard it. The mouse recognised his voice and ran to him. She gnawed "
        "through the ropes, one by one, until he was free. Even the smallest friend can save the biggest."
    ),
)
INTEREST = Brief(
    topic="How compound interest works",
    facts=(
        "Save $100 a month from age 25, at 7 percent a year.",
        "By 65 you have paid in $48,000.",
        "But the account holds about $262,000.",
        "Start at 35 instead, and you end with about $122,000.",
        "Ten years of waiting cost you $140,000.",
        "The money you put in first works the longest.",
    ),
)
FAULTIERE = Brief(
    topic="Faultiere",
    language="de",
    facts=(
        "Ein Faultier schläft bis zu 15 Stunden am Tag.",
        "Es kommt nur einmal in der Woche vom Baum herunter.",
        "Für die Verdauung eines Blattes braucht es bis zu 30 Tage.",
        "In seinem Fell wachsen Algen, die es grün färben.",
        "Im Wasser ist es dreimal so schnell wie an Land.",
    ),
)
CARBONARA = Brief(
    topic="La vera carbonara",
    language="it",
    facts=(
        "Taglia il guanciale a listarelle e rosolalo senza olio.",
        "Sbatti quattro tuorli con il pecorino.",
        "Cuoci gli spaghetti e tieni da parte un po' di acqua.",
        "Poi spegni il fuoco e unisci la pasta al guanciale.",
        "Aggiungi i tuorli e mescola in fretta.",
        "Nella vera carbonara non c'è la panna.",
    ),
)
JOCONDE = Brief(
    topic="Le vol de la Joconde",
    language="fr",
    facts=(
        "En 1911, un ouvrier italien se cache dans un placard du Louvre.",
        "Le matin, il décroche la Joconde et la glisse sous sa blouse.",
        "Personne ne remarque rien pendant plus d'un jour.",
        "Deux ans plus tard, le voleur essaie de vendre le tableau à Florence.",
    ),
)
BOLA = Brief(
    topic="Por que a bola de futebol tem gomos pretos e brancos",
    language="pt",
    facts=(
        "Em 1970, a Copa do Mundo passou pela primeira vez na televisão via satélite.",
        "A maioria das televisões era em preto e branco.",
        "Uma bola marrom sumia na tela.",
        "Por isso a Adidas criou uma bola com 12 gomos pretos e 20 brancos.",
        "Ela se chamava Telstar, como o satélite de televisão.",
    ),
)
#: What is told in its order and whole, or it is not understood.
IN_ORDER = (CROW, HARE, LION, INTEREST, CARBONARA, JOCONDE, BOLA)
ALL = (EMUS, OCTOPUS, MONEY, OCEAN, PULPOS, HONEY, FAULTIERE, *IN_ORDER)


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
