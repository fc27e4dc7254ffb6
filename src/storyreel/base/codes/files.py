"""Codes of the stage 'language': files that a board names, and warnings about what has no effect."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended

FILES: tuple[Code, ...] = (
    Code("SR128", "no such file", mended(
        """
        Paths are relative to the project's root: the folder of `storyreel.toml` or, without one, the folder above
        `storyboards/`. They use forward slashes and stay inside the project.
        """,
        "image: ../assets/mara/front.png",
        "image: assets/mara/front.png",
    )),
    Code("SR129", "not a file that can be used", mended(
        """
        What a file is, is found by looking into it, never by its name. Pictures are PNG, JPEG or WebP. A path that
        leaves the project, also through a link, is refused.
        """,
        "still: {image: stills/desk.pdf, duration: 3}",
        "still: {image: stills/desk.png, duration: 3}",
    )),
    Code("SR130", "a file that models refuse", mended(
        """
        Models take pictures of at least 300 pixels a side, not narrower than 0.40 and not wider than 2.50, of at
        most 10 MB; videos of an element of 3 to 10 seconds with sides of 720 to 2160 pixels; voice samples of 5 to
        30 seconds. This is a warning, for the animatic takes them all.
        """,
        "image: assets/mara/thumb.png      # 128 x 128",
        "image: assets/mara/front.png      # 1024 x 1024",
    )),
    Code("SR131", "a start picture of another shape", mended(
        """
        Where a scene starts on a picture, the picture decides the shape of the take, and the cut crops it to the
        film's. Crop the picture yourself to choose what is lost. This is a warning.
        """,
        """
        aspect_ratio: "9:16"
        scenes:
          - id: sea
            start: assets/wide.png         # 1920 x 1080
        """,
        """
        aspect_ratio: "9:16"
        scenes:
          - id: sea
            start: assets/tall.png         # 1080 x 1920
        """,
    )),
    Code("SR132", "without effect", mended(
        """
        The key is known here and changes nothing: what is drawn here is not generated, and a bound voice without
        generated sound is billed and silent. This is a warning.
        """,
        """
        - id: title
          takes: 3
          card: {title: THE END, duration: 2}
        """,
        """
        - id: title
          card: {title: THE END, duration: 2}
        """,
    )),
    Code("SR133", "not a language tag", mended(
        "A language is written as its tag: `en`, `de`, `pt-BR`.",
        "language: german",
        "language: de",
    )),
    Code("SR134", "a language that the model does not speak", mended(
        """
        Kling's voices speak Chinese and English; lines in other languages come out in English. Lay recorded lines
        on the sound bed, or have them spoken there: then the picture is generated without sound. This is a warning.
        """,
        """
        language: de
        generate_audio: true
        """,
        """
        language: de
        generate_audio: false
        """,
    )),
    Code("SR135", "not a clip", mended(
        """
        A clip is a stretch of a `file`, or of the chosen take `of` a scene on another board, written board/scene.
        """,
        "clip: {of: storm, in: 0.5, out: 3}",
        "clip: {of: trailer/storm, in: 0.5, out: 3}",
    )),
    Code("SR136", "nothing says how an element looks", mended(
        """
        An element is described in words, by pictures, or by a video. Without any of them its name alone reaches the
        model. This is a warning.
        """,
        """
        elements:
          Mara: {voice: {tone: low}}
        """,
        """
        elements:
          Mara: {description: "woman, 34, navy coat", voice: {tone: low}}
        """,
    )),
)  # fmt: skip
