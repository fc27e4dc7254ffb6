"""Which set a place asks for: the words of `place`, in English, German or French, choose painters back to front."""

from __future__ import annotations

import re
from collections.abc import Callable

from storyreel.media.panel import built, indoors, lookouts, outdoors
from storyreel.media.panel.setting import Setting

Painter = Callable[[Setting], None]

_INSIDE: tuple[tuple[str, Painter], ...] = (
    (r"lamp[ -]room|lantern[ -]room|lampenraum|laternenhaus|chambre de la lanterne", lookouts.lantern_room),
    (
        r"wheelhouse|ship'?s bridge|helm\b|bridge of (an?|the)( \w+)* (ship|steamer|boat|trawler|ferry|vessel)|"
        r"kommandobrücke|ruderhaus|passerelle|timonerie",
        lookouts.wheelhouse,
    ),
    (r"stair|steps\b|spiral|treppe|stufen|escalier|marches\b", indoors.stairs),
    (r"studio|backdrop|seamless|cyclorama|plinth|pedestal|packshot|hintergrund|fond (uni|blanc|noir)", indoors.studio),
    (
        r"kitchen|café|cafe\b|diner|restaurant|\bbar\b|counter|küche|theke|bäckerei|bakery|cuisine|comptoir|boulangerie",
        indoors.kitchen,
    ),
    (r"librar|bookshop|bookstore|archive|study\b|bibliothe|bücher|librairie|archiv", indoors.shelves),
    (r"corridor|hallway|\bhall\b|tunnel|subway|metro|flur|\bgang\b|bahnhof|couloir|gare\b", indoors.hall),
    (
        r"room|office|bedroom|interior|cabin|attic|desk|(?<!light)house\b|haus\b|apartment|flat\b|workshop|hut\b|window|table|sofa|zimmer|büro|"
        r"werkstatt|wohnung|stube|fenster|tisch|chambre|bureau|salon|salle|atelier|appartement|fenêtre|inside|innen|bath|\bbad\b",
        indoors.room,
    ),
)
_GROUND: tuple[tuple[str, Painter], ...] = (
    (
        r"street|\balley|gutter|lane\b|road|pavement|sidewalk|crossing|straße|strasse|gasse|rinnstein|gehweg|\brue\b|ruelle|trottoir|caniveau",
        built.street,
    ),
    (
        r"\bsea(side|shore|front)?\b|ocean|harbou?r|coast|shore|beach|\bbay\b|wave|\bship|\bboat|\bpier\b|\blake\b|"
        r"\bmeer|küste|strand|hafen|\bsee\b|welle|ufer|"
        r"\bmer\b|océan|\bport\b|plage|côte|\blac\b|vague",
        outdoors.sea,
    ),
)
_FEATURES: tuple[tuple[str, Painter], ...] = (
    (r"mountain|\balp|cliff|valley|peak|berg|klippe|\btal\b|gipfel|montagne|falaise|vallée", outdoors.mountains),
    (r"lighthouse|light tower|leuchtturm|phare\b", built.lighthouse),
    (r"harbou?r|\bpier\b|quay|\bdock|marina|hafen|\bkai\b|\bport\b|\bquai", built.harbour),
    (r"harbou?r|\bpier\b|quay|\bdock|marina|hafen|\bkai\b|\bport\b|\bquai|jetty|mole\b", built.quay),
    (r"coast|shore|beach|\bbay\b|küste|strand|ufer|plage|côte|rive\b|lighthouse on|sand\b", outdoors.shore),
    (r"city|town|skyline|rooftop|village|stadt|dorf|ville\b|village|toits?\b", built.skyline),
    (r"forest|wood(s|land)?\b|trees?\b|park\b|wald|bäume|baum\b|forêt|bois\b|arbre|parc\b", outdoors.forest),
    (r"tram|bus stop|platform|train|railway|bahnsteig|haltestelle|gleis|quai de gare|arrêt de bus", built.platform),
    (r"river|stream\b|canal|brook|creek|drain|fluss|bach\b|kanal|rivière|ruisseau", outdoors.river),
    (r"bridge|brücke|\bpont\b", built.bridge),
    (r"\bship|\bsteamer|\bvessel|horizon|schiff|navire", built.ship),
    (r"gallery|balcony|railing|\bdeck\b|balkon|reling|galerie|balcon|terrasse", built.gallery),
    (r"field|meadow|garden|grass|prairie|dune|feld|wiese|garten|champ|jardin|pré\b", outdoors.meadow),
    (r"roof|dach|toit", built.roofs),
)
_NIGHT = r"night|midnight|moon|\bstar|nacht|mond|stern|nuit|minuit|lune|étoile|\bblack\b|schwarz|noire?\b"
_SHIP = r"\bship|\bsteamer|\bvessel|\btrawler|schiff|dampfer|navire|paquebot"
_TABLE = r"desk|table|counter|tisch|theke|bureau\b"
_DAY = (
    r"\bday|noon|morning|dawn|first light|sunrise|\bsun\b|sunny|\btag\b|mittag|morgen|sonne|\bjour\b|midi\b|matin|"
    r"\baube|soleil"
)


def is_inside(place: str | None) -> bool:
    """Whether a roof is over it."""
    return outdoors.sky not in painters(place)


def painters(place: str | None, prompt: str = "") -> tuple[Painter, ...]:
    """Painters from back to front; hills in mist where the words say nothing to us. A prompt puts a ship on the sea."""
    words = " ".join((place or "").casefold().split())
    features = [paint for pattern, paint in _FEATURES if re.search(pattern, words)]
    ground = _first(_GROUND, words)
    inside = _first(_INSIDE, words)
    # "the gallery of a lighthouse above a black sea" is outside; "a kitchen by the harbour" is not.
    if (
        inside is not None
        and (ground is None or _position(_INSIDE, words) < _position(_GROUND, words))
        and built.gallery not in features
    ):
        has_table = inside in (indoors.room, indoors.shelves) and re.search(_TABLE, words)
        return (inside, indoors.table) if has_table else (inside,)
    found: list[Painter] = [outdoors.sky]
    if re.search(_NIGHT, words):
        found.append(outdoors.moon)
    elif re.search(_DAY, words):
        found.append(outdoors.daylight)
    found += [p for p in features if p in (outdoors.mountains, built.skyline)]
    found.append(ground or outdoors.land)
    if ground is None and not features:
        found.append(outdoors.hills)
    # Who stands at the rail of a lighthouse does not see it.
    hidden = {outdoors.mountains, built.skyline} | ({built.lighthouse} if built.gallery in features else set())
    if ground is outdoors.sea and re.search(_SHIP, prompt.casefold()):
        found.append(built.ship)
    found += [p for p in features if p not in hidden]
    return tuple(dict.fromkeys(found))


def _first(table: tuple[tuple[str, Painter], ...], words: str) -> Painter | None:
    return next((paint for pattern, paint in table if re.search(pattern, words)), None)


def _position(table: tuple[tuple[str, Painter], ...], words: str) -> int:
    return min((found.start() for pattern, _ in table for found in re.finditer(pattern, words)), default=len(words))
