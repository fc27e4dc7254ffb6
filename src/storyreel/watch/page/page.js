// What the page knows, and how its parts come together. The server sends a number when something changed; the page asks.
import { bar } from "./bar.js";
import { h } from "./dom.js";
import { inspector } from "./inspector.js";
import { help, keys } from "./keys.js";
import { act, document_, follow, Gone, Locked } from "./link.js";
import { clear, moved, sceneAt } from "./place.js";
import { Player } from "./player.js";
import { sheet } from "./sheet.js";
import { Timeline } from "./timeline.js";
import { wall } from "./wall.js";

const at = (id) => document.getElementById(id);
const known = { board: null, film: null, scene: null, came: 0 };
const view = { film: null, number: 1, isWall: false, isSheet: false, isBusy: false, status: "online", look: null, closed: "" };

if (location.search) history.replaceState(null, "", location.pathname + location.hash);

const parts = {
  player: new Player(at("player"), { onFrame: onFrame, onPick: () => pick(view.look) }),
  timeline: new Timeline(at("timeline"), { onSeek: (frame) => seek(frame), onScene: (scene, frame) => playFrom(scene, frame) }),
  inspector: inspector(at("inspector"), { onTake: look, onPick: pick, onBuy: (scene) => buy([scene]) }),
  bar: bar(at("bar"), {
    onFilm: choose, onWall: turnWall, onBuy: () => buy([]), onHelp: () => turnHelp(), onErrors: turnSheet,
    onTheme: () => { draw(); parts.timeline.draw(); },
  }),
  sheet: sheet(at("sheet"), { onClose: turnSheet }),
  wall: wall(at("wall"), { onFilm: (id) => { view.isWall = false; choose(id); } }),
};
const turnHelp = help(at("help"));
parts.player.jump = (step) => jumpShot(step);

// --- what comes in

let isAsking = false;
let isStale = false;

async function refresh() {
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  try {
    do {
      isStale = false;
      await ask();
    } while (isStale);
    setStatus("online");
  } catch (problem) {
    if (!(problem instanceof Gone) && !(problem instanceof Locked)) throw problem;
    setStatus(problem instanceof Locked ? "locked" : "offline");
  } finally {
    isAsking = false;
  }
}

async function ask() {
  const wanted = view.film;
  const board = await document_("/state");
  const named = decodeURIComponent(location.hash.slice(1));
  const line = board.films.find((each) => each.id === view.film) ?? board.films.find((each) => each.name === named) ?? board.films[0];
  if (known.board === null) view.isWall = board.films.length > 1 && !named;
  const film = line ? await document_(`/film/${line.id}`) : null;
  if (view.film !== wanted) return; // Another one was chosen in the meantime, and is asked for next.
  if (film && view.film !== film.id) view.number = 1;
  const before = known.film;
  if (film && before?.id === film.id) {
    const id = before.scenes[view.number - 1]?.id;
    view.number = (film.scenes.findIndex((scene) => scene.id === id) + 1) || Math.min(view.number, film.scenes.length) || 1;
  }
  view.film = film?.id ?? null;
  const { number } = view;
  const scene = film?.scenes.length ? await document_(`/film/${film.id}/${number}`) : null;
  const isMeant = view.number === number && view.film === (film?.id ?? null);
  Object.assign(known, { board, film, scene: isMeant ? scene : known.scene, came: performance.now() });
  announce(board);
  draw();
  if (!isMeant) askScene();
}

async function askScene() {
  const { film } = known;
  if (!film?.scenes.length) return;
  const number = view.number;
  try {
    const scene = await document_(`/film/${film.id}/${number}`);
    if (number !== view.number) return;
    known.scene = scene;
    draw();
  } catch {
    setStatus("offline");
  }
}

function setStatus(status) {
  if (view.status === status) return;
  view.status = status;
  if (status !== "online") at("live").textContent = "storyreel watch does not answer.";
  draw();
}

function announce(board) {
  const words = board.errors ? `${board.words}. ${board.findings[0]?.message ?? ""}` : board.words;
  if (at("live").textContent !== words) at("live").textContent = words;
  const mark = board.findings.filter((found) => found.severity === "error").map((found) => found.place + found.message).join();
  if (!mark) {
    if (view.closed !== "by hand") view.isSheet = false;
    view.closed = "";
  } else if (mark !== view.closed) {
    view.isSheet = true;
    view.closed = mark;
  }
}

// --- what is shown

function draw() {
  const { board, film, scene } = known;
  if (!board) return;
  document.title = `${board.errors ? "✕ " : board.condition === "building" ? "◌ " : ""}${film?.title || board.title || "storyreel"}`;
  at("heading").textContent = film?.title || board.title || "storyreel";
  document.body.dataset.status = view.status;
  document.body.dataset.condition = board.condition;
  parts.bar.draw(board, film, { ...view, theme: "" });
  at("wall").hidden = !view.isWall;
  at("player").hidden = at("inspector").hidden = view.isWall;
  if (view.isWall) parts.wall(board.films);
  parts.player.load(film?.reel ?? null, film ? film.width / film.height : 16 / 9);
  parts.player.say(...stillWords(board, film));
  parts.timeline.show(film, view.number, known.came);
  parts.inspector.draw(scene, film, { look: view.look, isBusy: view.isBusy, canBuy: board.buying.is_on && view.status === "online" }, known.came);
  at("sheet").hidden = !view.isSheet || !board.findings.length;
  if (!at("sheet").hidden) parts.sheet(board);
}

function stillWords(board, film) {
  if (film?.reel) return [];
  if (board.condition === "error") return [h("h2", {}, "No reel yet"), h("p", { class: "quiet" }, "It is made as soon as the board can be read.")];
  if (board.condition === "empty" || (!film && board.condition !== "first")) {
    return [h("h2", {}, "The board has no scenes yet"), h("p", { class: "quiet" }, `Write the first one into ${board.board} and save: it shows here at once.`),
      h("pre", { tabindex: "0", "aria-label": "A scene to begin with" }, "scenes:\n  - id: opening\n    shots:\n      - duration: 4\n        prompt: A lighthouse in a storm goes dark.")];
  }
  return [h("h2", {}, "The first reel is on its way"), h("p", { class: "quiet" }, board.words),
    h("div", { class: "first-bar", "aria-hidden": "true" })];
}

// --- what is done

function onFrame(frame) {
  const { film } = known;
  if (!film?.reel) return;
  const planned = film.is_current ? frame : moved(frame, film.reel, asCut(film));
  parts.timeline.at(planned, parts.player.isPlaying);
  const number = sceneAt(asCut(film).scenes, planned) + 1;
  if (number !== view.number && parts.player.isPlaying && !parts.player.take) select(number);
}

const asCut = (film) => ({ frames: film.frames, scenes: film.scenes.map((scene) => [scene.id, scene.start, scene.end]) });

function seek(frame) {
  const { film } = known;
  if (!film) return;
  parts.player.show(null);
  view.look = null;
  parts.timeline.at(frame, false);
  parts.player.to(film.reel && !film.is_current ? moved(frame, asCut(film), film.reel) : frame);
  select(sceneAt(asCut(film).scenes, frame) + 1);
}

function select(number) {
  if (number === view.number && known.scene?.number === number) return draw();
  view.number = number;
  view.look = null;
  draw();
  askScene();
}

function playFrom(scene, frame) {
  if (view.isWall) turnWall();
  seek(frame);
  view.number = scene.number;
  askScene();
  parts.player.play();
}

function jumpShot(step) {
  const { film } = known;
  if (!film) return;
  const marks = film.scenes.flatMap((scene) => (scene.shots.length ? scene.shots.map(([start], index) => (index ? scene.start + start : clear(scene))) : [clear(scene)]));
  hop([...new Set(marks)].sort((a, b) => a - b), step);
}

const jumpScene = (step) => known.film && hop(known.film.scenes.map(clear), step);

function hop(marks, step) {
  const now = parts.timeline.frame ?? 0;
  const slack = parts.player.isPlaying && step < 0 ? known.film.fps / 2 : 0;
  const next = step > 0 ? marks.find((mark) => mark > now) : marks.findLast((mark) => mark < now - slack);
  seek(next ?? (step > 0 ? now : 0));
}

function look(index) {
  const take = known.scene?.takes[index];
  if (!take?.file) return;
  view.look = view.look === index ? null : index;
  const words = `Take ${take.take} of ${known.scene.id}${take.is_chosen ? ", in the film" : ""}`;
  parts.player.show(view.look === null ? null : take, words, !take.is_chosen && take.is_paid);
  draw();
}

async function pick(index) {
  const take = index === null ? null : known.scene?.takes[index];
  if (!take?.file || take.is_chosen || !take.is_paid) return;
  await doing("pick", { film: known.film.id, scene: known.scene.id, take: take.take });
}

async function buy(scenes) {
  if (!known.board?.buying.is_on) return;
  await doing("buy", { scenes });
}

async function doing(name, body) {
  if (view.isBusy) return;
  view.isBusy = true;
  draw();
  const answer = await act(name, body, known.board.action);
  view.isBusy = false;
  toast(answer);
  await refresh();
  draw();
}

function toast({ is_done: isDone, words }) {
  at("live").textContent = words;
  const note = h("div", { class: `toast${isDone ? "" : " is-failed"}` }, words);
  document.body.append(note);
  setTimeout(() => note.remove(), 4000);
}

function choose(id) {
  view.film = id;
  view.look = null;
  parts.player.show(null);
  const line = known.board.films.find((each) => each.id === id);
  history.replaceState(null, "", `#${encodeURIComponent(line.name)}`);
  refresh();
  draw();
}

function turnWall() {
  if ((known.board?.films.length ?? 0) < 2) return;
  view.isWall = !view.isWall;
  parts.player.pause();
  draw();
}

function turnSheet() {
  view.isSheet = !view.isSheet;
  if (!known.board.errors) view.closed = view.isSheet ? "by hand" : "";
  draw();
}

const player = parts.player;
keys({
  " ": () => player.toggle(),
  k: () => player.toggle(),
  j: () => player.backward(),
  l: () => player.forward(),
  ArrowLeft: () => jumpShot(-1),
  ArrowRight: () => jumpShot(1),
  ArrowUp: () => jumpScene(-1),
  ArrowDown: () => jumpScene(1),
  "shift ArrowLeft": () => seek(Math.max(0, parts.timeline.frame - 1)),
  "shift ArrowRight": () => seek(Math.min(known.film.frames - 1, parts.timeline.frame + 1)),
  Home: () => seek(0),
  End: () => known.film && seek(known.film.frames - 1),
  take: (number) => look(number - 1),
  p: () => pick(view.look),
  e: turnSheet,
  w: turnWall,
  m: () => player.mute(),
  f: () => player.full(),
  t: () => parts.bar.flip(),
  "+": () => parts.timeline.zoomBy(1.5),
  "=": () => parts.timeline.zoomBy(1.5),
  "-": () => parts.timeline.zoomBy(1 / 1.5),
  0: () => parts.timeline.zoomBy(0),
  "?": () => turnHelp(),
  Escape: () => {
    if (player.take) seek(parts.timeline.frame ?? 0);
    else if (view.isSheet) turnSheet();
  },
});

setInterval(() => {
  parts.timeline.tick();
  parts.inspector.tick();
}, 1000);
refresh();
follow(refresh, (status) => (status === "online" ? refresh() : setStatus(status)));
