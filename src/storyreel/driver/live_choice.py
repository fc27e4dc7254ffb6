"""A take chosen on the page: the lock says so, as `pick` does."""

from __future__ import annotations

from storyreel.base.money import usd_label
from storyreel.driver.choosing import NotChosen, Pick, picked
from storyreel.driver.locks import write_lock
from storyreel.driver.project import Compiled, Project
from storyreel.watch.spec import Answer


def chosen(project: Project, compiled: Compiled, scene: str, take: int) -> Answer:
    """Show this take in every film that shares its request. The caller holds the project.

    What other scenes ask for because of it is told, and bought by nobody for that alone.
    """
    try:
        choice = picked(project, compiled, Pick(scene, take))
    except NotChosen as refused:
        return Answer(False, f"{refused}.")
    write_lock(project.root, compiled.path, choice.lock)
    words = f"Take {take} of {scene} is in the film."
    if choice.ripple:
        names = ", ".join(follower.scene for follower in choice.ripple)
        cost = f", {usd_label(choice.cost_usd)} to make" if choice.to_make else ""
        words += f" Because of it other takes are asked for in {names}{cost}."
    return Answer(True, words)
