// The reel: it is replaced under the playhead, plays, shuttles, and shows a single take in its place when asked.
import { h, renew } from "./dom.js";
import { icon } from "./icons.js";
import { moved } from "./place.js";
import { clock, timecode } from "./words.js";

const BACKWARD_MS = 80;

export class Player {
  /** `onFrame(frame)` while it moves; `onPick()` for the take that is looked at. */
  constructor(root, { onFrame, onPick }) {
    this.onFrame = onFrame;
    this.reel = null;
    this.take = null;
    this.shuttle = 0;
    this.videos = [this.#video(), this.#video()];
    this.look = h("video", { class: "look", playsinline: true, preload: "metadata", loop: true, hidden: true, tabindex: "-1" });
    this.still = h("div", { class: "still" });
    this.label = h("div", { class: "look-label", hidden: true });
    this.frame = h("div", { class: "screen" }, this.videos, this.look, this.still, this.label);
    this.frame.addEventListener("click", (event) => event.target.closest("button") || this.toggle());
    this.seek = h("input", {
      type: "range", min: 0, max: 0, value: 0, step: 1, class: "seek", "aria-label": "Position",
      oninput: () => this.to(Number(this.seek.value)),
    });
    this.playing = h("button", { class: "button bare", onclick: () => this.toggle() });
    this.time = h("span", { class: "number time" });
    this.loudness = h("button", { class: "button bare", onclick: () => this.mute() });
    this.rate = h("span", { class: "number rate" });
    this.onPick = onPick;
    root.append(
      this.frame,
      h("div", { class: "transport" },
        h("button", { class: "button bare", "aria-label": "Shot before", title: "Shot before (←)", onclick: () => this.jump(-1) }, icon("back")),
        this.playing,
        h("button", { class: "button bare", "aria-label": "Next shot", title: "Next shot (→)", onclick: () => this.jump(1) }, icon("next")),
        this.time, this.seek, this.rate, this.loudness,
        h("button", { class: "button bare", "aria-label": "Full screen", title: "Full screen (f)", onclick: () => this.full() }, icon("full")),
      ),
    );
    this.jump = () => {};
    this.#buttons();
    const step = () => {
      if (this.#isMoving()) this.#tell();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  get video() { return this.videos[0]; }
  get at() { return this.reel ? Math.min(this.reel.frames - 1, Math.max(0, Math.floor(this.video.currentTime * this.reel.fps + 0.01))) : 0; }
  get isPlaying() { return Boolean(this.shuttle) || !(this.take ? this.look : this.video).paused; }

  /** Show another version of the reel at the same place, playing on if it plays. */
  load(reel, shape) {
    this.frame.style.setProperty("--shape", shape);
    if (!reel) {
      for (const video of this.videos) this.#empty(video);
      this.reel = null;
      return;
    }
    if (this.wanted === reel.id) return;
    this.wanted = reel.id;
    const [shown, next] = this.videos;
    const before = this.reel;
    const ready = () => {
      next.onloadedmetadata = next.onseeked = null;
      if (this.wanted !== reel.id) return;
      const goesOn = !shown.paused && !shown.ended;
      next.volume = shown.volume;
      next.muted = shown.muted;
      this.videos.reverse();
      this.reel = reel;
      next.hidden = false;
      shown.hidden = true;
      if (goesOn && !this.take) next.play().catch(() => this.#buttons());
      this.#empty(shown);
      this.seek.max = reel.frames - 1;
      this.#tell();
      this.#buttons();
    };
    next.onloadedmetadata = () => {
      const frame = before ? moved(this.at, before, reel) : 0;
      next.onseeked = ready;
      next.currentTime = (frame + 0.5) / reel.fps;
    };
    next.onerror = () => {
      if (this.wanted === reel.id) this.wanted = null;
    };
    next.src = `/file/${reel.id}`;
    next.preload = "auto";
    next.load();
  }

  /** Words in the place of a picture, or none. */
  say(...words) {
    this.still.hidden = !words.length;
    renew(this.still, words);
  }

  to(frame) {
    if (!this.reel) return;
    this.video.currentTime = (Math.max(0, Math.min(frame, this.reel.frames - 1)) + 0.5) / this.reel.fps;
    this.#tell(frame);
  }

  toggle() {
    if (this.shuttle) return this.pause();
    const video = this.take ? this.look : this.video;
    if (video.paused) this.play();
    else this.pause();
  }

  play(rate = 1) {
    this.#stopShuttle();
    const video = this.take ? this.look : this.video;
    if (!this.take && !this.reel) return;
    if (!this.take && this.at >= this.reel.frames - 1) this.to(0);
    video.playbackRate = rate;
    video.play().catch(() => {});
    this.#buttons();
  }

  pause() {
    this.#stopShuttle();
    for (const video of [this.video, this.look]) {
      video.pause();
      video.playbackRate = 1;
    }
    this.#buttons();
  }

  /** Forward faster with each call: once, twice, four times. */
  forward() {
    const video = this.take ? this.look : this.video;
    const now = !video.paused && !this.shuttle ? video.playbackRate : 0.5;
    this.play(Math.min(4, Math.max(1, now * 2)));
  }

  /** Backward, faster with each call; a browser cannot play backward, so it seeks. */
  backward() {
    const speed = this.shuttle ? Math.min(4, this.shuttle.speed * 2) : 1;
    this.pause();
    if (!this.reel) return;
    const timer = setInterval(() => {
      this.to(this.at - Math.round((speed * this.reel.fps * BACKWARD_MS) / 1000));
      if (this.at <= 0) this.pause();
    }, BACKWARD_MS);
    this.shuttle = { timer, speed };
    this.#buttons();
  }

  mute() {
    const isMuted = !this.video.muted;
    for (const video of [...this.videos, this.look]) video.muted = isMuted;
    this.#buttons();
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.frame.requestFullscreen?.().catch(() => {});
  }

  /** Look at one take where the reel is; none is the reel again. `label` are its words. */
  show(take, label, canPick) {
    if (this.take?.file === take?.file && this.take?.take === take?.take) return;
    this.pause();
    this.take = take;
    this.look.hidden = this.label.hidden = !take;
    if (!take) return this.#empty(this.look);
    this.look.muted = this.video.muted;
    this.look.src = `/file/${take.file}`;
    renew(this.label, h("span", {}, label),
      canPick && h("button", { class: "button small act", onclick: () => this.onPick() }, "Pick"),
      h("button", { class: "button small", onclick: () => this.show(null) }, "Back to the reel"));
    this.play();
  }

  #video() {
    return h("video", {
      playsinline: true, preload: "auto", tabindex: "-1", "aria-label": "The reel",
      onplay: () => this.#buttons(), onpause: () => this.#buttons(), onended: () => this.#buttons(),
      onseeked: () => this.#tell(),
    });
  }

  #empty(video) {
    video.onloadedmetadata = video.onseeked = video.onerror = null;
    video.pause();
    video.removeAttribute("src");
    video.load();
  }

  #stopShuttle() {
    if (this.shuttle) clearInterval(this.shuttle.timer);
    this.shuttle = 0;
  }

  #isMoving() { return this.reel && !this.video.paused; }

  #tell(frame = this.at) {
    if (!this.reel) return;
    this.seek.value = frame;
    this.seek.setAttribute("aria-valuetext", clock(frame / this.reel.fps));
    this.time.textContent = `${timecode(frame, this.reel.fps)}`;
    this.onFrame(frame);
  }

  #buttons() {
    const plays = this.isPlaying;
    const name = plays ? "Pause" : "Play";
    this.playing.setAttribute("aria-label", name);
    this.playing.title = `${name} (space)`;
    renew(this.playing, icon(plays ? "pause" : "play"));
    this.loudness.setAttribute("aria-label", this.video.muted ? "Sound on" : "Sound off");
    this.loudness.title = "Sound (m)";
    renew(this.loudness, icon(this.video.muted ? "muted" : "sound"));
    const rate = this.shuttle ? -this.shuttle.speed : this.video.playbackRate;
    this.rate.textContent = plays && rate !== 1 ? `${rate} ×` : "";
  }
}
