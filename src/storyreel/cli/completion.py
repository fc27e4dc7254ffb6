"""`completion`: a script for the shell."""

from __future__ import annotations

from storyreel.cli.context import DONE


def completion(shell: str) -> int:
    """Print the completion script of `bash`, `zsh`, `fish` or `powershell`."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]  # re-exported without `__all__`

    print(get_completion_script(prog_name="storyreel", complete_var="_STORYREEL_COMPLETE", shell=shell))
    return DONE
