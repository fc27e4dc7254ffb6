// The chosen scene: why it is made or not, its takes side by side, its words as written and as each provider gets them.
import { h, onChange, renew, ticked } from "./dom.js";
import { chip, icon } from "./icons.js";
import { frameOf } from "./strip.js";
import { clock, doingWords, doneShare } from "./words.js";

const TREATMENTS = { passthrough: "as is", renamed: "renamed", converted: "converted", emulated: "emulated", dropped: "dropped" };

export function inspector(root, { onTake, onPick, onBuy }) {
  let route = null;
  let came = 0;
  let arrived = 0;
  let ticks = [];
  const draw = onChange((scene, film, view) => {
    came = arrived;
    ticks = [];
    const top = root.scrollTop;
    const same = root.dataset.scene === String(scene?.id);
    root.dataset.scene = scene?.id;
    const open = [...root.querySelectorAll("details[open] summary")].map((summary) => summary.textContent);
    renew(root, scene ? parts(scene, film, view) : empty());
    for (const summary of root.querySelectorAll("summary")) summary.parentElement.open = same && open.includes(summary.textContent);
    root.scrollTop = same ? top : 0;
  });

  const empty = () => h("p", { class: "quiet nothing" }, "Choose a scene on the timeline.");

  function parts(scene, film, view) {
    const from = clock(scene.start / film.fps);
    return [
      h("header", { class: "scene-head" },
        h("div", { class: "scene-number number" }, String(scene.number)),
        h("div", { class: "scene-name" },
          h("h2", {}, scene.id),
          h("p", { class: "quiet number" }, [`${from} to ${clock(scene.end / film.fps)}`, scene.length, scene.transition].join(" · "))),
        chip(scene.standing, scene.word)),
      reasons(scene, view),
      takes(scene, view, film.strip),
      scene.shots.length > 0 && words(scene),
    ];
  }

  function reasons(scene, view) {
    const rows = scene.why.filter((one, index, all) => all.findIndex((other) => other.reason === one.reason && other.key === one.key) === index);
    return h("section", { class: "why", "aria-label": "Why" },
      rows.map((one) => h("p", { class: "reason" },
        icon(one.standing), h("span", {}, ticking(h("span"), (span) => renew(span, ticked(sentence(one)))), " ",
          one.provider && h("span", { class: "quiet" }, [one.provider, one.seconds && `${one.seconds} bought`, one.price || (one.paid && `${one.paid} paid`)].filter(Boolean).join(" · "))))),
      scene.notes.map((note) => h("p", { class: "reason quiet" }, icon("help"), h("span", {}, ticked(note)))),
      scene.price && view.canBuy && h("button", {
        class: "button act", "data-focus": "buy-scene", disabled: view.isBusy, onclick: () => onBuy(scene.id),
      }, `Buy this scene · ${scene.price}`));
  }

  /** Words or a bar that go on with time. */
  const ticking = (element, show) => {
    show(element);
    ticks.push(() => show(element));
    return element;
  };

  const sentence = (one) => {
    const doing = doingWords(one.doing, performance.now() - came);
    const text = doing && one.standing !== "failed" ? `${one.word}, ${doing}` : doing || one.reason;
    const first = one.provider && text.startsWith(one.provider) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
    return first.endsWith(".") ? first : `${first}.`;
  };

  function takes(scene, view, standIn) {
    if (!scene.takes.length) return null;
    return h("section", { "aria-label": "Takes" },
      h("h3", {}, scene.takes.length === 1 ? "Take" : `${scene.takes.length} takes`),
      h("ol", { class: "takes" }, scene.takes.map((take, index) => card(scene, take, index, view, standIn))));
  }

  function card(scene, take, index, view, standIn) {
    const name = `Take ${take.take}${take.part ? `, part ${take.part}` : ""}`;
    const isLooked = view.look === index;
    const share = take.file || take.standing !== "generating" ? null : doneShare(take.doing, performance.now() - came);
    const waiting = () => doingWords(take.doing, performance.now() - came) || take.price || take.word;
    const strip = take.strip ?? (take.standing === "animatic" ? standIn : null);
    const words = () => h("span", { class: "blank", "aria-hidden": "true" }, icon(take.standing), ticking(h("span"), (span) => renew(span, waiting())),
      share !== null && ticking(h("span", { class: "blank-bar" }), (line) => line.style.setProperty("--done", doneShare(take.doing, performance.now() - came))));
    const picture = strip ? frameOf(strip, Math.floor(strip[1] / 2)) : words();
    const facts = [take.provider, take.paid, take.is_held && "held"].filter(Boolean).join(" · ");
    return h("li", { class: `take is-${take.standing}${take.is_chosen ? " is-chosen" : ""}${isLooked ? " is-looked" : ""}` },
      h("button", {
        class: "take-picture", "data-focus": `take-${index}`, disabled: !take.file, "aria-pressed": String(isLooked),
        "aria-label": `Look at ${name.toLowerCase()} of ${scene.id}${strip ? "" : `, ${take.word}`}`, title: take.file ? `Look at it (${index + 1})` : take.word, onclick: () => onTake(index),
      }, picture),
      h("div", { class: "take-foot" },
        h("span", { class: "take-name" }, name, h("span", { class: "quiet" }, facts || [take.word, take.price].filter(Boolean).join(" · "))),
        take.is_chosen ? h("span", { class: "take-in" }, icon("done"), "in the film")
          : take.file && take.is_paid && h("button", {
            class: "button small", "data-focus": `pick-${index}`, disabled: view.isBusy,
            "aria-label": `Pick ${name.toLowerCase()}`, onclick: () => onPick(index),
          }, "Pick")),
      take.note && h("p", { class: "quiet take-note" }, take.note));
  }

  function words(scene) {
    const names = ["written", ...scene.routes.map((one) => one.provider)];
    if (!names.includes(route)) route = scene.routes.length ? names[1] : "written";
    const choose = (name) => {
      route = name;
      renew(host, wordsInside(scene, names, choose));
    };
    const host = h("section", { class: "words", "aria-label": "Prompt" }, wordsInside(scene, names, choose));
    return host;
  }

  function wordsInside(scene, names, choose) {
    const turn = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = names[(names.indexOf(route) + step + names.length) % names.length];
      choose(next);
    };
    return [
      h("div", { class: "tabs", role: "tablist", "aria-label": "The prompt", onkeydown: turn },
        names.map((name) => h("button", {
          class: "tab", role: "tab", id: `tab-${name}`, "data-focus": `tab-${route === name ? "chosen" : name}`, "aria-selected": String(route === name),
          "aria-controls": "prompt", tabindex: route === name ? "0" : "-1", onclick: () => choose(name),
        }, name === "written" ? "As written" : name))),
      h("div", { id: "prompt", role: "tabpanel", "aria-labelledby": `tab-${route}`, tabindex: "0", class: "prompt" },
        route === "written" ? written(scene) : sent(scene.routes.find((one) => one.provider === route)))];
  }

  const written = (scene) => [
    scene.place && h("p", { class: "place quiet" }, scene.place),
    h("ol", {}, scene.shots.map((shot) => h("li", { class: "shot" },
      h("p", { class: "shot-head quiet" }, [`Shot ${shot.number}`, shot.id, shot.length, shot.camera].filter(Boolean).join(" · ")),
      h("p", { class: "said" }, shot.prompt),
      shot.lines.map((line) => h("p", { class: "said line" }, line)))))];

  const sent = (chosen) => chosen.requests.map((request) => [
    h("p", { class: "shot-head quiet" }, [request.endpoint, `${request.seconds} s`, request.price].filter(Boolean).join(" · ")),
    request.problems.map((problem) => h("p", { class: `problem${problem.is_error ? " is-error" : ""}` }, icon("error"), h("span", {}, ticked(problem.message)))),
    h("ol", {}, request.shots.map((shot) => h("li", { class: "shot" },
      h("p", { class: "shot-head quiet" }, `Shot ${shot.number} · ${shot.seconds} s · ${shot.text.length} characters`),
      h("p", { class: "said" }, shot.text)))),
    request.parameters.length > 0 && h("details", {}, h("summary", {}, "What became of each setting"),
      h("table", { class: "settings" },
        h("thead", {}, h("tr", {}, ["Setting", "Value", "On the way"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, request.parameters.map((one) => h("tr", {},
          h("th", { scope: "row" }, one.name), h("td", {}, one.value),
          h("td", { class: `treated-${one.treatment}` }, h("b", {}, TREATMENTS[one.treatment]), one.detail && [", ", ticked(one.detail)])))))),
    request.body && h("details", {}, h("summary", {}, "The whole request"), h("pre", { tabindex: "0", "aria-label": "The whole request" }, request.body))]);

  return {
    draw(scene, film, view, now) {
      arrived = now;
      draw(scene, film && { fps: film.fps, strip: film.scenes.find((each) => each.number === scene?.number)?.strip ?? null }, view);
    },
    tick: () => ticks.forEach((show) => show()),
  };
}
