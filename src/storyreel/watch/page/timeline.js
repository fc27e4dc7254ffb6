// The film to scale: a ruler, scenes as filmstrips that overlap where their pictures do, the shape of the sound, a playhead.
import { h, onChange, renew, s } from "./dom.js";
import { icon } from "./icons.js";
import { clear } from "./place.js";
import { filmstrip } from "./strip.js";
import { clock, doingWords, doneShare } from "./words.js";

const TALL = 72;
const WAVE_TALL = 44;
const LEAST = { wide: 9, narrow: 30 };
const MOST_ZOOM = 16;

export class Timeline {
  constructor(root, { onSeek, onScene }) {
    Object.assign(this, { root, onSeek, onScene, film: null, chosen: 0, zoom: 1, peaks: null, wave: null, came: 0 });
    this.ruler = h("div", { class: "ruler", "aria-hidden": "true" });
    this.scenes = h("ol", { class: "scenes" });
    this.sound = h("canvas", { class: "sound", height: WAVE_TALL, role: "img", "aria-label": "Shape of the sound" });
    this.head = h("div", { class: "head", "aria-hidden": "true" });
    this.track = h("div", { class: "track" }, this.ruler, this.scenes, this.sound, this.head);
    this.scroll = h("div", { class: "scroll", tabindex: "-1" }, this.track);
    root.append(this.scroll);
    this.scroll.addEventListener("pointerdown", (event) => this.#drag(event));
    this.redraw = onChange(() => this.draw());
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /** `film` is its document, `came` when it came (ms). */
  show(film, chosen, came) {
    Object.assign(this, { film, chosen, came });
    if (film?.reel?.wave !== this.wave) this.#fetchWave(film?.reel?.wave);
    this.redraw(film, chosen, Boolean(this.peaks));
  }

  zoomBy(factor) {
    this.zoom = factor === 0 ? 1 : Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    this.draw();
  }

  draw() {
    const { film } = this;
    this.root.classList.toggle("is-empty", !film?.scenes.length);
    if (!film?.scenes.length) return renew(this.scenes);
    const seconds = film.frames / film.fps;
    const room = this.scroll.clientWidth - 40;
    if (room <= 0) return;
    const least = room < 700 ? LEAST.narrow : LEAST.wide;
    this.perFrame = (Math.max(room / seconds, least) * this.zoom) / film.fps;
    const width = film.frames * this.perFrame;
    this.track.style.width = `${width}px`;
    this.#rule(seconds, width);
    renew(this.scenes, film.scenes.map((scene, index) => this.#scene(scene, film.scenes[index + 1])));
    this.#wave();
    this.at(this.frame ?? 0, false);
  }

  /** Put the playhead on a frame of the film's plan. */
  at(frame, follows) {
    this.frame = frame;
    if (!this.perFrame) return;
    const x = frame * this.perFrame;
    this.head.style.transform = `translateX(${x}px)`;
    const { scrollLeft, clientWidth } = this.scroll;
    if (follows && (x < scrollLeft || x > scrollLeft + clientWidth - 60)) this.scroll.scrollLeft = x - clientWidth / 4;
  }

  /** The words and bars of what is being made, as time goes by. */
  tick() {
    for (const scene of this.film?.scenes ?? []) {
      if (scene.doing.elapsed_s === undefined) continue;
      const item = this.scenes.querySelector(`[data-focus="scene-${scene.number}"]`);
      const share = doneShare(scene.doing, performance.now() - this.came);
      item?.querySelector(".scene-bar")?.style.setProperty("--done", share ?? 0.3);
    }
  }

  #scene(scene, after) {
    const { film, perFrame } = this;
    const frames = scene.end - scene.start;
    const [left, width] = [scene.start * perFrame, frames * perFrame];
    const lap = scene.transition.overlap * perFrame;
    const seconds = frames / film.fps;
    const doing = doingWords(scene.doing, performance.now() - this.came);
    // What is to be read stands in the name as it is read: who speaks to a browser says what they see.
    const words = [`Scene ${scene.number}, ${scene.id}`, scene.price, scene.is_changed && "changed", scene.word, `${clock(scene.start / film.fps)} to ${clock(scene.end / film.fps)}`, doing].filter(Boolean).join(", ");
    const strip = filmstrip(scene.strip, seconds, width, TALL);
    const body = h("div", { class: "picture" }, strip, this.#fade(scene, after, width));
    body.style.clipPath = `polygon(0 100%, ${lap}px 0, 100% 0, 100% 100%)`;
    return h("li", { class: `scene is-${scene.standing}`, style: { left: `${left}px`, width: `${width}px` } },
      h("button", {
        class: "scene-button", "data-focus": `scene-${scene.number}`, "aria-label": words, title: words,
        "aria-current": scene.number === this.chosen ? "true" : false,
        onclick: (event) => this.onScene(scene, event.detail === 0 ? clear(scene) : this.#frameAt(event)),
      },
      body, this.#outline(scene, width, lap),
      scene.standing === "generating" && h("span", { class: "scene-bar", style: { "--done": doneShare(scene.doing, 0) ?? 0.3 } }),
      h("span", { class: "scene-label", style: { "padding-left": `${lap}px` } },
        icon(scene.standing), h("span", { class: "scene-id" }, width > 76 ? scene.id : width > 36 ? String(scene.number) : ""),
        width > 110 && scene.price && [" ", h("span", { class: "scene-price" }, scene.price)],
        width > 170 && scene.is_changed && [" ", h("span", { class: "scene-changed" }, "changed")])));
  }

  #outline(scene, width, lap) {
    const right = Math.max(lap + 2, width) - 1;
    const svg = s("svg", { class: "outline", width, height: TALL, "aria-hidden": "true" },
      ["under", "over"].map((name) => s("path", { class: name, d: `M1 ${TALL - 1}L${Math.max(1, lap)} 1H${right}V${TALL - 1}Z` })));
    for (const [start] of scene.shots.slice(1)) {
      const x = start * this.perFrame;
      svg.append(s("line", { x1: x, x2: x, y1: TALL - 9, y2: TALL - 1 }));
    }
    return svg;
  }

  #fade(scene, after, width) {
    const share = (transition) => (transition?.kind === "fade" ? (transition.frames * this.perFrame) / 2 : 0);
    const [into, out] = [share(scene.transition) * (scene.number === 1 ? 2 : 1), share(after?.transition)];
    return [into > 0 && h("span", { class: "fade in", style: { width: `${Math.min(into, width)}px` } }),
      out > 0 && h("span", { class: "fade out", style: { width: `${Math.min(out, width)}px` } })];
  }

  #rule(seconds, width) {
    const step = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((each) => (each / seconds) * width >= 68) ?? 600;
    const marks = [];
    for (let second = 0; second <= seconds - step * 0.3; second += step) {
      const words = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
      marks.push(h("span", { style: { left: `${(second / seconds) * width}px` } }, words));
    }
    renew(this.ruler, marks);
  }

  async #fetchWave(wave) {
    this.wave = wave;
    if (!wave) this.peaks = null;
    else {
      try {
        const answer = await fetch(`/file/${wave}`);
        if (answer.ok && this.wave === wave) this.peaks = new Uint8Array(await answer.arrayBuffer());
      } catch { /* Without it there is only no shape of the sound. */ }
    }
    this.#wave();
  }

  #wave() {
    const { film, sound } = this;
    const width = Math.round(film?.frames ? film.frames * this.perFrame : 0);
    const scale = Math.min(2, window.devicePixelRatio || 1, 16000 / Math.max(1, width));
    sound.width = Math.max(1, Math.round(width * scale));
    sound.height = WAVE_TALL * scale;
    sound.style.width = `${width}px`;
    if (!this.peaks?.length || !film?.reel) return;
    const paint = sound.getContext("2d");
    paint.fillStyle = getComputedStyle(sound).color;
    const middle = (WAVE_TALL * scale) / 2;
    const perPeak = (film.fps / film.reel.wave_hz) * this.perFrame * scale;
    const bar = Math.max(1, Math.round(1.5 * scale));
    for (let x = 0; x < sound.width; x += bar * 2) {
      const first = Math.floor(x / perPeak);
      let peak = 0;
      for (let i = first; i <= Math.floor((x + bar * 2) / perPeak); i += 1) peak = Math.max(peak, this.peaks[i] ?? 0);
      const tall = Math.max(scale, (peak / 255) * middle * 1.9);
      paint.fillRect(x, middle - tall / 2, bar, tall);
    }
  }

  #frameAt(event) {
    const left = this.track.getBoundingClientRect().left;
    return Math.max(0, Math.min(this.film.frames - 1, Math.floor((event.clientX - left) / this.perFrame)));
  }

  #drag(event) {
    if (!this.film || event.button !== 0 || event.target.closest(".scene-button")) return;
    const move = (moving) => this.onSeek(this.#frameAt(moving));
    move(event);
    if (event.pointerType === "touch") return;
    const stop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
  }
}
