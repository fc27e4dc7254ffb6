"""A take chosen on the page: the lock says so, as `pick` does."""

from __future__ import annotations

from storyreel.driver.locks import locked, read_lock, write_lock
from storyreel.driver.project import Compiled, Project
from storyreel.plan.catalog import ANIMATIC
from storyreel.watch.spec import Answer


def chosen(project: Project, compiled: Compiled, film: str, scene: str, take: int) -> Answer:
    """Show this take in every film that shares its request. The caller holds the project."""
    assert compiled.plan is not None
    parts = {
        part.key: part
        for one in compiled.plan.films
        if one.name == film
        for planned in one.scenes
        if planned.id == scene
        for part in planned.parts
        if part.request is not None
    }
    if not parts:
        return Answer(False, f"{scene} has no takes to choose among.")
    if any(part.provider == ANIMATIC for part in parts.values()):
        return Answer(False, "Panels have no other takes; candidates are bought.")
    lock = read_lock(project.root, compiled.path)
    takes = project.known(lock)
    here = [key for key in parts if takes.has(key, take)]
    if not here:
        return Answer(False, f"Take {take} of {scene} is not here.")
    lock = locked(compiled.plan, lock, takes, is_whole=compiled.only is None)
    for key in here:
        lock = lock.with_choice(key, take)
    write_lock(project.root, compiled.path, lock)
    return Answer(True, f"Take {take} of {scene} is in the film.")
