"""What is read out of scenes: the measured hit rate, and the rules one by one."""

from random import Random

import pytest

from apps.image.providers.drawn import never_bare
from apps.image.subjects import read

#: Scene text -> pictures of which at least one is shown; "figure" where a number card is right.
SCENES = {
    "Wombats produce cube shaped poop.": "💩",
    "A hummingbird's heart beats 1,200 times a minute.": "🐦 ❤️ figure",
    "Crows remember the faces of people who hurt them.": "🐦‍⬛",
    "Sea otters hold hands while they sleep.": "🦦",
    "Axolotls can regrow their legs.": "🦎",
    "Elephants mourn their dead.": "🐘",
    "The mantis shrimp punches as fast as a bullet.": "🦐",
    "Ants outnumber us two million to one.": "🐜",
    "Your stomach gets a new lining every four days.": "🫃",
    "Bones are stronger than steel.": "🦴",
    "You lose most of your body heat through your skin.": "✋ 🥵",
    "The brain cannot feel pain.": "🧠",
    "One sneeze can travel 100 miles an hour.": "🤧 figure",
    "Your tongue print is unique.": "👅",
    "Babies are born with 300 bones.": "👶 🦴 figure",
    "Sleep debt is real, and you cannot repay it.": "😴",
    "A teaspoon of a neutron star weighs six billion tons.": "🌟",
    "Saturn could float in a bathtub.": "🪐",
    "Footprints on the Moon will last for millions of years.": "👣 🌕",
    "Light from the Sun takes eight minutes to reach us.": "☀️",
    "The universe has no centre.": "🌌",
    "A black hole bends time itself.": "🕳️",
    "The rover drilled into the Martian soil.": "🔴 👽 🪐",
    "Pay yourself first, then pay your bills.": "💵 🧾 💰",
    "Inflation quietly eats your savings.": "🐷 📈",
    "He bought 10,000 bitcoin pizzas.": "🪙 🍕 figure",
    "A latte a day costs $1,800 a year.": "☕ figure",
    "Rich people buy assets, not things.": "💰",
    "Cancel one subscription today.": "🧾",
    "The richest man in history was an African king.": "💰 👑",
    "Cleopatra spoke nine languages.": "👑 💬",
    "Vikings never wore horned helmets.": "⚔️ 🪖",
    "The Eiffel Tower grows in summer.": "🗼",
    "Samurai warriors wrote poetry before battle.": "⚔️ ✍️",
    "Egyptians slept on pillows made of stone.": "🪨 😴 🇪🇬",
    "In 1752 eleven days vanished from the calendar.": "📅 figure",
    "Chocolate was once used as currency.": "🍫",
    "Carrots used to be purple.": "🥕",
    "Peanuts are not nuts.": "🥜",
    "Ketchup was sold as medicine.": "🍅 💊",
    "The first computer weighed 27 tons.": "💻 figure",
    "Your phone is more powerful than Apollo 11.": "📱 🚀",
    "A robot wrote this sentence.": "🤖",
    "The first alarm clock could ring only at 4 a.m.": "⏰ 🕰️",
    "Change your password right now.": "🔒",
    "Trust is earned in drops and lost in buckets.": "🤝 🪣 💧",
    "Jealousy is a compass.": "😒 🧭",
    "Nobody is coming to save you.": "",
    "Forgiveness frees you, not them.": "🙏 🕊️",
    "Perfectionism is fear in fancy clothes.": "😱 👕 ✨",
    "Curiosity killed the cat.": "🤔 🐱",
    "Loneliness spreads like a virus.": "😔 🦠",
    "Success needs patience.": "🏆 🧘",
    "Democracy began in a small Greek city.": "🏛️ 🏙️",
    "एक चालाक लोमड़ी ने अंगूर देखे।": "🦊",
    "बूढ़े किसान के चार बेटे थे।": "🧑‍🌾 👦",
    "सच्ची दोस्ती सबसे बड़ा खज़ाना है।": "🧑‍🤝‍🧑 💰",
    "Pyaase kauwe ne matke mein patthar daale.": "🐦‍⬛ 🏺 🪨",
    "Las abejas pueden contar hasta cuatro.": "🐝",
    "Die Biene tanzt, um den Weg zu zeigen.": "🐝",
}


def reading(text, visual=""):
    return read(words=tuple(text.split()), visual=visual)


def shown(text, visual=""):
    return [subject.emoji for subject in reading(text, visual).subjects]


def is_hit(text, wanted):
    found = reading(text)
    if not wanted:  # nothing to draw: the words themselves are right, a random picture is wrong
        return not found.subjects
    pictures = {subject.emoji for subject in found.subjects}
    return bool(pictures & set(wanted.split())) or ("figure" in wanted and found.figure is not None)


def test_shows_what_a_scene_is_about_in_nine_of_ten_scenes():
    missed = [text for text, wanted in SCENES.items() if not is_hit(text, wanted)]

    assert len(SCENES) == 60
    assert len(missed) <= 6, missed


def test_counts_what_is_counted():
    counts = {s.emoji: s.count for s in reading("An octopus has three hearts and nine brains.").subjects}

    assert counts == {"🐙": 1, "❤️": 3, "🧠": 9}


def test_keeps_the_index_of_the_word_that_names_a_subject():
    words = {s.emoji: s.word for s in reading("An octopus has three hearts.").subjects}

    assert words == {"🐙": 1, "❤️": 4}


def test_shows_the_larger_sum_of_money():
    figure = reading("Saving $5 a day grows into $4,500 in two years.").figure

    assert (figure.value, figure.unit, figure.word) == ("$4,500", "", 6)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Your brain uses 20% of your energy.", "20%", ""),
        ("They lost 40 billion dollars.", "40 billion", "dollars"),
        ("He missed three hundred shots.", "300", "shots"),
        ("It became two hundred thousand dollars.", "200,000", "dollars"),
        ("It held for a thousand years.", "1,000", "years"),
        ("It took 2,000 years to build.", "2,000", "years"),
        ("भारत में 500 करोड़ रुपये", "500 करोड़", "रुपये"),
    ],
)
def test_joins_a_figure_with_its_magnitude_and_unit(text, value, unit):
    figure = reading(text).figure

    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Sharks are older than trees.", "versus"),
        ("An elephant is heavier than a car.", "scale"),
        ("An ant is smaller than an elephant.", "shrinking"),
        ("A caterpillar turns into a butterfly.", "turning"),
        ("Bananas, lemons, apples and grapes.", "list"),
        ("Penguins propose with pebbles.", ""),
    ],
)
def test_sees_how_two_subjects_relate(text, relation):
    assert reading(text).relation == relation


def test_a_verb_is_not_taken_for_a_thing():
    assert "⌚" not in shown("You can watch the moon rise.")
    assert "⌚" in shown("He broke his watch.")


def test_flags_stand_for_countries_only():
    assert "🇯🇵" in shown("In Japan, trains arrive within seconds.")
    assert "🦃" in shown("Families eat turkey on Thursday.")
    assert "🇹🇷" in shown("Millions of people travel to Turkey every summer.")
    assert not any(e[0] >= "\U0001f1e6" and e[0] <= "\U0001f1ff" for e in shown("Michael Jordan won again."))


def test_the_description_helps_where_the_narration_names_nothing():
    assert shown("It has three of them.", visual="octopus, three hearts") == ["🐙", "❤️"]


@pytest.mark.parametrize(
    ("text", "visual", "wanted"),
    [
        ("This sounds wrong. It isn't.", "octopus three hearts", ["🐙", "❤️"]),
        ("And it all comes back to this:", "jellyfish", ["🪼"]),
        ("and the third pumps it to the rest of the body.", "third pumps, rest, body; octopus", ["🐙"]),
        ("It starts again.", "starts; chatbot", ["🤖"]),
        ("Milk helps.", "milk helps; chili peppers", ["🥛"]),
        ("Saying yes builds more trust.", "saying yes, builds, trust; trust", ["🤝"]),
    ],
)
def test_draws_what_is_described_and_the_topic_where_that_is_nothing(text, visual, wanted):
    assert shown(text, visual) == wanted


def test_draws_no_person_for_what_an_animal_does():
    assert shown("The octopus swims and eats crabs.") == ["🐙", "🦀"]
    assert shown("The swimmer won.") == ["🏊"]


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("It carries copper instead of iron.", "🧲"),
        ("The camel lives without water.", "💧"),
        ("Bears eat no honey in winter.", "🍯"),
    ],
)
def test_does_not_draw_what_the_sentence_says_is_not_there(text, absent):
    assert absent not in shown(text)
    assert shown(text)


def test_measures_are_figures_and_not_so_many_pictures():
    found = reading("Then came a cannon nine meters long.")

    assert (found.figure.value, found.figure.unit) == ("9", "meters")
    assert "📏" not in [s.emoji for s in found.subjects]
    assert reading("It takes sixty-six days.").figure.value == "66"


def test_reads_every_share_of_a_split():
    figures = reading("Split your pay: 50% needs, 30% wants, 20% savings.").figures

    assert [(f.value, f.unit) for f in figures] == [("50%", "needs"), ("30%", "wants"), ("20%", "savings")]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Ten dollars a day becomes two hundred thousand.", "Ten dollars a day becomes"),
        ("$122,000? It sounds made up.", ""),
        ("40 billion dollars vanished overnight.", ""),
    ],
)
def test_what_stands_beside_a_figure_does_not_say_it_again(text, beside):
    assert reading(text).beside == beside


def test_a_first_frame_shows_what_its_words_promise():
    text = "Nine brains? It sounds made up."
    found = read(words=tuple(text.split()), visual="octopus three hearts", opening=True).subjects

    assert {s.emoji: s.count for s in found} == {"🧠": 9, "🐙": 1}


def test_hindi_in_latin_letters_is_not_read_as_english():
    assert "🚪" not in shown("Thodi door jaakar woh so gaya.")
    assert "🚪" in shown("He closed the door.")


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Honey never spoils.", "Honey never spoils"),
        ("Nobody ever told you why an octopus has three hearts.", "octopus has three hearts"),
        ("Jo rukta nahi, wahi jeetta hai. Yeh baat yaad rakhna.", "Jo rukta nahi wahi jeetta hai"),
        ("Nine brains, and not one of them rules alone.", "Nine brains"),
    ],
)
def test_the_headline_is_the_first_sentence_or_what_says_most(text, headline):
    assert reading(text).headline == headline


def test_gives_a_thing_the_colour_that_the_sentence_gives_it():
    assert shown("Octopus blood is blue.") == ["🐙", "💧"]
    assert shown("Human blood is red.") == ["🩸"]
    assert shown("El pulpo tiene sangre azul.") == ["🐙", "💧"]


def test_never_opens_on_an_empty_stage():
    late = never_bare(reading("You will never ever believe how an octopus tastes a crab."))
    soon = never_bare(reading("An octopus beside a crab."))

    assert late.subjects[0].word is None
    assert late.subjects[-1].word == 10
    assert [s.word for s in soon.subjects] == [1, 4]


def test_shows_a_share_with_its_whole_and_a_year_alone():
    share = reading("Later 28 of 40 jumpers used his style.").figure
    year = reading("In 1932 Australia sent soldiers.").figure

    assert (share.value, share.unit) == ("28 of 40", "jumpers")
    assert (year.value, year.unit) == ("1932", "")


def test_reads_a_text_in_its_own_language():
    assert shown("Un pulpo tiene tres corazones.", visual="pulpo, tres corazones") == ["🐙", "❤️"]
    assert shown("Il polpo ha tre cuori.") == ["🐙", "❤️"]


def test_never_shows_more_kinds_than_a_phone_can():
    assert len(shown("A cat, a dog, a lion, a tiger, a bear, a fox and a wolf.")) == 4


def test_any_text_can_be_read():
    rng = Random(5)
    alphabet = "aZ9 .,$%{}\\<>'\"\u200d\ufe0f\u202e\u0915\u093f🐙👩‍🚀\n\tß\u0301"
    for _ in range(400):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randrange(40)))
        found = reading(text, visual=text[::-1])
        assert len(found.subjects) <= 4
