"""Three short pieces, synthesised from sines and noise: a trailer's score, an advertisement's bed, a barcarolle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

HZ = 48_000
Sound = np.ndarray
"""Floats, one row a sample, left and right."""

_NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def pitch(name: str) -> float:
    """Hertz of `A4`, `Bb2`, `F#3`."""
    semitone = _NAMES[name[0]] + {"b": -1, "#": 1}.get(name[1], 0)
    return 440.0 * 2 ** ((semitone - 9) / 12 + int(name[-1]) - 4)


def silence(seconds: float) -> Sound:
    return np.zeros((round(seconds * HZ), 2))


def clock(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * HZ)) / HZ


def lay(bed: Sound, at: float, voice: np.ndarray, gain: float = 1.0, pan: float = 0.0) -> None:
    """Add a mono voice at a time, panned from -1 (left) to 1, cut at the end of the bed."""
    start = round(at * HZ)
    n = min(len(voice), len(bed) - start)
    if n <= 0:
        return
    angle = (pan + 1) * np.pi / 4
    bed[start : start + n, 0] += voice[:n] * gain * np.cos(angle) * 1.414
    bed[start : start + n, 1] += voice[:n] * gain * np.sin(angle) * 1.414


def swell(t: np.ndarray, points: Sequence[tuple[float, float]]) -> np.ndarray:
    """A level through (second, level) points, eased so that no corner is heard."""
    times, levels = zip(*points, strict=True)
    raw = np.interp(t, times, levels)
    width = round(0.08 * HZ)
    return np.convolve(np.pad(raw, width, mode="edge"), np.hanning(width) / np.hanning(width).sum(), "same")[
        width:-width
    ]


def strings(
    hz: float,
    seconds: float,
    rng: np.random.Generator,
    *,
    bright: float = 0.35,
    attack: float = 0.8,
    release: float = 1.0,
) -> np.ndarray:
    """A section of five players, each a little off and with a vibrato of their own."""
    t = clock(seconds)
    out = np.zeros_like(t)
    for _ in range(5):
        drift = hz * 2 ** (rng.uniform(-7, 7) / 1200)
        wobble = 2 ** (4.5 / 1200 * np.sin(2 * np.pi * rng.uniform(4.3, 5.4) * t + rng.uniform(0, 6.28)))
        phase = 2 * np.pi * np.cumsum(drift * wobble) / HZ + rng.uniform(0, 6.28)
        for n in range(1, 15):
            if hz * n > 9000:
                break
            out += np.sin(n * phase) / n * np.exp(-n * (1 - bright) * 0.42)
    shape = np.minimum(1, t / attack) * np.minimum(1, (t[-1] - t) / release + 1e-9)
    return out / 5 * np.sin(shape * np.pi / 2) ** 2


def bell(hz: float, seconds: float) -> np.ndarray:
    t = clock(seconds)
    partials = (
        (0.5, 0.5, 1.0),
        (1, 1, 0.9),
        (1.19, 0.5, 1.3),
        (1.5, 0.3, 1.6),
        (2, 0.6, 1.7),
        (2.74, 0.25, 3),
        (3.76, 0.12, 5),
    )
    out = sum(a * np.sin(2 * np.pi * hz * k * t) * np.exp(-t * d * 1.1) for k, a, d in partials)
    return np.asarray(out) * np.minimum(1, t / 0.004) * np.minimum(1, (seconds - t) / 0.3)


def thump(low: float, seconds: float = 0.9, drop: float = 2.2) -> np.ndarray:
    """A felt mallet on a great drum."""
    t = clock(seconds)
    phase = 2 * np.pi * np.cumsum(low * (1 + (drop - 1) * np.exp(-t * 26))) / HZ
    return (
        np.sin(phase) * np.exp(-t * 5.2 / seconds * 0.9) * np.minimum(1, t / 0.006) * np.minimum(1, (seconds - t) / 0.1)
    )


def breath(seconds: float, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    """Noise between two frequencies: wind, surf, a brush."""
    n = round(seconds * HZ)
    spectrum = np.fft.rfft(rng.normal(0, 1, n))
    f = np.fft.rfftfreq(n, 1 / HZ)
    band = 1 / (1 + (low / np.maximum(f, 1)) ** 4) / (1 + (f / high) ** 4)
    out = np.fft.irfft(spectrum * band, n)
    return out / np.abs(out).max()


def piano(hz: float, seconds: float, force: float) -> np.ndarray:
    """A string struck softly: stretched partials, the high ones first to go, a little of the hammer."""
    t = clock(seconds)
    out = np.zeros_like(t)
    stiff = 0.00035 * (hz / 260) ** 1.3
    for n in range(1, 16):
        f = hz * n * np.sqrt(1 + stiff * n * n)
        if f > 10_000:
            break
        level = np.exp(-(n - 1) * (0.62 - 0.26 * force)) / n**0.35
        fall = (0.55 + 0.3 * n) * (hz / 260) ** 0.45
        for side in (-0.4, 0.4):
            out += (
                level
                * np.sin(2 * np.pi * (f + side) * t + n * 0.7)
                * (0.72 * np.exp(-t * fall * 1.7) + 0.28 * np.exp(-t * fall * 0.55))
            )
    knock = np.sin(2 * np.pi * 92 * t) * np.exp(-t * 60) * 0.5
    return (out * 0.5 + knock) * force * np.minimum(1, t / 0.0035) * np.minimum(1, (seconds - t) / 0.12)


def pluck(hz: float, seconds: float = 1.2) -> np.ndarray:
    """A kalimba's tongue."""
    t = clock(seconds)
    out = np.sin(2 * np.pi * hz * t) * np.exp(-t * 4.2) + 0.35 * np.sin(2 * np.pi * hz * 2.0 * t) * np.exp(-t * 8)
    out += 0.16 * np.sin(2 * np.pi * hz * 5.4 * t) * np.exp(-t * 26)
    return out * np.minimum(1, t / 0.002) * np.minimum(1, (seconds - t) / 0.1)


def room(dry: Sound, seconds: float, wet: float, rng: np.random.Generator, dark: float = 5200) -> Sound:
    """The dry sound in a room that rings this long."""
    t = clock(seconds)
    n = len(dry) + len(t)
    f = np.fft.rfftfreq(n, 1 / HZ)
    tone = 1 / (1 + (f / dark) ** 2) / (1 + (110 / np.maximum(f, 1)) ** 2)
    out = dry.copy()
    for side in (0, 1):
        tail = rng.normal(0, 1, len(t)) * np.exp(-6.9 * t / seconds) * np.minimum(1, t / 0.012)
        tail /= np.sqrt((tail**2).sum())
        both = np.fft.rfft(dry[:, side], n) * np.fft.rfft(tail, n) * tone
        out[:, side] += wet * np.fft.irfft(both, n)[: len(dry)]
    return out


def finished(sound: Sound, fade_in: float = 0.02, fade_out: float = 0.6) -> Sound:
    """Peaks rounded off, silence at both ends."""
    sound = np.tanh(sound / np.abs(sound).max() * 1.25)
    t = clock(len(sound) / HZ)[:, None]
    edge = np.minimum(1, t / fade_in) * np.minimum(1, (t[-1] - t) / fade_out)
    return sound / np.abs(sound).max() * np.sin(edge * np.pi / 2)


# -- The Last Lamp ---------------------------------------------------------------------------------------------------


def last_lamp() -> Sound:
    """30 s: a drone and a buoy; a heartbeat on the stairs; one held note at sea; a rise, and the title at 27."""
    rng = np.random.default_rng(5)
    length, title = 30.0, 27.0
    t = clock(length)
    bed = silence(length)

    drone = sum(
        strings(pitch(n), length, rng, bright=0.1, attack=2.5, release=2.5) * g
        for n, g in (("D1", 0.8), ("D2", 1.0), ("A2", 0.45))
    )
    lay(
        bed,
        0,
        np.asarray(drone)
        * swell(
            t,
            [
                (0, 0.5),
                (6, 0.9),
                (8, 0.75),
                (15, 0.7),
                (15.8, 0.22),
                (19, 0.25),
                (26.6, 1.1),
                (26.9, 0.1),
                (27.1, 0.8),
                (30, 0.3),
            ],
        ),
        0.30,
    )
    wind = breath(length, 240, 900, rng) * (0.55 + 0.45 * np.sin(2 * np.pi * t / 6.3 - 1.2))
    lay(
        bed,
        0,
        wind * swell(t, [(0, 0.9), (7, 0.6), (8.5, 0.15), (15, 0.2), (16, 0.8), (19, 0.4), (20, 0.1), (30, 0.05)]),
        0.16,
        0.3,
    )
    for at, pan in ((0.6, 0.5), (4.4, 0.4), (15.6, -0.4)):
        lay(bed, at, bell(pitch("D4"), 4.5), 0.17, pan)

    # Chords, each voice of them alone, entering over one another.
    for at, end, notes, gain in (
        (1.5, 8.2, ("D3", "A3", "F4"), 0.16),
        (7.4, 11.8, ("Bb2", "F3", "D4", "F4"), 0.17),
        (11.4, 15.6, ("G2", "D3", "Bb3", "D4"), 0.18),
        (15.0, 19.6, ("A5",), 0.09),
        (19.0, 22.2, ("Bb2", "F3", "D4", "A4"), 0.17),
        (21.6, 24.6, ("C3", "G3", "E4", "C5"), 0.20),
        (24.1, 26.9, ("A2", "E3", "A3", "C#4", "E5"), 0.23),
    ):
        for k, note in enumerate(notes):
            voice = strings(pitch(note), end - at, rng, attack=0.9, release=0.7 if end < 26 else 0.15)
            lay(bed, at, voice, gain, (-0.5, 0.4, -0.2, 0.55, 0.0)[k % 5])
    # The line that everything hangs on: four notes down, then up.
    for at, note, hold in (
        (8.6, "D5", 1.8),
        (10.2, "C5", 1.6),
        (11.6, "Bb4", 2.0),
        (13.4, "A4", 2.2),
        (20.4, "A4", 1.6),
        (21.8, "Bb4", 1.5),
        (23.1, "C5", 1.4),
        (24.3, "E5", 2.5),
    ):
        lay(bed, at, strings(pitch(note), hold, rng, bright=0.5, attack=0.35, release=0.5), 0.11, 0.15)

    beats = [8.0 + k for k in range(7)] + [19.0 + k * 0.75 for k in range(6)] + [23.5 + k * 0.375 for k in range(9)]
    for k, at in enumerate(beats):
        lay(bed, at, thump(44, 0.9), 0.34 + 0.02 * k)
        if at < 16:
            lay(bed, at + 0.26, thump(40, 0.6), 0.2)
    # The rise into the title: air and a gliding tone, cut off a breath before it.
    up = clock(4.2)
    rising = breath(4.2, 500, 5200, rng) * (up / 4.2) ** 2.6
    glide = np.sin(2 * np.pi * np.cumsum(147 * 2 ** (2.0 * (up / 4.2) ** 1.6)) / HZ) * (up / 4.2) ** 2
    stop = np.minimum(1, (4.2 - up) / 0.06)
    lay(bed, title - 4.35, (rising * 0.34 + glide * 0.10) * stop)

    lay(bed, title, thump(33, 2.8, 3.0), 1.05)
    lay(bed, title, thump(55, 1.4, 2.0), 0.5)
    for k, note in enumerate(("D2", "A2", "D3", "A3", "D4", "F#4", "A4", "E5")):
        lay(
            bed,
            title,
            strings(pitch(note), 3.0, rng, bright=0.4, attack=0.03, release=2.4),
            0.15,
            (-0.5, 0.4, -0.2, 0.5)[k % 4],
        )
    lay(bed, title, bell(pitch("D5"), 3.0), 0.16, 0.2)
    return finished(room(bed, 3.2, 0.5, rng), fade_in=0.4, fade_out=1.2)


# -- Norra -----------------------------------------------------------------------------------------------------------


def norra() -> Sound:
    """15 s at 100 beats a minute: kalimba, a round bass, a brush and a snap."""
    rng = np.random.default_rng(6)
    length, beat = 15.0, 0.6
    bed = silence(length)
    chords = (
        ("C2", ("C4", "E4", "G4", "D5")),
        ("A1", ("A3", "C4", "E4", "C5")),
        ("F1", ("F3", "A3", "C4", "G4")),
        ("G1", ("G3", "B3", "D4", "A4")),
        ("A1", ("A3", "C4", "E4", "E5")),
        ("F1", ("F3", "A3", "E4", "C5")),
    )
    pattern = (0, 2, 1, 3, 2, 1, 3, 2)
    for bar, (root, notes) in enumerate(chords):
        start = bar * 4 * beat
        for k, which in enumerate(pattern):
            at = start + k * beat / 2 + (0.014 if k % 2 else 0)
            lay(bed, at, pluck(pitch(notes[which]) * 2), 0.26 * (1.0 if k % 4 == 0 else 0.72), 0.35 if k % 2 else -0.35)
        for at, hold in ((0, 1.1), (1.5, 0.5), (2, 1.0)):
            tone = clock(hold * beat)
            low = np.sin(2 * np.pi * pitch(root) * 2 * tone) + 0.3 * np.sin(2 * np.pi * pitch(root) * 4 * tone)
            lay(
                bed, start + at * beat, low * np.minimum(1, tone / 0.01) * np.minimum(1, (tone[-1] - tone) / 0.08), 0.17
            )
        for k in range(8):
            tick = clock(0.09)
            lay(
                bed,
                start + k * beat / 2,
                breath(0.09, 5000, 12000, rng) * np.exp(-tick * 60) * np.minimum(1, tick / 0.002),
                0.05 if k % 2 else 0.09,
                0.5,
            )
        if bar:
            for k in (1, 3):
                snap = clock(0.16)
                lay(
                    bed,
                    start + k * beat,
                    breath(0.16, 1400, 3600, rng) * np.exp(-snap * 42) * np.minimum(1, snap / 0.001),
                    0.22,
                    -0.25,
                )
                lay(bed, start + k * beat, pluck(1870, 0.16), 0.03, -0.25)
        for k, note in enumerate(notes[:3]):
            lay(
                bed,
                start,
                strings(pitch(note), 4 * beat + 0.3, rng, bright=0.15, attack=0.5, release=0.5),
                0.06,
                (-0.4, 0, 0.4)[k],
            )
    for k, note in enumerate(("C2", "C4", "G4", "C5", "E5", "D6")):
        lay(bed, 24 * beat + k * 0.03, pluck(pitch(note) * (1 if k == 0 else 2), 0.6), 0.3)
    return finished(room(bed, 1.1, 0.22, rng), fade_out=0.35)


# -- Paper Boat ------------------------------------------------------------------------------------------------------

_ROCK = {
    "Am": ("A2", "E3", "A3", "C4"),
    "F": ("F2", "C3", "A3", "C4"),
    "C": ("C3", "G3", "C4", "E4"),
    "G": ("G2", "D3", "G3", "B3"),
    "Dm": ("D3", "A3", "D4", "F4"),
    "E": ("E2", "B2", "E3", "G#3"),
    "C9": ("C2", "G2", "E3", "D4"),
}
_BARS = ("Am", "F", "C", "G", "Dm", "Am", "F", "C9")
_SONG = (
    (0, "E5", 4),
    (4, "D5", 1),
    (5, "C5", 1),
    (6, "A4", 5),
    (11, "C5", 1),
    (12, "G5", 3),
    (15, "E5", 2),
    (17, "D5", 1),
    (18, "B4", 5),
    (23, "C5", 1),
    (24, "D5", 3),
    (27, "F5", 2),
    (29, "E5", 1),
    (30, "C5", 4),
    (34, "B4", 1),
    (35, "A4", 1),
    (36, "A5", 3),
    (39, "G5", 2),
    (41, "F5", 1),
    (42, "E5", 5),
    (47, "D5", 1),
)


def paper_boat() -> Sound:
    """22.5 s: a barcarolle in 6/8, eight bars that rock, and one chord left to ring."""
    rng = np.random.default_rng(7)
    length, eighth = 22.5, 0.4
    bed = silence(length)

    def breathe(step: float) -> float:
        """Time of an eighth: the bar leans forward and waits at its end."""
        bar, place = divmod(step, 6)
        return 0.15 + (bar * 6 + place) * eighth + 0.02 * np.sin(np.pi * place / 6) + 0.012 * bar

    for bar, name in enumerate(_BARS):
        low, fifth, third, top = (pitch(n) for n in _ROCK[name])
        for k, hz in enumerate((low, fifth, third, top, third, fifth)):
            force = (0.5, 0.3, 0.34, 0.38, 0.3, 0.26)[k] * (1.12 if bar in (4, 5, 6) else 1)
            lay(bed, breathe(bar * 6 + k) + rng.uniform(0, 0.008), piano(hz, 2.6, force), 0.5, -0.3)
    for step, note, hold in _SONG:
        force = 0.62 + 0.12 * np.sin(step / 48 * np.pi) + (0.1 if hold > 3 else 0)
        lay(bed, breathe(step) + rng.uniform(0, 0.012), piano(pitch(note), hold * eighth + 1.6, force), 0.62, 0.25)
    end = breathe(48) + 0.1
    for k, note in enumerate(("C2", "G2", "E3", "D4", "G4", "E5", "C6")):
        lay(bed, end + k * 0.06, piano(pitch(note), length - end - k * 0.06, 0.5 - 0.03 * k), 0.6, (-0.3, 0.3)[k % 2])
    return finished(room(bed, 2.1, 0.3, rng, dark=4200), fade_in=0.05, fade_out=0.9)
