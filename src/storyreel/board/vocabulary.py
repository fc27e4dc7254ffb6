"""Every key of the language, level by level, in canonical order: what it is for, and how it is written.

The one table behind the JSON Schema, the formatter's order and the hints of diagnostics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal[
    "board", "scene", "shot", "element", "voice", "line", "effect", "text", "lower_third", "trim", "card", "still",
    "clip", "music", "watermark", "reel", "table", "variants", "param", "template", "fragment",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A key at one level."""

    about: str
    """One sentence for an editor's tooltip."""
    example: str
    """The value, as YAML in flow style."""
    default: str | None = None
    """What holds where it is not written; None where nothing is sent or drawn."""


_GENERATION: Mapping[str, Key] = {
    "model": Key("The model that makes the takes.", "kling-v3", "kling-v3"),
    "tier": Key("Quality bought: the short side has 720, 1080 or 2160 pixels.", "standard", "standard"),
    "aspect_ratio": Key("The shape that is bought; one that is not on sale goes to the nearest.", '"16:9"', '"16:9"'),
    "size": Key("The shape as width x height, matched to the nearest on sale.", "1080x1350"),
    "resolution": Key("The short side as a size name, matched to the nearest tier on sale.", "1K"),
    "language": Key("Language that is spoken, as a tag.", "en", "en"),
    "style": Key("Look of every shot; joins each prompt. `@Name` counts.", "35mm film, rain at dusk"),
    "negative_prompt": Key("What must not be seen.", "blur, subtitles"),
    "cfg_scale": Key("How closely the model keeps to the words, 0 to 1.", "0.5"),
    "generate_audio": Key("Whether the model makes sound and speaks the lines; always sent.", "true", "true"),
    "shot_type": Key("`customize`: the shots as written; `intelligent`: the model decides them.", "customize"),
    "template": Key("A prompt template of the project; hashed by its bytes.", "templates/noir.j2"),
    "extra": Key("Passed to the provider as it is, and part of the request's key.", "{camera_fixed: true}"),
}

VOCABULARY: Mapping[Level, Mapping[str, Key]] = {
    "board": {
        "storyreel": Key("Version of the language.", "1"),
        "title": Key("Name of the film, for people.", "The Last Lamp"),
        **{k: _GENERATION[k] for k in ("model", "tier", "aspect_ratio", "size", "resolution")},
        "reel": Key("What is delivered, where it is not the bought shape.", "{size: 1080x1350, fit: crop}"),
        "fps": Key("Frames a second; 23.976 means 24000/1001.", "24", "24"),
        "length": Key("The film must be exactly this long.", "30"),
        **{k: _GENERATION[k] for k in ("language", "style", "negative_prompt", "cfg_scale", "generate_audio")},
        **{k: _GENERATION[k] for k in ("shot_type", "template", "extra")},
        "budget": Key("US dollars for the whole film; a dearer plan is refused.", "6.00"),
        "vars": Key("Words to use in templates: `{{ ship }}`.", "{ship: Halcyon}"),
        "include": Key("Fragments: files with elements, vars and scenes.", "[cast/keepers.yaml]"),
        "tables": Key("Tables whose row is chosen by axes or vars.", "{copy: {file: data/copy.csv, by: [product]}}"),
        "variants": Key("One board, many films: a cross product of axes.", "{axes: {lang: {en: {}, de: {}}}}"),
        "elements": Key("People and things that must look the same everywhere.", "{Mara: {description: a keeper}}"),
        "scenes": Key("The film, in order.", "[{id: storm, shots: [{duration: 5, prompt: A black sea.}]}]"),
        "music": Key("Music under the film, one piece or several.", "{file: assets/score.wav, gain_db: -8}"),
        "captions": Key("`sidecar` writes SRT and VTT, `burn` also draws them.", "sidecar", "sidecar"),
        "loudness": Key("Loudness of the film in LUFS; null leaves it alone.", "-14", "-14"),
        "watermark": Key("A picture over the whole film.", "{image: assets/logo.png, position: bottom-right}"),
        "fonts": Key("Font files for letters that Open Sans lacks.", "[assets/fonts/NotoSansJP.otf]"),
    },
    "scene": {
        "id": Key("Stable name, unique in the film; never part of a key.", "storm"),
        "use": Key("A template of scenes from `templates/`.", "product-shot"),
        "with": Key("Values for the template's params.", "{seconds: 3}"),
        "include": Key("The scenes of a fragment, in place.", "acts/stairs.yaml"),
        "when": Key("An expression; where it is false the scene is left out.", "product.price"),
        "chapter": Key("A chapter of the film begins here.", "The rain"),
        "place": Key("Where it happens; joins every prompt. `@Name` counts.", "the gallery of a lighthouse"),
        "note": Key("For people; changes nothing.", "client wants more spray"),
        "transition": Key("Into this scene: cut, dissolve S, fade S, wipe S, slide S.", "dissolve 0.5", "cut"),
        "start": Key("First frame: image paths, `previous`, or another scene's `storm@last`.", "previous"),
        "end": Key("Last frame: an image path or `storm@last`; needs `start`.", "assets/landing.png"),
        **_GENERATION,
        "takes": Key("Candidates bought, 1 to 20; the lock says which is in the film.", "2", "1"),
        "trim": Key("The used stretch; local and free.", "{in: 0.4, out: 3.6}"),
        "speed": Key("Playing speed, 0.1 to 10; local and free.", "0.5", "1"),
        "freeze": Key("Keep the frame that a start or end was taken from in the lock.", "true", "false"),
        "fit": Key("How a picture of another shape fills the reel.", "crop", "crop"),
        "audio_db": Key("Gain of the scene's own sound, or `off`.", "-12", "0"),
        "audio_lead": Key("Its sound begins this much before its picture.", "0.5"),
        "audio_lag": Key("Its sound goes on this much after its picture.", "0.5"),
        "vars": Key("Words to use in this scene's templates.", "{ship: Halcyon}"),
        "shots": Key("What the model makes, in one piece.", "[{duration: 5, prompt: A black sea.}]"),
        "card": Key("A drawn card; local and free.", "{title: THE END, duration: 3}"),
        "still": Key("A picture, held and moved; local and free.", "{image: stills/desk.png, duration: 3}"),
        "clip": Key("A stretch of a file or of another board's take.", "{file: footage/harbour.mp4, in: 1, out: 4}"),
        "text": Key("Text over the picture; counts from the scene's beginning.", "{super: Late again?, at: 1, for: 2}"),
        "say": Key("Spoken lines; `at` counts from the scene's beginning.", "[{who: narrator, line: Until tonight.}]"),
        "sfx": Key("Sound files laid on the bed.", "[{file: assets/door.wav, at: 1}]"),
    },
    "shot": {
        "id": Key("Stable name, unique in its scene.", "dark"),
        "duration": Key("How long it is: 4, 4s, 2.5s or 96f.", "4"),
        "camera": Key("Framing and movement. `@Name` counts.", "wide, slow push-in"),
        "prompt": Key("What is seen. `@Name` mentions an element.", '"@Mara grips the rail and looks up."'),
        "say": Key("Spoken lines.", '["Mara (whispering): Forty years."]'),
        "sound": Key("Sounds, in words; the model makes them.", "wind through iron"),
        "sfx": Key("Sound files laid on the bed.", "[{file: assets/door.wav, at: 1}]"),
        "text": Key("Text over the picture.", "{lower_third: {name: MARA, role: Keeper}, at: 0.5, for: 3}"),
        "vars": Key("Words to use in this shot's templates.", "{ship: Halcyon}"),
        "extra": Key("Passed to the provider as it is, and part of the request's key.", "{seed_hint: 3}"),
        "note": Key("For people; changes nothing.", "client wants more spray"),
    },
    "element": {
        "description": Key("How it looks, for models that take no pictures.", "woman, 34, navy coat"),
        "image": Key("Picture from the front.", "assets/mara/front.png"),
        "references": Key("One to three further pictures.", "[assets/mara/left.png]"),
        "video": Key("A video of it, instead of pictures.", "assets/ivo.mp4"),
        "voice": Key("How it speaks.", "{tone: low and dry}"),
    },
    "voice": {
        "tone": Key("In words.", "low and dry"),
        "id": Key("A provider's voice, bound to the element.", "voice_8f2"),
        "sample": Key("5 to 30 seconds to make a provider's voice from.", "assets/mara/voice.wav"),
        "language": Key("Language that it speaks, where it is not the film's.", "en"),
    },
    "line": {
        "who": Key("An element, `narrator`, or a name with (V.O.) or (O.S.).", "Mara"),
        "tone": Key("How it is said.", "whispering"),
        "line": Key("The words.", "Forty years. It has never gone dark."),
        "file": Key("A recording, laid on the bed.", "assets/vo/01.wav"),
        "at": Key("When it begins.", "2.5"),
    },
    "effect": {
        "file": Key("A sound file.", "assets/door.wav"),
        "at": Key("When it begins.", "1"),
        "gain_db": Key("Gain in decibels.", "-6", "0"),
    },
    "text": {
        "super": Key("Words over the picture.", "Late again?"),
        "lower_third": Key("A name and a role, low in the picture.", "{name: MARA, role: Keeper}"),
        "legal": Key("Small print.", "Professional driver on a closed road."),
        "at": Key("When it appears.", "0.5"),
        "for": Key("How long it stays.", "3"),
        "style": Key("Look of the text: plain, boxed, underline, corner, bold.", "boxed", "plain"),
    },
    "lower_third": {
        "name": Key("First line.", "MARA"),
        "role": Key("Second line.", "Keeper of the light"),
    },
    "trim": {
        "in": Key("First second used.", "0.4"),
        "out": Key("Where the used stretch ends.", "3.6"),
    },
    "card": {
        "title": Key("Largest line.", "THE LAST LAMP"),
        "subtitle": Key("Second line.", "In cinemas this autumn"),
        "price": Key("A price.", "€ 29.90"),
        "cta": Key("What to do now.", "Order today"),
        "legal": Key("Small print.", "While stocks last."),
        "logo": Key("A picture of a logo.", "assets/logo.png"),
        "image": Key("A picture behind the words.", "assets/night.png"),
        "style": Key("Look of the card: plain, serifless-center, left-rule, end-card.", "end-card", "plain"),
        "duration": Key("How long it stands.", "3"),
    },
    "still": {
        "image": Key("The picture.", "stills/desk.png"),
        "duration": Key("How long it stands.", "3"),
        "camera": Key("How it is moved.", "slow push-in"),
    },
    "clip": {
        "file": Key("A video file.", "footage/harbour.mp4"),
        "of": Key("Another board's chosen take: board/scene.", "trailer/storm"),
        "in": Key("First second used.", "12.4"),
        "out": Key("Where the used stretch ends.", "16.4"),
    },
    "music": {
        "file": Key("A sound file.", "assets/score.wav"),
        "from": Key("The scene that it begins with.", "storm"),
        "to": Key("The scene that it ends with.", "title"),
        "gain_db": Key("Gain in decibels.", "-8", "0"),
        "duck_db": Key("How much quieter it is under speech.", "12", "12"),
        "fade_in": Key("Seconds.", "1"),
        "fade_out": Key("Seconds.", "2"),
        "loop": Key("Begin again where it is too short.", "true", "true"),
    },
    "watermark": {
        "image": Key("The picture.", "assets/logo.png"),
        "position": Key("Its corner.", "bottom-right", "bottom-right"),
        "opacity": Key("0 to 1.", "0.6", "0.6"),
    },
    "reel": {
        "size": Key("Width x height in even pixels, 16 to 8192.", "1080x1350"),
        "fit": Key("How another shape fills it: cut off, bars, or a blurred ground.", "crop", "crop"),
    },
    "table": {
        "file": Key("A CSV or YAML table.", "data/copy.csv"),
        "by": Key("The axes or vars that choose its row.", "[product, lang]"),
    },
    "variants": {
        "axes": Key("Name to values: a map, or a table keyed by `id`.", "{lang: {en: {}, de: {}}}"),
        "only": Key("Films to keep: an expression, a map, or a list of them.", "lang.id == 'de'"),
        "skip": Key("Films to leave out, after `only`.", "{lang: de, aspect: tall}"),
        "name": Key("Name of each film, unique.", '"{{ lang.id }}"'),
    },
    "param": {
        "required": Key("Whether `with` must give it.", "true"),
        "default": Key("Its value where `with` does not give it.", "5"),
    },
    "template": {
        "params": Key("What `with` may give: name to default, or to {required: true}.", "{seconds: 5}"),
        "scenes": Key("The scenes that `use` puts in place.", "[{id: shot, card: {title: Hello, duration: 2}}]"),
    },
    "fragment": {
        "include": Key("Further fragments.", "[cast/crew.yaml]"),
        "vars": Key("Words to use in templates.", "{ship: Halcyon}"),
        "elements": Key("People and things.", "{Mara: {description: a keeper}}"),
        "scenes": Key("Scenes, placed by `- include:` in a board's list.", "[{id: a, card: {title: A, duration: 2}}]"),
    },
}

STEERING: Mapping[Level, frozenset[str]] = {
    "board": frozenset({"storyreel", "include", "tables", "variants"}),
    "scene": frozenset({"use", "with", "include", "when"}),
}
"""Keys that a film no longer has: expansion has dealt with them."""

A_LEVEL: Mapping[Level, str] = {
    "board": "the board", "scene": "a scene", "shot": "a shot", "element": "an element", "voice": "a voice",
    "line": "a line of `say`", "effect": "an entry of `sfx`", "text": "an entry of `text`",
    "lower_third": "a lower third", "trim": "a trim", "card": "a card", "still": "a still", "clip": "a clip",
    "music": "a piece of music", "watermark": "a watermark", "reel": "`reel`", "table": "a table",
    "variants": "`variants`", "param": "a param", "template": "a template", "fragment": "a fragment",
}  # fmt: skip
"""How a level is called in a sentence."""
