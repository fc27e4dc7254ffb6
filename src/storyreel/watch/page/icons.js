// One drawing a meaning, 16 by 16, in the colour of the words beside it. State is told by shape as well as colour.
import { h, s } from "./dom.js";

const PATHS = {
  cached: ["M2.5 4.5h11v7h-11z", "M5.5 8l2 2 3.5-4"],
  animatic: [],
  queued: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z", "M8 5v3l2 1.5"],
  generating: ["M8 2a6 6 0 0 1 6 6", "M8 14a6 6 0 0 1-6-6"],
  failed: ["M3.5 3.5l9 9", "M12.5 3.5l-9 9"],
  parked: ["M5.5 3v10", "M10.5 3v10"],
  missing: ["M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8", "M8 13v.2"],
  held: ["M4 7.5h8V13H4z", "M5.5 7.5V5.4a2.5 2.5 0 0 1 5 0v2.1"],
  local: ["M3 13l1-3.5L11 2.6 13.4 5 6.5 12z"],
  done: ["M3 8.5l3.2 3.2L13 4.8"],
  error: ["M8 2.5l6 11H2z", "M8 6.8v3", "M8 11.8v.1"],
  offline: ["M2.5 6a8 8 0 0 1 11 0", "M5 9a4.5 4.5 0 0 1 6 0", "M8 12v.2", "M2 14L14 2"],
  pending: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z", "M8 5v6", "M9.7 6.3c-1-.9-3.3-.7-3.3.6 0 1.8 3.4.6 3.4 2.3 0 1.2-2.4 1.5-3.5.4"],
  play: ["M4.5 3l8 5-8 5z"],
  pause: ["M5 3v10", "M11 3v10"],
  back: ["M11.5 3.5L5.5 8l6 4.5z", "M4 3.5v9"],
  next: ["M4.5 3.5l6 4.5-6 4.5z", "M12 3.5v9"],
  sound: ["M2.5 6.2v3.6H5L8.5 13V3L5 6.2z", "M11 5.5a3.5 3.5 0 0 1 0 5"],
  muted: ["M2.5 6.2v3.6H5L8.5 13V3L5 6.2z", "M11 6.2l3 3.6", "M14 6.2l-3 3.6"],
  full: ["M2.5 6v-3.5H6", "M10 2.5h3.5V6", "M13.5 10v3.5H10", "M6 13.5H2.5V10"],
  wall: ["M2.5 2.5h4.5v4.5H2.5z", "M9 2.5h4.5v4.5H9z", "M2.5 9h4.5v4.5H2.5z", "M9 9h4.5v4.5H9z"],
  dark: ["M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z"],
  light: ["M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z", "M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"],
  help: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M6.2 6.4a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2", "M8 11.4v.1"],
  close: ["M4 4l8 8", "M12 4l-8 8"],
  auto: ["M8 2.5a5.5 5.5 0 1 0 0 11z", "M8 2.5a5.5 5.5 0 0 1 0 11"],
};

/** A drawing that says nothing by itself: words stand beside it, or in the button's label. */
export function icon(name) {
  const lines = (PATHS[name] ?? []).map((d) => s("path", { d }));
  if (name === "animatic") lines.push(s("rect", { x: 2, y: 4, width: 12, height: 8, "stroke-dasharray": "2.4 2.2" }));
  const turns = name === "generating" ? " turning" : "";
  return s("svg", { class: `icon${turns}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, lines);
}

/** A state as a shape and a word. */
export function chip(standing, word) {
  return h("span", { class: `chip is-${standing}` }, icon(standing), word);
}
