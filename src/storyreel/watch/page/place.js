// Where a frame of one cut is in another: by its scene and its distance from the scene's beginning.

/** Scenes are [id, start, end] in film order; of two that overlap, the later one is meant. */
export function sceneAt(scenes, frame) {
  let found = 0;
  scenes.forEach(([, start], index) => {
    if (frame >= start) found = index;
  });
  return found;
}

/** The first frame of a scene that shows it alone: behind its dissolve, or half through its fade. */
export function clear(scene) {
  const { kind, frames, overlap } = scene.transition;
  return scene.start + (kind === "fade" ? Math.ceil(frames / 2) : overlap);
}

/** The frame of `to` that shows what `frame` shows in `from`; both have `scenes` and `frames`. */
export function moved(frame, from, to) {
  if (!from || !from.scenes.length) return Math.min(frame, Math.max(0, to.frames - 1));
  const [id, start] = from.scenes[sceneAt(from.scenes, frame)];
  const same = to.scenes.find((scene) => scene[0] === id);
  const there = same ? Math.min(same[1] + (frame - start), same[2] - 1) : frame;
  return Math.max(0, Math.min(there, to.frames - 1));
}
