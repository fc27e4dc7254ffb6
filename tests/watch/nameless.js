() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true });
  const wrong = [];
  for (const e of document.querySelectorAll("button, a, select, input, summary, [role=tab], video, canvas, dialog[open]")) {
    if (!seen(e) || e.closest("[aria-hidden=true]")) continue;
    const by = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const name = e.ariaLabel || by || (e.matches("video.look, input, select") ? "" : e.textContent.trim());
    if (!name && !e.matches("video")) wrong.push("no name: " + e.outerHTML.slice(0, 90));
  }
  for (const e of document.querySelectorAll("[aria-controls], [aria-labelledby]")) {
    for (const id of (e.getAttribute("aria-controls") ?? e.getAttribute("aria-labelledby")).split(" "))
      if (!document.getElementById(id)) wrong.push("no such element: " + id);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) wrong.push("an id twice");
  for (const list of document.querySelectorAll("[role=tablist]"))
    if (list.querySelectorAll("[role=tab][aria-selected=true]").length !== 1) wrong.push("not one tab is chosen");
  if (document.querySelectorAll("main").length !== 1 || document.querySelectorAll("h1").length !== 1) wrong.push("main and h1");
  if (!document.documentElement.lang || !document.title) wrong.push("language and title");
  if (!document.querySelector("[aria-live=polite]")) wrong.push("nothing is announced");
  const reached = "button, a[href], select, input, summary, [tabindex]:not([tabindex='-1'])";
  for (const e of document.querySelectorAll("body *")) {
    if (!seen(e)) continue;
    const style = getComputedStyle(e);
    const scrolls = (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
      || (/auto|scroll/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
    if (scrolls && !e.matches(reached) && !e.querySelector(reached)) wrong.push("scrolls, and no key reaches it: " + e.className);
    if (e.tabIndex > 0) wrong.push("has an order of its own: " + e.outerHTML.slice(0, 90));
    if (e.matches("[aria-hidden=true]") && e.querySelector(reached)) wrong.push("hidden, and reached by keys: " + e.outerHTML.slice(0, 90));
  }
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const shown = (e) => [...e.childNodes].map((n) => (n.nodeType === 3 ? n.data : n.nodeType === 1 && !n.ariaHidden && seen(n) ? shown(n) : "")).join(" ");
  for (const e of document.querySelectorAll("button[aria-label], a[aria-label], [role=tab][aria-label]"))
    if (seen(e) && !plain(e.ariaLabel).includes(plain(shown(e)))) wrong.push(`says "${shown(e)}", is called "${e.ariaLabel}"`);
  for (const e of document.querySelectorAll("button, select, summary, input")) {
    const { width, height } = e.getBoundingClientRect();
    if (seen(e) && !e.disabled && (width < 24 || height < 24)) wrong.push(`hard to hit: ${Math.round(width)} x ${Math.round(height)} ${e.outerHTML.slice(0, 60)}`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(seen).map((e) => Number(e.tagName[1]));
  if (levels.some((level, i) => i > 0 && level > levels[i - 1] + 1)) wrong.push("a heading is left out: " + levels);
  return wrong;
}
