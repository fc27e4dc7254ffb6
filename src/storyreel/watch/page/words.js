// Times and amounts for people.

/** Minutes, seconds and tenths: 0:07.5 */
export function clock(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const whole = Math.floor(tenths / 10);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}.${tenths % 10}`;
}

/** Hours, minutes, seconds, frames, as an editor counts them: 00:00:07:12 */
export function timecode(frame, fps) {
  const rate = Math.round(fps);
  const [seconds, rest] = [Math.floor(frame / rate), frame % rate];
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, rest]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** 48 s, or 2 min 5 s */
export function span(seconds) {
  const whole = Math.round(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** How a take in the making stands; `since` are milliseconds of this page since the document came. */
export function doingWords(doing, since) {
  if (!doing || doing.elapsed_s === undefined) return "";
  if (doing.words) return doing.words;
  const elapsed = span(doing.elapsed_s + since / 1000);
  return doing.usual_s ? `${elapsed} of usually ${span(doing.usual_s)}` : elapsed;
}

/** 0 to 1, or null where nobody knows. */
export function doneShare(doing, since) {
  if (!doing || doing.elapsed_s === undefined) return null;
  if (doing.progress !== null && doing.progress !== undefined) return doing.progress;
  if (!doing.usual_s) return null;
  return Math.min(0.97, (doing.elapsed_s + since / 1000) / doing.usual_s);
}
