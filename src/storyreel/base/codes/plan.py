"""Codes of the stage 'plan'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

PLAN: tuple[Code, ...] = (
    Code(
        "SR301",
        "unknown model",
        """\
`model` names nothing that storyreel knows the limits of. Limits, shapes and prices are data that come with storyreel;
a model that is not among them cannot be planned.

```yaml
model: kling-3        # SR301
```

```yaml
model: kling-v3
```
""",
    ),
    Code(
        "SR302",
        "shot longer than one request",
        """\
A model makes a limited number of seconds in one piece: kling-v3 at most 15. A longer scene is split between shots and
bought in parts, but a shot is never split.

```yaml
shots:
  - {duration: 20, prompt: The lighthouse at dawn. A boat leaves the bay.}      # SR302
```

```yaml
shots:
  - {duration: 10, prompt: The lighthouse at dawn.}
  - {duration: 10, prompt: A boat leaves the bay below the lighthouse at dawn.}
```
""",
    ),
    Code(
        "SR303",
        "too many short shots",
        """\
Shots are bought in whole seconds, at least one each, and what is over is trimmed from the end of the scene. Where many
shots are shorter than a second, the last of them would lie in the part that is trimmed, bought but never seen.

```yaml
shots:
  - {duration: 0.5, prompt: A match.}       # SR303: three shots in 1.5 s
  - {duration: 0.5, prompt: A wick.}
  - {duration: 0.5, prompt: A flame.}
```

Give them more time, or describe quick cuts in one prompt:

```yaml
shots:
  - {duration: 3, prompt: "Quick cuts: a match is struck, a wick, the flame."}
```

`speed: 2` on the scene shows three bought seconds in one and a half.
""",
    ),
    Code(
        "SR304",
        "prompt longer than the model takes",
        """\
A shot goes out with its place, camera, dialogue, sound and style, and with a description of each element that it
mentions. kling-v3 takes 512 characters for each shot of a scene, and 2,500 where a scene has one shot. The hint lists
what the characters are spent on:

    style 70 + place 48 + camera 20 + prompt 341 + Mara 52 + between them 9 = 540

`style`, `place` and descriptions count in every shot of the scene, so a shorter style helps all of them.
""",
    ),
    Code(
        "SR305",
        "film off its length",
        """\
`length` is a promise: the film must be exactly this long. Scenes are added, and each dissolve, wipe or slide makes the
film shorter by its own length, because it shows two scenes at once. A fade through black takes nothing off.

```yaml
length: 30          # SR305: 8 + 8 + 15 - 0.5 (one dissolve) = 30.5
```

What is free gives first: the length of a card or a still, and the `trim` of a generated scene.
""",
    ),
    Code(
        "SR306",
        "trim leaves nothing",
        """\
`trim` and `speed` together leave no frame of the scene.

```yaml
trim: {in: 3.9, out: 4}
speed: 10           # SR306: a tenth of a second, ten times as fast
```
""",
    ),
    Code(
        "SR307",
        "clip of another board is not there yet",
        """\
`of: trailer/storm` means the take that the lock of the board `trailer` chose for `storm`. Where that board was not
rendered yet, or its take is not in the store, a slate of the same length stands in its place (a warning), and no scene
can begin on its last frame (an error).

```yaml
- id: hook
  clip: {of: trailer/storm, in: 0.5, out: 3}      # SR307
```

`storyreel render trailer` makes the takes of that board and writes its lock, `storyreel pick trailer storm N` chooses
another take. A file can be shown without a lock: `clip: {file: footage/storm.mp4, in: 0.5, out: 3}`.
""",
    ),
    Code(
        "SR308",
        "prompt template mentions an unknown element",
        """\
A prompt template of the project made words with an `@Name` that is not declared in `elements`.

```jinja
@Keeper: {{ shot.prompt }}
```

```jinja
@Mara: {{ shot.prompt }}
```

`@@` is a plain @.
""",
    ),
    Code(
        "SR309",
        "file changed while planning",
        """\
A file that was there when the board was checked could not be read when the film was planned: it was moved, removed or
replaced in between. Run the command again.
""",
    ),
    Code(
        "SR310",
        "line without a recording",
        """\
A narrator, a voice marked (V.O.) or (O.S.), and every line of a scene without generated audio are laid over the picture
by the cut. Where no `file` holds them, a scratch voice speaks: good enough to time a film, not to show one.

```yaml
say:
  - {who: narrator, line: Until tonight.}                                   # SR310, at a paid provider
```

```yaml
say:
  - {who: narrator, line: Until tonight., file: assets/vo/until_tonight.wav}
```
""",
    ),
    Code(
        "SR311",
        "parameter that the endpoint cannot honour",
        """\
Providers sell one model in several ways, and not each of them has every parameter: Replicate's kling-v3-video has no
`cfg_scale`, a start picture decides the shape, most endpoints begin on one picture. Nothing is dropped silently.

```yaml
cfg_scale: 0.7        # SR311 at replicate
```

Remove the key, or choose a provider that has it. `on_loss = "warn"` under `[render]` in storyreel.toml sends the
request without it and warns. `storyreel explain SCENE --board BOARD` lists what becomes of every parameter.
""",
    ),
    Code(
        "SR312",
        "element spelled out by its description",
        """\
The element has pictures, but where the request goes there is no place for them: its `description` stands in the
prompt instead, and the person will look a little different in each scene.

```yaml
elements:
  Mara: {description: "woman, 34", image: mara/front.png, references: [mara/left.png]}     # SR312
scenes:
  - {id: a, shots: [{duration: 4, prompt: "@Mara looks up"}]}
```

Two ways are better. A scene with a start picture takes elements along, at fal:

```yaml
  - {id: a, start: mara/on_the_gallery.png, shots: [{duration: 4, prompt: "@Mara looks up"}]}
```

And `model: kling-o3` takes them without one.
""",
    ),
    Code(
        "SR313",
        "end picture with several shots",
        """\
At fal, a request arrives at an `end` picture only where it has one prompt.

```yaml
- id: a
  start: one.png
  end: two.png          # SR313
  shots: [{duration: 3, prompt: A hand.}, {duration: 3, prompt: A boat.}]
```

Make a scene of its own of the last shot, which begins where the one before it ends:

```yaml
- {id: a, start: one.png, shots: [{duration: 3, prompt: A hand.}]}
- {id: b, start: previous, end: two.png, shots: [{duration: 3, prompt: A boat.}]}
```
""",
    ),
    Code(
        "SR314",
        "end picture without a start in its request",
        """\
A scene that is longer than one request is bought in parts: its start picture belongs to the first, its end picture to
the last. No endpoint takes an end picture alone.

```yaml
- id: a
  start: one.png
  end: two.png          # SR314: two requests of 10 s
  shots: [{duration: 10, prompt: A hand.}, {duration: 10, prompt: A boat.}]
```

Make the parts scenes of their own; the second begins on the last frame of the first:

```yaml
- {id: a, start: one.png, shots: [{duration: 10, prompt: A hand.}]}
- {id: b, start: previous, end: two.png, shots: [{duration: 10, prompt: A boat.}]}
```
""",
    ),
    Code(
        "SR315",
        "voice that cannot be bound",
        """\
An element speaks in its own voice (`voice.id`, or one made from `voice.sample`) only at fal, only where it goes along
as a video, and only one in a request. Everywhere else the model chooses a voice by the `tone`.

```yaml
elements:
  Mara:
    image: mara/front.png
    references: [mara/left.png]
    voice: {id: vo_123}            # SR315: pictures
```

```yaml
elements:
  Mara: {video: mara/turns.mp4, voice: {id: vo_123}}
```

`on_loss = "warn"` under `[render]` sends the request without the voice.
""",
    ),
    Code(
        "SR316",
        "extra names a field that is filled in",
        """\
`extra` is passed to the provider as it is, beside what storyreel fills in. It cannot replace that.

```yaml
extra: {duration: 8}          # SR316
```

Use the board's own key; for the number of takes that is `takes`, not `n`.
""",
    ),
    Code(
        "SR317",
        "model that the provider does not sell",
        """\
Not every provider has every model in every tier: a 4k scene of kling-v3 is sold by fal and by Replicate, and not
through Lumenfall.

```yaml
tier: 4k              # SR317 at lumenfall
```

Choose another tier or model, or another provider.
""",
    ),
    Code(
        "SR318",
        "prompt template makes no words",
        """\
A prompt template of the project rendered a shot to nothing, and a request needs a prompt.

```jinja
{% if shot.camera %}{{ shot.prompt }}{% endif %}
```

```jinja
{{ shot.prompt }}{% if shot.camera %} Camera: {{ shot.camera }}.{% endif %}
```
""",
    ),
    Code(
        "SR319",
        "held scene whose words changed",
        """\
A take that was approved with `storyreel pick BOARD SCENE N --hold` stays in the film though the words of its scene
change. Nothing is bought, and the film no longer shows what the board says.

```yaml
- id: storm             # SR319 after `pick trailer storm 2 --hold`
  shots: [{duration: 5, prompt: The lamp goes out.}]      # was: The lamp gutters.
```

`storyreel release trailer storm` lets the scene follow its words again, and the plan shows what that costs.
""",
    ),
    Code(
        "SR320",
        "held take shorter than its scene",
        """\
A held take is as long as it was bought. Where its scene has become longer, the last frame stands still for the rest.

```yaml
- id: storm             # held, bought with 4 seconds
  shots: [{duration: 6, prompt: The lamp gutters.}]       # SR320
```

Make the scene shorter, or `storyreel release` it and buy it anew.
""",
    ),
    Code(
        "SR321",
        "held scene that is not found",
        """\
A hold stays with the name of its scene, and with its words where only the name changed. Here neither is found any more,
and a scene that is new would be bought: perhaps it is the same one, under another name and with other words.

```yaml
- id: gale              # SR321: was storm, held by `storyreel pick trailer storm 2 --hold`
  shots: [{duration: 5, prompt: Everybody runs for the boats.}]      # was: The lamp gutters and dies.
```

Call the scene by its old name and it shows its held take again. If it is gone for good, nothing has to be done: the
next render writes a lock without it.
""",
    ),
    Code(
        "SR330",
        "sound shorter than it should reach",
        """\
`audio_lead` lets a scene's sound begin before its picture, `audio_lag` lets it go on after it. That sound comes out of
the scene's own take: what it holds before the first frame that is shown, and after the last. Where there is less, the
sound reaches as far as there is.

```yaml
- id: storm
  audio_lead: 0.5       # SR330: the whole take is shown, nothing lies before its first frame
  shots: [{duration: 5, prompt: The lamp gutters.}]
```

A `trim` leaves what it does not show to the sound:

```yaml
- id: storm
  audio_lead: 0.5
  trim: {in: 0.5}
  shots: [{duration: 5, prompt: The lamp gutters.}]
```

A film's first scene has nothing before it to lead into, and its last nothing after it.
""",
    ),
)
