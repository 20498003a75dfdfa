"use strict";
// Looks through all posts, newest first, in the browser alone. Each file of posts is loaded when it is needed.
(() => {
  const place = document.getElementById("search");
  const status = document.getElementById("status");
  const results = document.getElementById("results");
  const more = document.getElementById("more");
  const field = document.querySelector("form[role=search] input");
  const PAGE = 50;
  const AHEAD = 3;
  const parts = new Map(); // number -> promise of its posts, newest first
  const waiting = new Map();

  const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = text => fold(text).match(/[\p{L}\p{N}]+/gu) || [];

  globalThis.deskblog = (n, rows) => {
    const posts = rows.map(([page, author, when, text, beside]) =>
      ({ page, author, when, text, words: wordsOf(`${author} ${text} ${beside}`) }));
    waiting.get(n)(posts.reverse());
  };

  const load = n => {
    if (n < 1) return null;
    if (!parts.has(n)) {
      parts.set(n, new Promise(done => {
        const script = document.createElement("script");
        waiting.set(n, done);
        script.onerror = () => { parts.delete(n); done(null); };
        script.src = `search/${n}.js`;
        document.head.append(script);
      }));
    }
    return parts.get(n);
  };

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const show = post => {
    const article = element("article", "", "post");
    const header = element("header");
    const link = element("a", post.when || "…", "when");
    link.href = post.page;
    header.append(element("h2", post.author), link);
    const text = element("div", "", "text");
    text.dir = "auto";
    for (const part of post.text.split("\n\n")) text.append(element("p", part, "lines"));
    article.append(header, text);
    results.append(article);
  };

  let run = 0;
  async function* find(asked) {
    for (let n = Number(place.dataset.parts); n > 0; n -= 1) {
      for (let ahead = 1; ahead <= AHEAD; ahead += 1) load(n - ahead);
      const posts = await load(n);
      if (posts === null) { status.dataset.broken = "yes"; continue; }
      for (const post of posts) {
        if (asked.every(word => post.words.some(other => other.startsWith(word)))) yield post;
      }
    }
  }

  async function look() {
    run += 1;
    const mine = run;
    const asked = wordsOf(field.value);
    results.replaceChildren();
    more.hidden = true;
    status.textContent = "";
    delete status.dataset.broken;
    try { history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`); } catch { /* opened from a disk */ }
    if (!asked.length) return;
    const found = find(asked);
    let count = 0;
    const page = async () => {
      more.hidden = true;
      for (let shown = 0; shown < PAGE; shown += 1) {
        const next = await found.next();
        if (mine !== run) return;
        if (next.done) { say(count, ""); return; }
        count += 1;
        show(next.value);
      }
      say(count, "+");
      more.hidden = false;
      more.onclick = page;
    };
    await page();
  }

  const say = (count, sign) => {
    const words = count ? `${place.dataset.found} ${count}${sign}` : place.dataset.none;
    status.textContent = status.dataset.broken ? `${words} ${place.dataset.part}` : words;
  };

  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  field.form.addEventListener("submit", event => { event.preventDefault(); look(); });
  field.value = new URLSearchParams(location.search).get("q") || "";
  if (!field.value) field.focus();
  look();
})();
