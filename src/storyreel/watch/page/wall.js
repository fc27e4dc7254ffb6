// Every film of the board as a small silent loop; those out of sight do not move.
import { h, onChange, renew } from "./dom.js";
import { chip } from "./icons.js";

const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const PAGE = 60;

export function wall(root, { onFilm }) {
  let shown = PAGE;
  let last = [];
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (target.tagName !== "VIDEO") {
        if (isIntersecting && shown < last.length) {
          shown += PAGE;
          paint();
        }
      } else if (isIntersecting && !isStill.matches) {
        if (!target.src) target.src = target.dataset.src;
        target.play().catch(() => {});
      } else target.pause();
    }
  }, { root, rootMargin: "120px" });

  const paint = () => {
    seen.disconnect();
    const end = h("li", { class: "wall-end", "aria-hidden": "true" });
    renew(root, h("ol", { class: "films" }, last.slice(0, shown).map(card), end));
    for (const video of root.querySelectorAll("video")) seen.observe(video);
    seen.observe(end);
  };

  function card(film) {
    const picture = h("div", { class: film.shape < 1.2 ? "film-picture is-tall" : "film-picture", style: { "--shape": film.shape } },
      film.loop ? h("video", { muted: true, loop: true, playsinline: true, preload: "none", tabindex: "-1", "aria-hidden": "true",
        "data-src": `/file/${film.loop}`, poster: film.poster ? `/file/${film.poster}` : null }) : h("span", { class: "blank" }, "No reel yet"));
    return h("li", {}, h("button", { class: `film is-${film.standing}`, "data-focus": `film-${film.id}`, onclick: () => onFilm(film.id) },
      picture,
      h("span", { class: "film-name" }, film.name),
      h("span", { class: "film-facts quiet number" }, [film.length, film.size].join(" · ")),
      h("span", { class: "film-foot" }, chip(film.standing, film.word), film.price && h("span", { class: "number film-price" }, film.price))));
  }

  return onChange((films) => {
    last = films;
    paint();
  });
}
