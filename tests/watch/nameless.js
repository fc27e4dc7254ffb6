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
  return wrong;
}
