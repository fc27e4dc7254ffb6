"""How many characters a prompt comes to, of how many that a model takes, and what each part has of them."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.board.mentions import mentions, respell
from storyreel.board.model import Shot
from storyreel.plan.catalog import Profile
from storyreel.plan.lowering.words import Manner, join, prompts
from storyreel.plan.prompt import shot_words, spelled_words, speller
from storyreel.plan.request import Request, ShotRequest


def check_words(request: Request, shots: Sequence[Shot], profile: Profile, manner: Manner) -> tuple[Diagnostic, ...]:
    """Diagnostics for the shots of one request whose words, as spelled out, are over the model's limit."""
    if manner.is_joined:
        return _check_joined(request, shots, profile, manner)
    limit = profile.prompt_characters if len(shots) == 1 else profile.shot_characters
    return tuple(
        _over(request, asked, shot, length, limit, profile, manner)
        for asked, shot in zip(request.shots, shots, strict=True)
        if _most(request, asked) > limit and (length := len(spelled_words(request, asked, manner.called))) > limit
    )


def _check_joined(request: Request, shots: Sequence[Shot], profile: Profile, manner: Manner) -> tuple[Diagnostic, ...]:
    words = prompts(request, manner)
    lengths = [len(text) for text in words]
    total = len(join(request, words, manner))
    if total <= profile.prompt_characters:
        return ()
    longest = lengths.index(max(lengths))
    each = " + ".join(f"shot {number} {length:,}" for number, length in enumerate(lengths, 1))
    message = f"the shots' prompts join to {total:,} characters; {profile.model} takes {profile.prompt_characters:,}"
    label = f"{total - profile.prompt_characters:,} too many"
    return (error("SR304", message, shots[longest].span("prompt"), label=label, hints=[each]),)


def _most(request: Request, shot: ShotRequest) -> int:
    """No fewer characters than the words can have: counting this is cheaper than composing them."""
    texts = [request.place, request.style, shot.prompt, shot.camera, shot.sound, shot.words]
    for line in shot.lines:
        texts += [line.who, line.tone, line.text]
    for element in request.elements:
        texts += [element.name, element.description]
    signs = sum(text.count("@") for text in texts if text)
    return sum(len(text) for text in texts if text) + 12 * (len(texts) + signs)


def _over(
    request: Request, asked: ShotRequest, shot: Shot, length: int, limit: int, profile: Profile, manner: Manner
) -> Diagnostic:
    over = length - limit
    parts = _parts(request, asked, manner)
    rest = length - sum(count for _, count in parts)
    if rest > 0:
        parts.append(("between them", rest))
    hints = [" + ".join(f"{name} {count}" for name, count in parts) + f" = {length:,}"]
    shared = [f"`{name}`" for name, _ in parts if name in ("style", "place")]
    biggest = max(parts, key=lambda part: part[1])[0]
    advice = f"cut {over} characters, best from {biggest}"
    if shared:
        advice += f"; {' and '.join(shared)} count{'s' if len(shared) == 1 else ''} in every shot of the scene"
    hints.append(advice)
    if limit == profile.shot_characters:
        hints.append(f"alone in a scene, a shot may have {profile.prompt_characters:,}")
    name = f"shot `{shot.id}`" if shot.id else "this shot"
    message = f"{name} comes to {length:,} characters; {profile.model} takes {limit:,}"
    return error("SR304", message, shot.span("prompt"), label=f"{over:,} too many", hints=hints)


def _parts(request: Request, asked: ShotRequest, manner: Manner) -> list[tuple[str, int]]:
    """What is counted, by the author's keys, in the order of an editor's scissors; elements by their description."""
    names = [element.name for element in request.elements]
    if asked.words is not None:
        parts = [("template", asked.words)]
    else:
        tags = [", ".join(word for word in (line.who, line.tone) if word) for line in asked.lines]
        dialogue = " ".join(f'[{tag}]: "{line.text}"' for tag, line in zip(tags, asked.lines, strict=True))
        parts = [
            ("style", request.style or ""),
            ("place", request.place or ""),
            ("camera", asked.camera or ""),
            ("prompt", asked.prompt),
            ("say", dialogue),
            ("sound", asked.sound or ""),
        ]
    counted = [(name, len(respell(text, names, str))) for name, text in parts if text]
    spell = speller(request, manner.called)
    spelled: dict[str, int] = {}
    for _, _, name in mentions(shot_words(request, asked), names):
        if name is not None:
            spelled[name] = spelled.get(name, 0) + len(spell(name)) - len(name)
    return counted + [(name, extra) for name, extra in spelled.items() if extra > 0]
