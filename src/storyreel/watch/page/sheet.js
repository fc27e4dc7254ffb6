// What is wrong with the board, laid over the last good reel: each finding with the lines of source around it.
import { h, onChange, renew, ticked } from "./dom.js";
import { icon } from "./icons.js";

export function sheet(root, { onClose }) {
  return onChange((board) => {
    const errors = board.errors;
    const title = errors ? `${errors} ${errors === 1 ? "error" : "errors"} in the board` : `${board.warnings} ${board.warnings === 1 ? "warning" : "warnings"}`;
    const rest = board.errors + board.warnings - board.findings.length;
    const tail = errors ? "The last good reel stays until the board can be read." : "The film is made all the same.";
    renew(root, h("div", { class: "sheet-inside" },
      h("header", { class: "sheet-head" },
        h("div", {}, h("h2", {}, title), h("p", { class: "quiet" }, tail)),
        h("button", { class: "button", "data-focus": "close", onclick: onClose }, icon("close"), "See the reel")),
      h("ol", { class: "findings", tabindex: "0", "aria-label": title },
        board.findings.map(finding),
        rest > 0 && h("li", { class: "quiet" }, `and ${rest} more: storyreel check tells them all`))));
  });
}

function finding(found) {
  return h("li", { class: `finding is-${found.severity}` },
    h("p", { class: "finding-head" }, icon(found.severity === "error" ? "error" : "help"),
      h("span", {}, h("strong", {}, ticked(found.message)), h("span", { class: "finding-place" }, `${found.place} · ${found.severity} ${found.code}`))),
    found.excerpt.length > 0 && h("div", { class: "excerpt", role: "group", tabindex: "0", "aria-label": `Where it stands: ${found.place}` }, found.excerpt.map((line) => row(line, found))),
    found.excerpt.length === 0 && found.label && h("p", { class: "label" }, ticked(found.label)),
    found.hints.map((hint) => h("p", { class: "hint" }, h("b", {}, "help "), ticked(hint))));
}

function row(line, found) {
  const parts = [h("span", { class: "line-number" }, String(line.number)), h("code", {}, line.before, line.marked && h("mark", {}, line.marked), line.after)];
  const under = line.marked && found.label && h("div", { class: "line under" }, h("span", { class: "line-number" }),
    h("code", {}, h("span", { class: "pad" }, " ".repeat(columns(line.before))), h("span", { class: "label" }, ticked(found.label))));
  return [h("div", { class: `line${line.marked ? " is-marked" : ""}` }, parts), under];
}

// Two columns for a wide sign, as the excerpt's fixed pitch has it.
const columns = (text) => [...text].reduce((sum, sign) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(sign) ? 2 : 1), 0);
