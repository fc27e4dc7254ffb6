// The keyboard, and the sheet that tells it.
import { h, isEditing, renew } from "./dom.js";

const KEYS = [
  ["space or k", "play, pause"],
  ["j / l", "backward, forward; again is faster"],
  ["← →", "shot before, next shot"],
  ["⇧← ⇧→", "one frame"],
  ["↑ ↓", "scene before, next scene"],
  ["home / end", "beginning, end"],
  ["1 to 9", "look at a take; again is back to the reel"],
  ["p", "pick the take that is looked at"],
  ["e", "what is wrong"],
  ["w", "all films"],
  ["+ − 0", "timeline closer, wider, whole"],
  ["m f t", "sound, full screen, theme"],
  ["?", "this help"],
];

export function keys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isEditing(event.target)) return;
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    const onButton = event.target instanceof Element && event.target.closest("button, summary, a");
    // A scene is a button too, but whoever clicked one and then presses space wants the film to stop.
    if (onButton && (event.key === "Enter" || (event.key === " " && !onButton.matches(".scene-button")))) return;
    const inList = event.target instanceof Element && event.target.closest("[role=tabpanel], pre, .findings");
    if (inList && ["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", " "].includes(event.key)) return;
    const name = /^[1-9]$/.test(event.key) ? "take" : `${event.shiftKey && event.key.startsWith("Arrow") ? "shift " : ""}${event.key}`;
    const action = actions[name] ?? actions[name.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action(Number(event.key));
  });
}

export function help(dialog) {
  renew(dialog,
    h("h2", { id: "help-title" }, "Keys"),
    h("dl", {}, KEYS.map(([key, words]) => [h("dt", {}, key), h("dd", {}, words)])),
    h("form", { method: "dialog" }, h("button", { class: "button" }, "Close")));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return () => (dialog.open ? dialog.close() : dialog.showModal());
}
