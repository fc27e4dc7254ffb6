() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      layers.push(parse(style.backgroundColor));
      if (style.position === "fixed" || layers.at(-1).a === 1) break;
    }
    layers.push(parse(getComputedStyle(document.documentElement).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below));
  };
  const wrong = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const e = text.parentElement;
    if (!text.data.trim() || !e.checkVisibility({ visibilityProperty: true }) || e.closest(".unseen, noscript, option")) continue;
    const style = getComputedStyle(e);
    const back = behind(e);
    const [x, y] = [light(over(parse(style.color), back)), light(back)];
    const ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) wrong.add(`${ratio.toFixed(2)} ${style.color} ${e.className} ${text.data.trim().slice(0, 40)}`);
    if (size < 12) wrong.add(`small: ${size} ${text.data.trim().slice(0, 40)}`);
  }
  return [...wrong];
}
