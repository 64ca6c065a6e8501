"""What is displayed stays as written; what is spoken has no figure, sign or abbreviation left."""

import random
import re

import pytest

from apps.script.language import codes, language
from apps.script.limits import MOST_WORDS, within_limits
from apps.script.spell import spell, visible

SOUND = re.compile(r"[^\W\d_]|[\s'.,!?;:\-\u200c\u200d\u0300-\u036f\u0900-\u0963\u064b-\u0652]")


def spoken(text: str, code: str = "en") -> str:
    return " ".join(word.spoken for word in spell(text, language(code)))


@pytest.mark.parametrize(
    ("code", "written", "said"),
    [
        ("en", "It costs $1,200.", "It costs twelve hundred dollars."),
        ("en", "€3.5 million", "three point five million euros"),
        ("en", "₹500 crore", "five hundred crore rupees"),
        ("en", "Dr. Smith ran 5 km in the USA.", "Doctor Smith ran five kilometres in the U S A."),
        ("en", "In 1998, the 1980s ended.", "In nineteen ninety-eight, the nineteen eighties ended."),
        ("en", "on 14 April at 11:40 pm", "on the fourteenth of April at eleven forty P M"),
        ("en", "3-5% of 1/2 & -5°C", "three to five percent of one half and minus five degrees Celsius"),
        ("en", "3,000-year-old honey vs. tea", "three thousand year old honey versus tea"),
        ("en", "$2.50 at 60 km/h", "two dollars and fifty cents at sixty kilometres per hour"),
        ("en", "This is NOT World War II", "This is not World War two"),
        ("en", "the 21st, H2O and NASA's 007", "the twenty-first, H two O and Nasa's zero zero seven"),
        ("es", "Cuesta 1.200 € y 21 km.", "Cuesta mil doscientos euros y veintiún kilómetros."),
        ("es", "$3 millones, el 50%", "tres millones de dólares, el cincuenta por ciento"),
        ("fr", "Elle pèse 10 100 tonnes.", "Elle pèse dix mille cent tonnes."),
        ("fr", "€3 millions, le 1er", "trois millions d'euros, le premier"),
        ("de", "Am 10. April 3,8 cm", "Am zehnten April drei Komma acht Zentimeter"),
        ("de", "z.B. 20 Mio. Euro", "zum Beispiel zwanzig Millionen Euro"),
        ("it", "50.000 spettatori, 1 km", "cinquantamila spettatori, un chilometro"),
        ("pt", "R$ 500 e 16 kg", "quinhentos reais e dezesseis quilos"),
        ("hi", "₹1,00,000 में 50%", "एक लाख रुपये में पचास प्रतिशत"),
        ("hi", "1998 में 5वें", "उन्नीस सौ अट्ठानवे में पाँचवें"),
        ("hi", "2,56,41,378", "दो करोड़ छप्पन लाख इकतालीस हज़ार तीन सौ अठहत्तर"),
    ],
)  # fmt: skip
def test_writes_out_what_a_voice_cannot_read(code: str, written: str, said: str) -> None:
    assert spoken(written, code) == said


def test_keeps_what_the_viewer_reads() -> None:
    words = spell("It costs $1,200, or €3.5 million!", language("en"))
    assert [w.display for w in words] == ["It", "costs", "$1,200,", "or", "€3.5", "million!"]
    assert words[-1].spoken == "million euros!"


def test_keeps_the_mark_that_french_sets_apart() -> None:
    words = spell("Le plus fou ?", language("fr"))
    assert (words[-1].display, words[-1].spoken) == ("fou\u00a0?", "fou?")


def test_drops_emoji_and_invisible_controls_from_both() -> None:
    words = spell("An octopus 🐙 has\u202e three\u200b ❤️ hearts\x00.", language("en"))
    assert [w.display for w in words] == ["An", "octopus", "has", "three", "hearts."]


def test_shows_hostile_text_literally_and_says_only_its_letters() -> None:
    words = spell(r"<b>bold</b> {\an8}hi ${HOME} '; DROP", language("en"))
    assert words[0].display == "<b>bold</b>"
    assert words[0].spoken == "bold"
    assert words[1].display == r"{\an8}hi"
    assert words[1].spoken == "an eight hi"


def test_makes_a_rest_of_a_dash() -> None:
    assert spoken("It swims — then it dies.") == "It swims, then it dies."


def test_speaks_sounds_only_whatever_it_is_given() -> None:
    dice = random.Random(7)
    signs = "abc XYZ 0123456789 .,;:!?'\"-–—/\\{}[]()<>%$€£₹°²½#@&*_~`|+=^"
    signs += "\u202e\u200b\u200d\x00\n\té ñßक ी हि العربية 漢字🐙❤️1º ١٢ⅷ①"
    for _ in range(60):
        text = "".join(dice.choice(signs) for _ in range(dice.randint(0, 60)))
        for code in codes():
            for word in spell(within_limits(visible(text), "short", language(code)), language(code)):
                assert word.display
                assert word.spoken
                assert all(SOUND.match(ch) for ch in word.spoken), (text, word)


def test_parts_a_long_sentence_where_a_clause_ends() -> None:
    text = "Octopus blood looks blue in the light, because it carries copper instead of iron everywhere."
    parted = within_limits(text, "short", language("en"))
    assert parted == (
        "Octopus blood looks blue in the light. Because it carries copper instead of iron everywhere."
    )
    assert within_limits(text, "long", language("en")) == text


def test_never_parts_what_belongs_together() -> None:
    text = "The tower is so tall that people on the top floor see the sun set later."
    assert within_limits(text, "short", language("en")) == text
    other = "It died in the garden not because it was old but cold."
    assert "Because" not in within_limits(other, "short", language("en"))
    assert len(text.split()) > MOST_WORDS["short"]
