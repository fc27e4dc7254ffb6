"""What a description says of a stand-in, and what a place says of a set."""

from __future__ import annotations

import pytest

from storyreel.media.panel import built, indoors, lookouts, outdoors
from storyreel.media.panel.color import Rgb
from storyreel.media.panel.look import COLORS, Person, Prop, find_subject, read_look
from storyreel.media.panel.place import is_inside, painters
from storyreel.media.panel.weather import weather_of


def named(start: str) -> Rgb:
    return next(color for words, color in COLORS.items() if words.startswith(start))


NAVY, YELLOW, WHITE, RED = map(named, ("navy", "yellow", "white", "crimson"))


def person(description: str, name: str = "Mara") -> Person:
    found = read_look(name, description)
    assert isinstance(found, Person)
    return found


def test_the_lighthouse_keeper() -> None:
    mara = person("woman, 60, cropped white hair, salt-stiff navy coat")
    assert mara.is_female
    assert mara.is_old
    assert (mara.hair, mara.hair_color) == ("cropped", WHITE)
    assert (mara.garment, mara.garment_color) == ("coat", NAVY)


def test_the_boy() -> None:
    ivo = person("boy, 12, yellow oilskin two sizes too big", "Ivo")
    assert ivo.is_child
    assert not ivo.is_female
    assert ivo.garment_color == YELLOW


GERMAN_AND_FRENCH = ["alte Frau, weiße Haare, roter Mantel", "vieille femme, cheveux blancs, manteau rouge"]


@pytest.mark.parametrize("words", GERMAN_AND_FRENCH)
def test_other_languages(words: str) -> None:
    found = person(words)
    assert found.is_female
    assert found.hair_color == WHITE
    assert found.garment == "coat"
    assert found.garment_color == RED


def test_hats_and_beards() -> None:
    assert person("old man with a beard and a cap").has_beard
    assert person("old man with a beard and a cap").hat == "cap"
    assert person("girl, red raincoat with hood").hat == "hood"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a copper steel bottle with an oak cap", "bottle"),
        ("a small paper boat", "paper boat"),
        ("an old trawler", "boat"),
        ("eine grüne Flasche", "bottle"),
        ("a black cat", "cat"),
        ("a brass key", "object"),
        ("a paper cup", "paper cup"),
    ],
)
def test_things(words: str, kind: str) -> None:
    found = read_look("Thing", words)
    assert isinstance(found, Prop)
    assert found.kind == kind


def test_the_name_decides_what_nobody_described_and_always_alike() -> None:
    assert read_look("Nobody", None) == read_look("Nobody", "")
    assert isinstance(read_look("Nobody", None), Person)


def test_whom_a_prompt_is_about() -> None:
    helmsman = find_subject("A helmsman in a dark coat wipes salt from the window of the Halcyon.")
    assert isinstance(helmsman, Person)
    cup = find_subject("A paper cup tips over on the wet bench.")
    assert isinstance(cup, Prop)
    assert cup.kind == "paper cup"
    assert (
        find_subject("The great lamp of a white lighthouse flickers. Far out a ship keeps turning for shore.") is None
    )
    assert find_subject("Fog over the fields.") is None


@pytest.mark.parametrize(
    ("place", "painter"),
    [
        ("the iron gallery of a lighthouse above a black sea", built.gallery),
        ("spiral stairs", indoors.stairs),
        ("the lamp room of a lighthouse, brass and cold glass", lookouts.lantern_room),
        ("eine Küche am Morgen", indoors.kitchen),
        ("the bridge of an old steamer in high waves", lookouts.wheelhouse),
        ("a stone bridge over a river", built.bridge),
        ("a gutter beside a cobbled street", built.street),
        ("un champ à l'aube", outdoors.meadow),
        ("der Hafen", built.harbour),
        ("a wet tram stop in a northern city", built.platform),
        ("seamless studio backdrop", indoors.studio),
        ("a lighthouse on the coast", built.lighthouse),
        ("a mountain valley", outdoors.mountains),
        (None, outdoors.hills),
    ],
)
def test_places_choose_their_set(place: str | None, painter: object) -> None:
    assert painter in painters(place)


def test_who_stands_on_a_gallery_does_not_see_the_tower() -> None:
    assert built.lighthouse not in painters("the gallery of a lighthouse above the sea")


def test_inside_and_outside() -> None:
    assert is_inside("a kitchen by the harbour")
    assert not is_inside("the gallery of a lighthouse")
    assert not is_inside(None)


def test_weather() -> None:
    assert weather_of("a street in the rain") == "rain"
    assert weather_of("eine Gasse", "Es beginnt zu regnen, Regen fällt") == "rain"
    assert weather_of("a pass in deep snow", None) == "snow"
    assert weather_of("a train at the terrain") is None
