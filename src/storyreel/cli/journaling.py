"""The commands below `jobs`, and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from storyreel.cli.options import Json

jobs = typer.Typer(no_args_is_help=True, help="Look at the journal; settle what nobody knows.")
Key = Annotated[str, typer.Argument(metavar="KEY", help="A job's key, or its beginning.")]
Take = Annotated[int | None, typer.Option("--take", metavar="N", help="Which take, where the key has several.")]


@jobs.command("list")
def jobs_list(
    context: typer.Context,
    open_only: Annotated[bool, typer.Option("--open", help="Only jobs that have not ended.")] = False,
    json: Json = False,
) -> None:
    """Print the journal."""
    from storyreel.cli.jobs import list_jobs as run

    raise typer.Exit(run(context.obj, open_only, json))


@jobs.command("show")
def jobs_show(context: typer.Context, key: Key, take: Take = None, json: Json = False) -> None:
    """Print what happened to one job."""
    from storyreel.cli.jobs import show_job as run

    raise typer.Exit(run(context.obj, key, take, json))


@jobs.command("adopt")
def jobs_adopt(
    context: typer.Context,
    key: Key,
    job_id: Annotated[str, typer.Argument(metavar="ID", help="What the provider calls it.")],
    take: Take = None,
    json: Json = False,
) -> None:
    """Say under which id the provider has a job; the next render fetches it."""
    from storyreel.cli.jobs import adopt_job as run

    raise typer.Exit(run(context.obj, key, job_id, take, json))


@jobs.command("resubmit")
def jobs_resubmit(
    context: typer.Context,
    key: Key,
    take: Take = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept that it may be paid twice.")] = False,
    json: Json = False,
) -> None:
    """Send the request of a parked job once more."""
    from storyreel.cli.jobs import resubmit_job as run

    raise typer.Exit(run(context.obj, key, take, yes, json))


@jobs.command("forget")
def jobs_forget(context: typer.Context, key: Key, take: Take = None, json: Json = False) -> None:
    """Count a parked job as never accepted."""
    from storyreel.cli.jobs import forget_job as run

    raise typer.Exit(run(context.obj, key, take, json))


@jobs.command("cancel")
def jobs_cancel(context: typer.Context, key: Key, take: Take = None, json: Json = False) -> None:
    """Ask the provider to give up a job."""
    from storyreel.cli.jobs import cancel_job as run

    raise typer.Exit(run(context.obj, key, take, json))
