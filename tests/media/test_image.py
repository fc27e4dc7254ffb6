"""Pictures are known by their content, measured before they are decoded, and never a traceback."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyreel.media.failed import MediaFailed
from storyreel.media.image import open_image
from storyreel.media.picture import PictureSize, picture_size

FORMATS = ("PNG", "JPEG", "WEBP")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def size_of(data: bytes) -> PictureSize | None:
    return picture_size(io.BytesIO(data), len(data))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *rest: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(rest) + chunk(b"IEND", b"")


def gradient(width: int = 41, height: int = 30) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_held_sideways_is_seen_upright(tmp_path: Path, kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "shot").write_bytes(encoded(gradient(), kind, exif=exif))
    image = open_image(tmp_path / "shot")
    expected = (30, 41) if orientation > 4 else (41, 30)
    assert image.size == expected
    assert size_of((tmp_path / "shot").read_bytes()) == (*expected, orientation)
    dark = {1: "top", 2: "top", 3: "bottom", 4: "bottom", 5: "left", 6: "right", 7: "right", 8: "left"}[orientation]
    edge = {"top": (5, 1), "bottom": (5, -2), "left": (1, 5), "right": (-2, 5)}[dark]
    seen = image.getpixel((edge[0] % image.width, edge[1] % image.height))
    assert isinstance(seen, tuple)
    assert seen[0] < 60


@pytest.mark.parametrize(
    ("mode", "opened"),
    [("1", "RGB"), ("L", "RGB"), ("P", "RGB"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("LA", "RGBA")],
)
def test_every_mode_becomes_rgb_or_rgba(tmp_path: Path, mode: str, opened: str) -> None:
    (tmp_path / "a.png").write_bytes(encoded(Image.new(mode, (8, 8)), "PNG"))
    assert open_image(tmp_path / "a.png").mode == opened


def test_sixteen_bit_grey_keeps_its_range(tmp_path: Path) -> None:
    ramp = Image.fromarray(np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, 256))
    (tmp_path / "a.png").write_bytes(encoded(ramp, "PNG"))
    grey = np.asarray(open_image(tmp_path / "a.png"))[0, :, 0]
    assert np.abs(grey.astype(int) - np.arange(256)).max() <= 1


def test_print_colours_are_converted(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(Image.new("CMYK", (8, 8)), "JPEG"))
    assert open_image(tmp_path / "a.jpg").mode == "RGB"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.png", b""),
        ("page.png", b"<html><body>404</body></html>"),
        ("playlist.jpg", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("film.png", b"\0\0\0\x20ftypisom" + bytes(64)),
        ("bomb.png", png(20_000, 20_000, chunk(b"IDAT", zlib.compress(bytes(1000))))),
        ("just-over.png", png(8_000, 5_001, chunk(b"IDAT", b""))),
        ("nothing.png", png(0, 10)),
        ("two-heads.png", png(8, 8, chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)))),
        ("negative-length.png", b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR" + bytes(40)),
        ("eps.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"),
        ("fits.png", b"SIMPLE  =                    T" + bytes(2880)),
        ("gif.png", b"GIF89a" + bytes(30)),
        ("tiny.jpg", b"\xff\xd8\xff"),
        ("loop.jpg", b"\xff\xd8\xff\xe0\0\0" + bytes(100)),
        ("webp-canvas.webp", b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + bytes(8)),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert size_of(data) is None
    with pytest.raises(MediaFailed, match=f"^{name} is not a whole PNG, JPEG or WebP picture"):
        open_image(tmp_path / name)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_cut_short_is_seen_without_decoding_it(kind: str) -> None:
    whole = encoded(gradient(400, 300), kind)
    assert size_of(whole) is not None
    for part in (0.2, 0.5, 0.99):
        assert size_of(whole[: int(len(whole) * part)]) is None


def test_a_picture_that_hides_its_size_is_damaged(tmp_path: Path) -> None:
    data = png(8, 8, chunk(b"IDAT", zlib.compress(bytes(10))))
    (tmp_path / "thin.png").write_bytes(data)
    with pytest.raises(MediaFailed, match=r"^thin\.png is damaged"):
        open_image(tmp_path / "thin.png")


def test_files_that_are_not_there_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match=r"^gone\.png cannot be read"):
        open_image(tmp_path / "gone.png")
    with pytest.raises(MediaFailed, match="cannot be read"):
        open_image(tmp_path)
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(MediaFailed, match=r"^large\.png is larger than 50 MB"):
        open_image(tmp_path / "large.png")


@pytest.mark.parametrize("kind", FORMATS)
def test_flipped_bytes_never_surprise(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(gradient(), kind, exif=exif)
    chance = random.Random(kind)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "picture").write_bytes(data)
        with contextlib.suppress(MediaFailed):
            assert open_image(tmp_path / "picture").mode in ("RGB", "RGBA")
