// Elements from plain values. Text is always a text node: nothing that an author wrote is ever read as markup.
const SVG = "http://www.w3.org/2000/svg";

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === "value" || name === "muted") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An element; `on...` are listeners, `style` a map of properties, children are elements or text. */
export function h(tag, attributes, ...children) {
  return made(document.createElement(tag), attributes, children);
}

/** An element of a drawing. */
export function s(tag, attributes, ...children) {
  return made(document.createElementNS(SVG, tag), attributes, children);
}

/** Words in which `backticks` set names apart, as diagnostics and reasons have them. */
export function ticked(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** New contents; what had the focus keeps it, by its `data-focus`. */
export function renew(parent, ...children) {
  const held = parent.contains(document.activeElement) ? document.activeElement?.dataset?.focus : undefined;
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child));
  if (held) parent.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

// How long something lasts already is no news: it is counted on here.
const NO_NEWS = (key, value) => (key === "elapsed_s" ? 0 : value);

/** Draw only what differs from the last time: what is drawn anew under a pointer loses its click. */
export function onChange(draw) {
  let last;
  return (...values) => {
    const now = JSON.stringify(values, NO_NEWS);
    if (now === last) return;
    last = now;
    draw(...values);
  };
}

export const isEditing = (target) => target instanceof Element && target.closest("select, textarea, input:not([type=range])");
