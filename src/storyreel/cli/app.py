"""The commands and their options. Every body imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from storyreel import __version__
from storyreel.cli.context import Common, amount
from storyreel.cli.journaling import jobs
from storyreel.cli.keeping import store
from storyreel.cli.options import (
    Board,
    Boards,
    Color,
    Container,
    Difference,
    Export,
    Film,
    Form,
    Json,
    Output,
    Provider,
    Quality,
    Scene,
    Shell,
)

app = typer.Typer(
    name="storyreel",
    help="Compile YAML storyboards to films. The storyboard is the source, the lock is the film.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(store, name="store")
app.add_typer(jobs, name="jobs")


def _print_version(asked: bool) -> None:
    if asked:
        print(f"storyreel {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    project: Annotated[Path | None, typer.Option(help="The project's folder; default: found upward from here.")] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only errors on standard error.")] = False,
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more.")] = 0,
    color: Annotated[Color, typer.Option(help="Colour in text output; NO_COLOR is honoured.")] = Color.auto,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Common(project, quiet, verbose, color.value)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.")] = Path()) -> None:
    """Make a small working project."""
    from storyreel.cli.starter import init as run

    raise typer.Exit(run(folder))


@app.command()
def check(
    context: typer.Context,
    boards: Boards = None,
    output_format: Annotated[Output, typer.Option(help="How diagnostics are written.")] = Output.full,
    film: Film = None,
) -> None:
    """Print every diagnostic of every variant."""
    from storyreel.cli.check import check as run

    raise typer.Exit(run(context.obj, boards or [], output_format.value, film))


@app.command()
def fmt(
    context: typer.Context,
    boards: Boards = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where a board would change.")] = False,
) -> None:
    """Put keys and layout in order; comments stay."""
    from storyreel.cli.fmt import fmt as run

    raise typer.Exit(run(context.obj, boards or [], check))


@app.command("compile")
def compile_(
    context: typer.Context,
    board: Board,
    provider: Provider = None,
    film: Film = None,
    form: Annotated[Form, typer.Option("--as", help="Data, or a program that sends them.")] = Form.json,
) -> None:
    """Print the exact requests on the wire; send nothing."""
    from storyreel.cli.compile import compile_requests as run

    raise typer.Exit(run(context.obj, board, provider, film, form.value))


@app.command()
def plan(
    context: typer.Context,
    board: Board,
    provider: Provider = None,
    film: Film = None,
    json: Json = False,
    detailed_exitcode: Annotated[bool, typer.Option("--detailed-exitcode", help="Exit 3 where there is work.")] = False,
    ask_prices: Annotated[
        bool, typer.Option("--ask-prices", help="Ask providers that name prices for nothing; else connects nowhere.")
    ] = False,
) -> None:
    """Show what would be made, why, by whom and for how much."""
    from storyreel.cli.plan import plan as run

    raise typer.Exit(run(context.obj, board, provider, film, json, detailed_exitcode, ask_prices))


@app.command()
def render(
    context: typer.Context,
    boards: Annotated[list[str], typer.Argument(help="Boards: paths or names.")],
    provider: Provider = None,
    film: Film = None,
    scene: Annotated[
        list[str] | None,
        typer.Option("--scene", metavar="ID", help="Make the takes of this scene only; again for more."),
    ] = None,
    locked: Annotated[
        bool, typer.Option("--locked", help="Buy nothing; refuse where something would have to be bought.")
    ] = False,
    no_buy: Annotated[bool, typer.Option("--no-buy", help="Buy nothing; show panels where takes are lacking.")] = False,
    rebuy: Annotated[
        list[str] | None,
        typer.Option("--rebuy", metavar="SCENE", help="Pay again for its locked takes where their bytes are gone."),
    ] = None,
    max_cost: Annotated[
        str | None, typer.Option("--max-cost", metavar="USD", help="Reserve no more than this; wins over max_cost.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Spend without asking.")] = False,
    container: Annotated[Container, typer.Option("--format", help="What the film is handed over in.")] = Container.mp4,
    quality: Annotated[
        Quality | None,
        typer.Option("--quality", help="Default: draft for panels, else final.", show_default=False),
    ] = None,
    poster: Annotated[bool, typer.Option("--poster", help="Also write one good frame as a PNG.")] = False,
    report: Annotated[bool, typer.Option("--report", help="Look at every join of the finished film.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where a join crosses a limit; reports too.")] = False,
    json: Json = False,
) -> None:
    """Make takes and reels."""
    from storyreel.cli.render import render as run
    from storyreel.cli.wish import Wish, delivery

    ceiling = amount(max_cost) if max_cost is not None else None
    raise typer.Exit(
        run(
            context.obj,
            Wish(
                boards,
                provider,
                film,
                tuple(scene or []),
                locked,
                frozenset(rebuy or []),
                no_buy,
                ceiling,
                yes,
                delivery(container.value, None if quality is None else quality.value, poster),
                report,
                strict,
                json,
            ),
        )
    )


@app.command()
def retake(
    context: typer.Context,
    board: Board,
    scene: Annotated[str, typer.Argument(help="A scene's id.")],
    count: Annotated[int, typer.Option("-n", min=1, max=20, help="How many candidates.")] = 1,
    note: Annotated[str | None, typer.Option("--note", help="Why; goes into the lock.")] = None,
    provider: Provider = None,
    max_cost: Annotated[
        str | None, typer.Option("--max-cost", metavar="USD", help="Reserve no more than this; wins over max_cost.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Spend without asking.")] = False,
    json: Json = False,
) -> None:
    """Buy one more candidate of a scene."""
    from storyreel.cli.retake import Again
    from storyreel.cli.retake import retake as run

    ceiling = amount(max_cost) if max_cost is not None else None
    raise typer.Exit(run(context.obj, Again(board, scene, count, note, provider, ceiling, yes, json)))


@app.command()
def watch(
    context: typer.Context,
    board: Board,
    provider: Provider = None,
    film: Film = None,
    render: Annotated[
        bool, typer.Option("--render", help="Also buy what an edit asks for, once it has rested.")
    ] = False,
    max_cost: Annotated[
        str | None, typer.Option("--max-cost", metavar="USD", help="Needed for --render: reserve no more than this.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Of the page; default: one that is free.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """Rebuild what changes, and show it on a live page."""
    from storyreel.cli.watch import watch as run

    ceiling = amount(max_cost) if max_cost is not None else None
    raise typer.Exit(run(context.obj, board, provider, film, render, ceiling, port, not no_open))


@app.command()
def takes(
    context: typer.Context,
    board: Board,
    scene: Annotated[str | None, typer.Option("--scene", metavar="ID", help="Only this scene.")] = None,
    film: Film = None,
    json: Json = False,
) -> None:
    """List candidates, as a table and as a contact sheet."""
    from storyreel.cli.takes import takes as run

    raise typer.Exit(run(context.obj, board, scene, film, json))


@app.command()
def pick(
    context: typer.Context,
    board: Board,
    scene: Scene,
    number: Annotated[int, typer.Argument(metavar="N", help="Which take, from 1.")],
    part: Annotated[int | None, typer.Option("--part", metavar="P", help="Only this part of a split scene.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="It stays though its words change.")] = False,
    note: Annotated[str | None, typer.Option("--note", help="Why; goes into the lock.")] = None,
    film: Film = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Choose it though other scenes are made again.")] = False,
    json: Json = False,
) -> None:
    """Put a take into the film."""
    from storyreel.cli.pick import Picking
    from storyreel.cli.pick import pick as run

    raise typer.Exit(run(context.obj, Picking(board, scene, number, part, film, hold, note, yes, json)))


@app.command()
def release(context: typer.Context, board: Board, scene: Scene, film: Film = None, json: Json = False) -> None:
    """Let a held scene follow its words again."""
    from storyreel.cli.pick import release as run

    raise typer.Exit(run(context.obj, board, scene, film, json))


@app.command()
def providers(
    context: typer.Context,
    stats: Annotated[bool, typer.Option("--stats", help="How each did here over the last 30 days.")] = False,
    name: Annotated[
        str | None, typer.Option("--try", metavar="NAME", help="Fetch a film that it makes up for nothing; keep none.")
    ] = None,
    json: Json = False,
) -> None:
    """Print who can make takes, at what price."""
    from storyreel.cli.providers import providers as run

    if name is not None:
        from storyreel.cli.trying import try_provider

        raise typer.Exit(try_provider(context.obj, name, json))
    raise typer.Exit(run(context.obj, stats, json))


@app.command()
def explain(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="SCENE|CODE", help="A scene's id, or a diagnostic code such as SR104.")
    ],
    board: Annotated[str | None, typer.Option("--board", help="The board of the scene.")] = None,
    provider: Provider = None,
    film: Film = None,
    json: Json = False,
) -> None:
    """Say why a scene is or is not made again, or what a code means."""
    from storyreel.cli.explain import explain as run

    raise typer.Exit(run(context.obj, what, board, provider, film, json))


@app.command()
def diff(
    context: typer.Context,
    revision: Annotated[str, typer.Argument(metavar="[REV]", help="A git revision.", show_default=False)] = "HEAD",
    boards: Boards = None,
    provider: Provider = None,
    film: Film = None,
    form: Annotated[Difference, typer.Option("--format", help="github: a comment in Markdown.")] = Difference.text,
    json: Json = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where something differs.")] = False,
) -> None:
    """Show what changed since a git revision, and what it costs."""
    from storyreel.cli.diff import diff as run

    raise typer.Exit(
        run(context.obj, revision, boards or [], provider, film, "json" if json else form.value, exit_code)
    )


@app.command()
def export(
    context: typer.Context,
    board: Board,
    form: Annotated[Export, typer.Option("--format", help="zip holds them all, with reel, takes and lock.")],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="A file, a folder/, or a pattern with {film}.")
    ] = None,
    film: Film = None,
    media: Annotated[Path | None, typer.Option("--media", metavar="DIR", help="Lay real files there.")] = None,
    handles: Annotated[
        str | None, typer.Option("--handles", metavar="12f", help="Cut them to what is used, and this much around it.")
    ] = None,
    stems: Annotated[bool, typer.Option("--stems", help="Lay the sound there too, as WAV stems.")] = False,
    provider: Provider = None,
) -> None:
    """Write the cut for other tools."""
    from storyreel.cli.export import export as run

    raise typer.Exit(run(context.obj, board, form.value, output, film, media, handles, stems, provider))


@app.command()
def schema(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
) -> None:
    """Print the JSON Schema of storyboards, for editors."""
    from storyreel.cli.schema import schema as run

    raise typer.Exit(run(output))


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Check the environment that films are made in."""
    from storyreel.cli.doctor import doctor as run

    raise typer.Exit(run(context.obj, json))


@app.command()
def completion(shell: Annotated[Shell, typer.Argument(help="Whose syntax.")] = Shell.bash) -> None:
    """Print a completion script; load it with eval."""
    from storyreel.cli.completion import completion as run

    raise typer.Exit(run(shell.value))
