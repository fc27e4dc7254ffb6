"""A stage full of everything the page can show, over two reels that ffmpeg draws: for tests, and for looking at it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.watch.spec import Media
from storyreel.watch.twin import MemoryStage

FPS = 24
SCENES = (
    ("storm", "shots", 192, ("cut", 0)),
    ("stairs", "shots", 192, ("dissolve", 12)),
    ("sea", "shots", 96, ("dissolve", 12)),
    ("lamp", "shots", 192, ("cut", 0)),
    ("title", "card", 72, ("fade", 12)),
)


def draw(file: Path, seconds: float, *, source: str = "testsrc2", size: str = "320x180") -> Path:
    """A reel of ffmpeg's own pictures, with a tone."""
    picture = ["-f", "lavfi", "-i", f"{source}=size={size}:rate={FPS}"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=220:beep_factor=4:sample_rate=48000"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "24", "-c:a", "aac"]
    args = [*picture, *sound, *coded, "-t", str(seconds), "-movflags", "+faststart", str(file)]
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *args], check=True)
    return file


def example(folder: Path) -> MemoryStage:
    """A film of 30 seconds: each scene stands differently."""
    stage = MemoryStage()
    stage.files["reel1"] = Media(draw(folder / "one.mp4", 30), "video/mp4")
    stage.files["reel2"] = Media(draw(folder / "two.mp4", 30, source="smptehdbars"), "video/mp4")
    stage.files["take1"] = stage.files["reel1"]
    stage.files["take2"] = stage.files["reel2"]
    wave = folder / "one.wave"
    wave.write_bytes(bytes((i * 37) % 200 + 20 for i in range(1500)))
    stage.files["wave"] = Media(wave, "application/octet-stream")
    stage.board = board()
    stage.films["f1"] = film()
    for number in range(1, len(SCENES) + 1):
        stage.scenes["f1", number] = scene(number)
    return stage


def board(**more: Any) -> dict[str, Any]:
    return {
        "board": "storyboards/last_lamp.yaml",
        "title": "The Last Lamp",
        "condition": "pending",
        "phase": "ready",
        "words": "2 scenes changed, 1.26 USD to make",
        "errors": 0,
        "warnings": 0,
        "findings": [],
        "notes": [],
        "prices_as_of": "2026-11-01",
        "buying": {"is_on": False, "ceiling_usd": None, "spent_usd": "0.00", "takes": 2, "price": "1.26 USD"},
        "films": [line()],
    } | more


def line(**more: Any) -> dict[str, Any]:
    return {
        "id": "f1",
        "name": "last_lamp",
        "title": "The Last Lamp",
        "seconds": 30,
        "length": "30 s",
        "size": "1280 × 720",
        "shape": 1.7778,
        "standing": "generating",
        "word": "generating",
        "price": "1.26 USD",
        "is_over_budget": False,
        "is_current": True,
        "loop": None,
        "poster": None,
    } | more


STANDINGS = ("cached", "generating", "animatic", "failed", "local")


def film(reel: str = "reel1", **more: Any) -> dict[str, Any]:
    rows, end = [], 0
    for number, ((name, kind, frames, (how, length)), standing) in enumerate(zip(SCENES, STANDINGS, strict=True), 1):
        overlap = length if how == "dissolve" else 0
        start = end - overlap
        end = start + frames
        doing = {"elapsed_s": 21.0, "usual_s": 48.0, "progress": None, "provider": "fal", "words": ""}
        rows.append(
            {
                "id": name,
                "number": number,
                "kind": kind,
                "chapter": None,
                "start": start,
                "end": end,
                "transition": {"kind": how, "frames": length, "overlap": overlap},
                "shots": [[0, frames // 2], [frames // 2, frames]] if kind == "shots" else [],
                "standing": standing,
                "word": standing,
                "doing": doing if standing == "generating" else {},
                "price": "0.63 USD" if standing == "animatic" else "",
                "is_changed": standing == "animatic",
                "takes": 2 if number == 1 else 1,
                "strip": None,
            }
        )
    cut = [[row["id"], row["start"], row["end"]] for row in rows]
    money = {
        "paid": "2.52", "to_make": "1.26", "whole": "3.78", "budget": "6.00", "is_over": False,
        "paid_share": 0.42, "to_make_share": 0.21, "budget_share": 1.0,
    }  # fmt: skip
    return {
        **line(),
        "frames": end,
        "fps": float(FPS),
        "width": 1280,
        "height": 720,
        "rate": "24",
        "reel": {"id": reel, "frames": end, "fps": float(FPS), "wave": "wave", "wave_hz": 50, "scenes": cut},
        "money": money,
        "scenes": rows,
        "notes": [],
    } | more


def take(number: int, **more: Any) -> dict[str, Any]:
    return {
        "take": number,
        "part": None,
        "is_chosen": number == 1,
        "standing": "cached",
        "word": "cached",
        "doing": {},
        "file": f"take{number}",
        "strip": None,
        "is_held": False,
        "is_paid": True,
        "provider": "fal",
        "paid": "0.63 USD",
        "note": "",
        "price": "",
    } | more


def scene(number: int, **more: Any) -> dict[str, Any]:
    row = film()["scenes"][number - 1]
    prompt = "@Mara grips the wet rail, turns from the sea and looks up at the dead glass, rain running down her face."
    reason = {
        "standing": row["standing"], "word": row["word"], "action": "generate", "reason": "shot 2 changed",
        "provider": "fal", "endpoint": "fal-ai/kling-video/v3/standard/text-to-video", "seconds": "8 s",
        "price": row["price"], "paid": "", "key": "1f" * 6, "take": 1, "doing": row["doing"],
    }  # fmt: skip
    request = {
        "endpoint": "fal-ai/kling-video/v3/standard/text-to-video",
        "seconds": 8,
        "price": "0.63 USD",
        "body": '{\n  "multi_prompt": [\n    {"prompt": "@Element1 grips the wet rail", "duration": "4"}\n  ]\n}',
        "shots": [{"number": 1, "seconds": 4, "text": f"Wide, slow push-in. {prompt}"}],
        "parameters": [
            {"name": "tier", "value": "standard", "treatment": "converted", "detail": "part of the endpoint"},
            {"name": "elements", "value": "Mara", "treatment": "renamed", "detail": "`elements`"},
            {"name": "style", "value": "35mm film", "treatment": "emulated", "detail": "joined to each prompt"},
            {"name": "cfg_scale", "value": "0.5", "treatment": "passthrough", "detail": ""},
        ],
        "problems": [],
    }
    return {
        "id": row["id"],
        "number": number,
        "kind": row["kind"],
        "place": "the iron gallery of a lighthouse above a black sea",
        "chapter": "",
        "length": f"{(row['end'] - row['start']) / FPS:g} s",
        "start": row["start"],
        "end": row["end"],
        "transition": row["transition"]["kind"],
        "standing": row["standing"],
        "word": row["word"],
        "price": row["price"],
        "why": [reason],
        "notes": [],
        "takes": [take(n) for n in range(1, row["takes"] + 1)] if row["kind"] == "shots" else [],
        "shots": [
            {"number": n, "id": "", "length": "4 s", "camera": "medium, handheld", "prompt": prompt, "lines": []}
            for n in range(1, len(row["shots"]) + 1)
        ],
        "routes": [{"provider": name, "requests": [request]} for name in ("fal", "replicate")],
    } | more


def finding(**more: Any) -> dict[str, Any]:
    return {
        "code": "SR104",
        "severity": "error",
        "message": "unknown element `@Mira`",
        "label": "not declared in `elements`",
        "place": "storyboards/last_lamp.yaml:42:14",
        "excerpt": [
            {"number": 41, "before": "        camera: medium, handheld", "marked": "", "after": ""},
            {"number": 42, "before": '        prompt: "', "marked": "@Mira", "after": ' opens the door"'},
            {"number": 43, "before": "        say:", "marked": "", "after": ""},
        ],
        "hints": ["did you mean `@Mara`? (declared at storyboards/last_lamp.yaml:7:3)"],
    } | more
