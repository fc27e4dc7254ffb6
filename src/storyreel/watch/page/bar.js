// The top bar: which film, how the last build ended, what it costs, and the few things that can be done.
import { h, onChange, renew } from "./dom.js";
import { icon } from "./icons.js";

const SHAPES = { error: "error", building: "generating", first: "generating", pending: "pending", done: "done", empty: "done", offline: "offline" };
const THEMES = { auto: "dark", dark: "light", light: "auto" };

const theme = () => document.documentElement.dataset.theme ?? "auto";

function turnTheme() {
  const next = THEMES[theme()];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try { localStorage.setItem("storyreel-theme", next); } catch { /* It then lasts as long as the page. */ }
}

export function bar(root, { onFilm, onWall, onBuy, onHelp, onErrors, onTheme }) {
  const draw = onChange((board, film, view) => {
    renew(root, filmOf(board, film, view), buildOf(board, view), moneyOf(film), buyOf(board, view), toolsOf(view));
  });

  function filmOf(board, film, view) {
    const facts = film ? [film.size, film.length, `${film.rate} fps`].join(" · ") : board.board;
    const many = board.films.length > 1;
    return h("div", { class: "bar-film" },
      h("div", { style: { "min-width": "0" } },
        h("div", { class: "bar-title" }, film?.title || board.title || "storyreel"),
        h("div", { class: "bar-facts number" }, facts)),
      many && h("div", { class: "bar-switch" },
        h("select", { "aria-label": "Film", "data-focus": "film", onchange: (event) => onFilm(event.target.value) },
          board.films.map((each) => h("option", { value: each.id, selected: each.id === film?.id }, each.name))),
        h("button", { class: "button", "data-focus": "wall", "aria-pressed": String(view.isWall), title: "All films (w)", onclick: onWall },
          icon("wall"), `All ${board.films.length}`)));
  }

  function buildOf(board, view) {
    const condition = view.status === "online" ? board.condition : "offline";
    const words = view.status === "locked" ? "Watching was started anew. Open the address that it printed."
      : view.status === "offline" ? "storyreel watch does not answer. Trying again…" : board.words;
    return h("div", { class: "build", "data-condition": condition },
      icon(SHAPES[condition] ?? "done"), h("span", { class: "build-words", title: words }, words),
      view.status === "online" && board.findings.length > 0 && h("button", {
        class: "button small", "data-focus": "errors", "aria-pressed": String(view.isSheet), title: "What is wrong (e)", onclick: onErrors,
      }, board.errors ? "Show" : `${board.warnings} ${board.warnings === 1 ? "warning" : "warnings"}`));
  }

  function moneyOf(film) {
    const money = film?.money;
    if (!money || (!money.budget && money.whole === "0.00")) return null;
    const whole = money.whole === null ? "price unknown" : `${money.whole} USD`;
    const share = (part) => ({ width: `${part * 100}%` });
    const spoken = [`This film: ${money.paid} USD spent`, money.to_make === null ? "price of the rest unknown" : `${money.to_make} USD to make`,
      money.budget && `budget ${money.budget} USD`, money.is_over && "over budget"].filter(Boolean).join(", ");
    return h("div", { class: `money${money.is_over ? " is-over" : ""}`, role: "img", "aria-label": spoken, title: spoken },
      h("div", { class: "money-words number" },
        h("span", {}, h("b", {}, whole), h("span", { class: "quiet" }, ` · ${money.paid} spent`)),
        money.budget && h("span", { class: money.is_over ? "" : "quiet" }, money.is_over ? `over ${money.budget}` : `of ${money.budget}`)),
      h("div", { class: "money-track" },
        h("div", { class: "money-paid", style: share(money.paid_share) }),
        h("div", { class: "money-make", style: share(money.to_make_share) })));
  }

  function buyOf(board, view) {
    if (!board.buying.is_on) return null;
    const { takes, price } = board.buying;
    return h("div", { class: "bar-buy" }, h("button", {
      class: "button act", "data-focus": "buy", disabled: !takes || board.errors > 0 || view.status !== "online" || view.isBusy, onclick: () => onBuy(),
    }, takes ? `Buy ${takes} ${takes === 1 ? "take" : "takes"} · ${price}` : "Nothing to buy"));
  }

  function toolsOf() {
    const names = { auto: "Theme: as the system has it", dark: "Theme: dark", light: "Theme: light" };
    return h("div", { class: "bar-tools" },
      h("button", {
        class: "button bare", "data-focus": "theme", "aria-label": names[theme()], title: `${names[theme()]} (t)`, onclick: flip,
      }, icon(theme())),
      h("button", { class: "button bare", "data-focus": "help", "aria-label": "Keys and help", title: "Keys (?)", onclick: onHelp }, icon("help")));
  }

  function flip() {
    turnTheme();
    onTheme();
  }
  return { draw: (board, film, view) => draw(board, film, { ...view, theme: theme() }), flip };
}
