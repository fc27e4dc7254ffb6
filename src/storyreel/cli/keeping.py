"""The commands below `store`, and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from storyreel.cli.options import Json

store = typer.Typer(no_args_is_help=True, help="Look after the takes that are kept here.")


@store.command("verify")
def store_verify(
    context: typer.Context,
    sample: Annotated[
        float | None, typer.Option("--sample", metavar="PCT", help="Read only this percentage of the files.")
    ] = None,
    json: Json = False,
) -> None:
    """Read every file; fetch damaged takes again where their provider has them."""
    from storyreel.cli.store import verify as run

    raise typer.Exit(run(context.obj, sample, json))


@store.command("gc")
def store_gc(
    context: typer.Context,
    older_than: Annotated[
        float | None,
        typer.Option("--older-than", metavar="DAYS", help="Also bought takes that no film shows; never younger ones."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing; say what would go.")] = False,
    json: Json = False,
) -> None:
    """Remove what nobody needs."""
    from storyreel.cli.store import gc as run

    raise typer.Exit(run(context.obj, older_than, dry_run, json))


@store.command("stats")
def store_stats(context: typer.Context, json: Json = False) -> None:
    """Print how much of what is kept."""
    from storyreel.cli.store import stats as run

    raise typer.Exit(run(context.obj, json))
