"""Reads an element's description for what a stand-in needs: what it is, its hair, its coat, its colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from storyreel.base.digest import digest_of
from storyreel.media.panel.color import Rgb

Hair = Literal["cropped", "short", "bob", "long", "bun", "bald", "curly"]
Garment = Literal["coat", "dress", "shirt"]
Hat = Literal["none", "hat", "cap", "hood"]
PropKind = Literal[
    "bottle", "boat", "paper boat", "cup", "paper cup", "lamp", "car", "dog", "cat", "bird", "phone", "book", "object"
]

COLORS: dict[str, Rgb] = {
    "black|schwarz|noire?": (38, 36, 42),
    "dark|dunkl|dunkel|sombre|charcoal|anthrazit": (56, 56, 66),
    "white|weiß|weiss|blanc(he)?|snow": (232, 228, 220),
    "silver|silber|argent": (184, 188, 194),
    "gr[ea]y|grau|gris": (138, 140, 146),
    "navy|marine|midnight blue": (44, 62, 104),
    "teal|petrol|turquoise|türkis": (40, 128, 132),
    "blue|blau|bleue?": (62, 104, 172),
    "olive|oliv|khaki": (112, 112, 64),
    "green|grün|verte?": (66, 128, 84),
    "mustard|senf": (196, 148, 48),
    "yellow|gelb|jaune|oilskin|ölzeug|ciré": (226, 178, 56),
    "amber|gold|golden|bernstein|doré|honey": (206, 148, 62),
    "orange": (216, 118, 50),
    "auburn|ginger|red[ -]?hair|rothaarig|rousse?": (158, 76, 42),
    "crimson|scarlet|red|rot|rouge|ruby": (176, 56, 52),
    "burgundy|maroon|bordeaux|wine": (112, 40, 56),
    "pink|rosa|rose": (214, 128, 146),
    "purple|violet|lila|lilac|mauve": (122, 84, 150),
    "blonde?|blondes?|straw": (208, 172, 108),
    "beige|cream|sand|camel|tan|linen|leinen": (204, 182, 146),
    "brown|chestnut|braun|brune?|marron|leather|leder": (104, 70, 48),
    "copper|kupfer|bronze|cuivre": (176, 104, 64),
}
_WORD_COLORS = [(re.compile(rf"\b({words})(e|er|es|en|em|n|s)?\b"), color) for words, color in COLORS.items()]
_SKINS: tuple[Rgb, ...] = ((232, 190, 162), (214, 164, 130), (186, 132, 98), (142, 96, 70), (106, 70, 52))
_HAIRS: tuple[Rgb, ...] = ((40, 34, 36), (72, 50, 38), (104, 72, 46), (58, 44, 42))
_CLOTHES: tuple[Rgb, ...] = ((70, 84, 112), (112, 74, 72), (78, 98, 86), (116, 98, 72), (92, 78, 106))

_CHILD = (
    r"\bboys?\b|\bgirls?\b|child|\bkids?\b|toddler|\bson\b|daughter|junge\b|mädchen|kind\b|sohn|tochter|garçon|fille\b|"
    r"enfant|fils\b"
)
_FEMALE = (
    r"\bwom[ae]n\b|\bgirls?\b|\blady\b|female|mother|grandmother|sister|daughter|wife|actress|queen|\bshe\b|\bher\b|waitress|"
    r"\bfrau\b|mädchen|mutter|schwester|tochter|\bdame\b|\bsie\b|\bfemme\b|\bfille\b|mère\b|sœur|reine|\belle\b|\bmum\b|\bmom\b"
)
_MALE = (
    r"\bm[ae]n\b|\bboys?\b|\bguy\b|\bmale\b|father|grandfather|brother|\bson\b|husband|\bking\b|\bhe\b|\bhis\b|waiter|captain|sailor|"
    r"fisherman|keeper|\bmann\b|junge\b|vater|bruder|\bsohn\b|kapitän|\bhomme\b|garçon|père\b|frère|capitaine|\bdad\b|wärter"
)
_PERSON = (
    rf"{_CHILD}|{_FEMALE}|{_MALE}|person|people|teen|doctor|nurse|detective|barista|baker|chef|cook\b|teacher|student|worker|"
    r"\w+m[ae]n\b|\w+frau\b|\w+mann\b|driver|soldier|dancer|runner|host\b|hair|bearded|ärztin|arzt|bäcker|köch|lehrer|menschen?|personne"
)
_PROPS: tuple[tuple[PropKind, str], ...] = (
    ("paper boat", r"(paper|papier|origami)\W?(boat|ship|schiff|boot)|papierschiff|bateau (de|en) papier|origami"),
    ("bottle", r"bottle|flask|perfume|carafe|\bvial|flasche|flakon|bouteille|flacon"),
    ("boat", r"\bboat|\bship|dinghy|yacht|trawler|vessel|sailboat|schiff|\bboot|kutter|bateau|navire|voilier"),
    ("paper cup", r"(paper|coffee|takeaway|to-go|papp|papier)\W?(cup|becher)|gobelet"),
    ("cup", r"\bcup|\bmug|coffee|\btea\b|glass of|tasse|becher|kaffee|café"),
    ("lamp", r"lantern|candle|(oil|desk|table|bedside) lamp|\blamp\b(?! room)|\blampe\b|laterne|kerze|lanterne|bougie"),
    ("car", r"\bcar\b|\btaxi|\bvan\b|truck|automobile|auto\b|wagen|voiture|camion"),
    ("dog", r"\bdog|puppy|hound|terrier|hund\b|welpe|chien"),
    ("cat", r"\bcat\b|kitten|katze|kater|\bchat\b|chaton"),
    ("bird", r"\bbird|gull|crow|raven|pigeon|vogel|möwe|krähe|oiseau|mouette|corbeau"),
    ("phone", r"phone|tablet|handy|smartphone|téléphone|screen"),
    ("book", r"\bbook|diary|journal|letter|notebook|map\b|buch|brief|karte|livre|lettre|carnet"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A stand-in for somebody."""

    is_child: bool
    is_female: bool
    is_old: bool
    hair: Hair
    hair_color: Rgb
    has_beard: bool
    hat: Hat
    garment: Garment
    garment_color: Rgb
    skin: Rgb


@dataclass(frozen=True, slots=True)
class Prop:
    """A stand-in for a thing or an animal."""

    kind: PropKind
    color: Rgb
    second: Rgb

    @property
    def is_long(self) -> bool:
        """Wider than high."""
        return self.kind in ("boat", "paper boat", "car", "dog", "bird")


def read_look(name: str, description: str | None) -> Person | Prop:
    """What a description describes; where it says nothing, the name decides, and the same name always alike."""
    words = " ".join((description or "").casefold().split())
    hint = int(digest_of(name.casefold().encode())[:8], 16)
    if not re.search(_PERSON, words):
        for kind, pattern in _PROPS:
            if re.search(pattern, words or name.casefold()):
                return _prop(kind, words, hint)
        if words:
            return _prop("object", words, hint)
    return _person(words, hint)


def find_subject(prompt: str) -> Person | Prop | None:
    """Whom or what a prompt is about where it mentions no element; None for a view of a place alone."""
    words = " ".join(prompt.casefold().split())
    person = re.search(_PERSON, words)
    # What is named late is scenery, not subject; a lamp or a ship mostly is even where it comes first.
    things = [(found.start(), kind) for kind, pattern in _PROPS if (found := re.search(pattern, words[:48]))]
    first = min((thing for thing in things if thing[1] not in ("lamp", "boat")), default=None)
    if person is not None and (first is None or person.start() < first[0]):
        around = words[max(0, person.start() - 24) :]
        return _person(re.split(r"[.;!?]", around)[0], int(digest_of(words.encode())[:8], 16))
    return None if first is None else _prop(first[1], words, int(digest_of(words.encode())[:8], 16))


def _prop(kind: PropKind, words: str, hint: int) -> Prop:
    found = [color for _, color in sorted(_colors(words))]
    plain: dict[PropKind, tuple[Rgb, Rgb]] = {
        "bottle": ((60, 112, 92), (226, 214, 190)),
        "paper boat": ((236, 230, 218), (190, 196, 206)),
        "lamp": ((70, 66, 70), (250, 216, 150)),
        "paper cup": ((232, 226, 214), (150, 104, 70)),
        "cup": ((222, 214, 200), (96, 62, 44)),
        "cat": ((60, 56, 60), (200, 180, 150)),
        "dog": ((146, 104, 66), (90, 62, 44)),
        "bird": ((70, 72, 80), (210, 206, 200)),
        "book": ((128, 58, 52), (228, 218, 196)),
        "phone": ((40, 42, 48), (150, 190, 220)),
    }
    first, second = plain.get(kind, (_CLOTHES[hint % len(_CLOTHES)], (226, 214, 190)))
    return Prop(kind, found[0] if found else first, found[1] if len(found) > 1 else second)


def _person(words: str, hint: int) -> Person:
    is_female = bool(re.search(_FEMALE, words)) or (not re.search(_MALE, words) and not words and hint % 2 == 0)
    age = re.search(r"\b(\d{1,3})\b", words)
    years = int(age[1]) if age else 30
    is_child = bool(re.search(_CHILD, words)) if not age else years < 15
    is_old = years >= 60 or bool(
        re.search(r"\bold\b|elderly|grand(ma|pa|mother|father)|\balte?r?\b|vieil|vieux|âgée?", words)
    )
    hair_color = _near(words, r"hair\w*|haar\w*|cheveux|curls|braids?|bob\b|bun\b|beard|bart\b|locken") or _hair_of(
        words, is_old, hint
    )
    garment_words = (
        r"coat|jacket|oilskin|dress|suit|shirt|sweater|jumper|apron|cloak|parka|raincoat|hoodie|uniform|gown|vest|blouse|scarf|overall\w*|"
        r"\w*mantel|\w*jacke|kleid|anzug|hemd|pullover|schürze|ölzeug|manteau|veste|robe|chemise|pull|ciré|tablier"
    )
    color = _near(words, garment_words) or next((c for at, c in sorted(_colors(words)) if c != hair_color), None)
    is_dress = bool(re.search(r"\bdress|gown|skirt|kleid|\brock\b|\brobe|jupe", words))
    is_coat = bool(re.search(r"coat|oilskin|cloak|parka|mantel|ölzeug|manteau|ciré|keeper|uniform", words))
    return Person(
        is_child=is_child,
        is_female=is_female,
        is_old=is_old,
        hair=_hair(words, is_female, is_child, hint),
        hair_color=hair_color,
        has_beard=bool(re.search(r"beard|moustache|bart\b|bärtig|barbe|barbu", words)),
        hat=_hat(words),
        garment="dress" if is_dress else "coat" if is_coat else "shirt",
        garment_color=color or _CLOTHES[hint // 7 % len(_CLOTHES)],
        skin=_skin(words, hint),
    )


def _colors(words: str) -> list[tuple[int, Rgb]]:
    return [(found.start(), color) for pattern, color in _WORD_COLORS for found in pattern.finditer(words)]


def _near(words: str, nouns: str) -> Rgb | None:
    """The colour said of a thing: the nearest one before it in the same clause, or behind it in French."""
    for clause in re.split(r"[,;.]| and | und | et | with | mit | avec ", words):
        thing = re.search(rf"\b({nouns})", clause)
        if thing is None:
            continue
        found = sorted(_colors(clause), key=lambda seen: (seen[0] > thing.start(), abs(seen[0] - thing.start())))
        if found:
            return found[0][1]
    return None


def _hair_of(words: str, is_old: bool, hint: int) -> Rgb:
    for pattern, color in _WORD_COLORS:
        if re.search(r"\b(blonde?|auburn|ginger|brunette)\b", words) and pattern.search(words):
            return color
    return (196, 194, 190) if is_old else _HAIRS[hint // 3 % len(_HAIRS)]


def _hair(words: str, is_female: bool, is_child: bool, hint: int) -> Hair:
    table: tuple[tuple[Hair, str], ...] = (
        ("bald", r"\bbald|shaved|glatze|kahl|chauve"),
        ("cropped", r"cropped|crew cut|buzz|kurzgeschoren|pixie|très courts|stubble"),
        ("bun", r"\bbun\b|ponytail|pony tail|chignon|dutt|zopf|pferdeschwanz|tied|queue de cheval"),
        ("curly", r"curl|afro|locken|lockig|frizzy|bouclé"),
        ("bob", r"\bbob\b|chin-length|carré"),
        ("long", r"long (\w+ )?hair|lange\w* (\w+ )?haar|cheveux longs|braid|flowing"),
        ("short", r"short (\w+ )?hair|kurze\w* (\w+ )?haar|cheveux courts"),
    )
    for style, pattern in table:
        if re.search(pattern, words):
            return style
    if is_female:
        return ("bob", "long", "bun")[hint % 3]
    return "curly" if is_child and hint % 3 == 0 else "short"


def _hat(words: str) -> Hat:
    if re.search(r"\bcap\b|beanie|mütze|kappe|casquette|bonnet", words):
        return "cap"
    if re.search(r"\bhat\b|sou'?wester|fedora|\bhut\b|südwester|chapeau", words):
        return "hat"
    return "hood" if re.search(r"hood\b|hooded|kapuze|capuche", words) else "none"


def _skin(words: str, hint: int) -> Rgb:
    if re.search(r"(dark|black|deep)[ -]skin|dunkelhäutig|peau (noire|foncée)", words):
        return _SKINS[4]
    if re.search(r"brown skin|tanned|olive skin|peau mate", words):
        return _SKINS[2]
    if re.search(r"pale|fair[ -]skin|blass|pâle", words):
        return _SKINS[0]
    return _SKINS[hint // 5 % len(_SKINS)]
