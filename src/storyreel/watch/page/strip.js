// A filmstrip drawn from a sheet of frames side by side, as wide as its time: a slot shows the frame of its middle.
import { h } from "./dom.js";

const NARROWEST = 42;

/** `strip` is [file, tiles, width, height]; slots cover `seconds` on `width` pixels of `height`. */
export function filmstrip(strip, seconds, width, height) {
  const box = h("div", { class: "frames", "aria-hidden": "true" });
  if (!strip || width <= 0) return box;
  const [file, tiles, wide, tall] = strip;
  const perSecond = width / seconds;
  const step = Math.max(1, Math.ceil(NARROWEST / perSecond));
  for (let second = 0; second < seconds; second += step) {
    const slot = Math.min(step, seconds - second) * perSecond;
    const full = step * perSecond;
    const scale = Math.max(height / tall, full / wide);
    const tile = Math.min(tiles - 1, Math.floor(second + step / 2));
    const left = -(tile * wide * scale) - (wide * scale - full) / 2;
    box.append(h("div", {
      class: "slot",
      style: {
        width: `${slot}px`,
        "background-image": `url("/file/${file}")`,
        "background-size": `${tiles * wide * scale}px ${tall * scale}px`,
        "background-position": `${left}px ${-(tall * scale - height) / 2}px`,
      },
    }));
  }
  return box;
}

/** One frame of a sheet, as an element that fills its box: a wide one to its sides, a tall one to its height. */
export function frameOf(strip, tile) {
  const [file, tiles, wide, tall] = strip;
  return h("div", {
    class: wide > tall ? "frame" : "frame is-tall",
    "aria-hidden": "true",
    style: {
      "aspect-ratio": `${wide} / ${tall}`,
      "background-image": `url("/file/${file}")`,
      "background-size": `${tiles * 100}% 100%`,
      "background-position": `${tiles > 1 ? (Math.min(tile, tiles - 1) / (tiles - 1)) * 100 : 0}% 0`,
    },
  });
}
