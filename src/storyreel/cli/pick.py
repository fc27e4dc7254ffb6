"""`pick` and `release`: which take is in the film, and whether it stays there; the ripple and its price come first."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, HELD, REFUSED, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.choosing import Choice, Follower
    from storyreel.driver.project import Compiled, Project


@dataclass(frozen=True, slots=True)
class Picking:
    """What the command line asks of a pick."""

    board: str
    scene: str
    take: int
    part: int | None = None
    film: str | None = None
    is_held: bool = False
    note: str | None = None
    is_agreed: bool = False
    as_json: bool = False


def pick(common: Common, wish: Picking) -> int:
    """Put a take into the film. Where that makes other scenes ask for new takes, somebody has to say yes."""
    from storyreel.driver.choosing import Pick, picked

    def choose(project: Project, compiled: Compiled) -> Choice:
        chosen = Pick(wish.scene, wish.take, wish.part, wish.is_held, wish.note)
        return picked(project, compiled, chosen)

    def told(choice: Choice) -> str:
        where = f"part {wish.part} of {wish.scene}" if wish.part is not None else wish.scene
        held = ", held" if choice.is_held else ""
        return f"take {wish.take} of {where} is in {_films(choice.films)}{held}"

    return _write(common, wish, choose, told, is_asking=True, doing="pick")


def release(common: Common, board: str, scene: str, film: str | None, as_json: bool) -> int:
    """Take the hold off; what its words would cost is told, and bought by a render that is asked to."""
    from storyreel.driver.choosing import released

    wish = Picking(board, scene, 0, film=film, is_agreed=True, as_json=as_json)

    def told(choice: Choice) -> str:
        return f"{scene} follows its words again, in {_films(choice.films)}"

    return _write(
        common,
        wish,
        lambda project, compiled: released(project, compiled, scene),
        told,
        is_asking=False,
        doing="release",
    )


def _write(
    common: Common,
    wish: Picking,
    choose: Callable[[Project, Compiled], Choice],
    told: Callable[[Choice], str],
    *,
    is_asking: bool,
    doing: str,
) -> int:
    from storyreel.cli.render import known_scenes
    from storyreel.driver.choosing import NotChosen
    from storyreel.driver.locks import lock_file, write_lock
    from storyreel.driver.sellers import paid_provider
    from storyreel.render.hold import HeldByAnother, hold

    project = common.open()
    path = common.board(project, wish.board)
    try:
        with hold(project.work, doing):
            compiled = compile_board(project, path, paid_provider(project.settings), wish.film)
            if compiled.plan is None:
                print_diagnostics(common, project, compiled.diagnostics)
                return FAILED
            known_scenes(compiled, [wish.scene])
            choice = choose(project, compiled)
            for line in ripple_text(choice, wish.scene):
                common.hint(line)
            is_agreed = not choice.to_make or wish.is_agreed or not is_asking or _ask(choice)
            if is_agreed:
                write_lock(project.root, compiled.path, choice.lock)
    except NotChosen as refused:
        raise Stop(USAGE, str(refused)) from None
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None
    if wish.as_json:
        name = lock_file(project.root, compiled.path).relative_to(project.root).as_posix()
        document = choice_document(wish.scene, wish.take or None, choice)
        print(json.dumps(document | {"lock": name, "is_written": is_agreed}, indent=2, ensure_ascii=False))
    if not is_agreed:
        raise Stop(REFUSED, f"nothing was written: {bill_of(choice)}; say --yes to choose it all the same")
    if not wish.as_json:
        print(told(choice))
    if choice.absent:
        common.hint("its bytes are not in the store here: a render here will miss it")
    return DONE


def choice_document(scene: str, take: int | None, choice: Choice) -> dict[str, Any]:
    """The choice as plain JSON."""
    from storyreel.base.money import usd_text

    return {
        "scene": scene,
        "take": take,
        "films": list(choice.films),
        "is_held": choice.is_held,
        "ripple": [
            {
                "scene": one.scene,
                "films": list(one.films),
                "takes": [{"key": part.key, "take": part.take} for part in one.to_make],
                "cost_usd": usd_text(one.cost_usd),
            }
            for one in choice.ripple
        ],
        "ripple_usd": usd_text(choice.cost_usd),
    }


def ripple_text(choice: Choice, picked: str) -> list[str]:
    """One line for each scene that asks for other takes then, and the sum."""
    if not choice.ripple:
        return []
    lines = ["what follows from it:", *(f"  {_follower(one)}" for one in choice.ripple)]
    if choice.to_make:
        others = any(one.scene != picked for one in choice.ripple)
        keeps = "; `freeze: true` on a scene that goes on from it keeps what it has" if others else ""
        lines.append(f"  {bill_of(choice)}{keeps}")
    return lines


def bill_of(choice: Choice) -> str:
    """What the next render would buy because of it."""
    from storyreel.base.money import usd_label

    count = len(choice.to_make)
    return f"the next render would buy {count} {'take' if count == 1 else 'takes'} for {usd_label(choice.cost_usd)}"


def _follower(one: Follower) -> str:
    from storyreel.base.money import usd_label

    if not one.to_make:
        return f"{one.scene}: another take, which is there already"
    provider = one.to_make[0].provider
    return f"{one.scene}: made again at {provider}, {usd_label(one.cost_usd)}"


def _films(films: tuple[str, ...]) -> str:
    if len(films) == 1:
        return f"1 film ({films[0]})"
    shown = ", ".join(films[:5]) + (f" and {len(films) - 5} more" if len(films) > 5 else "")
    return f"{len(films)} films ({shown})"


def _ask(choice: Choice) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{bill_of(choice)}. Choose it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
