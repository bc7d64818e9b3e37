"use strict";
// Hover, keyboard, search and an overview for the drawings of the page. All data is in the page; nothing is fetched, and
// no text becomes markup.
(() => {
  const pictures = JSON.parse(document.getElementById("data").textContent);
  const card = document.getElementById("card");
  const search = document.getElementById("search");
  const answer = document.getElementById("answer");
  const overview = document.getElementById("overview");

  // Every region of the page, in the order of addresses panel by panel.
  const regions = [];
  pictures.forEach((picture, p) => {
    picture.panels.forEach((panel, n) => {
      const inPanel = panel.regions.map((region, place) => ({
        ...region, picture: p, panel: n, axis: panel.axis, heading: panel.title,
        low: BigInt(region.start), high: BigInt(region.end),
        element: document.getElementById(`r${p}-${n}-${place}`),
      }));
      inPanel.sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
      regions.push(...inPanel);
    });
  });
  const byElement = new Map(regions.map((region) => [region.element, region]));
  let chosen = null;

  const same = (region) => regions.filter((other) => other.picture === region.picture && other.key === region.key);

  function line(list, name, value) {
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    const pair = document.createElement("div");
    term.textContent = name;
    text.textContent = value;
    pair.append(term, text);
    list.append(pair);
  }

  function tell(region) {
    const list = document.createElement("dl");
    line(list, "in", `${region.heading} (${region.axis})`);
    region.said.forEach(([name, value]) => line(list, name, value));
    for (const other of same(region)) {
      if (other.panel !== region.panel) line(list, other.heading, `${other.start}..${other.end}`);
    }
    card.replaceChildren(list);
    card.hidden = false;
  }

  function mark(region) {
    document.querySelectorAll(".region.same").forEach((each) => each.classList.remove("same"));
    if (region) same(region).forEach((other) => other.element.classList.add("same"));
  }

  function look(region) {
    mark(region || chosen);
    if (region || chosen) tell(region || chosen);
    else card.hidden = true;
  }

  function choose(region) {
    if (chosen) {
      chosen.element.classList.remove("chosen");
      chosen.element.setAttribute("tabindex", "-1");
    }
    chosen = region;
    if (region) {
      region.element.classList.add("chosen");
      region.element.setAttribute("tabindex", "0");
      region.element.focus({ preventScroll: true });
      region.element.scrollIntoView({ block: "center", inline: "nearest" });
    }
    look(null);
  }

  // --- pointer and focus

  document.addEventListener("mouseover", (event) => {
    const element = event.target.closest ? event.target.closest(".region[id]") : null;
    look(element ? byElement.get(element) : null);
  });
  document.addEventListener("click", (event) => {
    const element = event.target.closest(".region[id]");
    if (element) choose(byElement.get(element));
  });
  document.addEventListener("focusin", (event) => {
    const region = byElement.get(event.target);
    if (region && region !== chosen) choose(region);
  });

  // --- search

  let hits = [];

  function address(text) {
    const plain = text.replace(/[_\s]/g, "").toLowerCase();
    if (/^0x[0-9a-f]{1,20}$/.test(plain)) return BigInt(plain);
    return /^[0-9a-f]{6,20}$/.test(plain) ? BigInt(`0x${plain}`) : null;
  }

  function holds(region, wanted) {
    return region.low <= wanted && (wanted < region.high || wanted === region.low);
  }

  function beside(wanted) {
    const below = regions.filter((region) => region.high <= wanted);
    const last = below.reduce((best, region) => (best === null || region.high > best.high ? region : best), null);
    return last ? `free: the region before it, ${last.key}, ends at ${last.end}` : "free, and no region is below it";
  }

  function find() {
    const text = search.value.trim();
    const wanted = address(text);
    const lower = text.toLowerCase();
    const spoken = (region) => [region.key, region.type, ...region.said.flat()].join("\n").toLowerCase();
    hits = [];
    if (wanted !== null) hits = regions.filter((region) => holds(region, wanted));
    else if (text) hits = regions.filter((region) => spoken(region).includes(lower));
    document.querySelectorAll(".region.hit").forEach((each) => each.classList.remove("hit"));
    hits.forEach((region) => region.element.classList.add("hit"));
    document.querySelectorAll(".picture").forEach((each) => each.classList.toggle("sought", hits.length > 0));
    if (!text) answer.textContent = "";
    else if (hits.length) answer.textContent = `${hits.length} found`;
    else answer.textContent = wanted === null ? "nothing found" : beside(wanted);
    paint();
  }

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !hits.length) return;
    event.preventDefault();
    const step = event.shiftKey ? hits.length - 1 : 1;
    const at = hits.indexOf(chosen);
    const next = at < 0 ? 0 : (at + step) % hits.length;
    choose(hits[next]);
    answer.textContent = `${next + 1} of ${hits.length} found`;
    search.focus({ preventScroll: true });
  });

  // --- keyboard

  function along(step) {
    const at = chosen ? regions.indexOf(chosen) + step : 0;
    if (at >= 0 && at < regions.length) choose(regions[at]);
  }

  function across(step) {
    if (!chosen) return along(0);
    const twins = same(chosen).filter((other) => (other.panel - chosen.panel) * step > 0);
    twins.sort((a, b) => (a.panel - b.panel) * step);
    if (twins.length) choose(twins[0]);
  }

  const keys = {
    ArrowDown: () => along(1), ArrowUp: () => along(-1), ArrowRight: () => across(1), ArrowLeft: () => across(-1),
    "/": () => { search.focus(); search.select(); },
    Escape: () => { search.value = ""; find(); choose(null); search.blur(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in keys)) return;
    if (event.target === search && event.key !== "Escape") return;
    event.preventDefault();
    keys[event.key]();
  });

  // --- overview: the whole page at the right edge, with what is seen of it

  let places = [];

  function measure() {
    const height = document.documentElement.scrollHeight;
    places = regions.map((region) => {
      const box = region.element.getBoundingClientRect();
      const colour = getComputedStyle(region.element.querySelector("rect")).fill;
      return { region, top: (box.top + scrollY) / height, size: box.height / height, colour };
    });
    paint();
  }

  function paint() {
    const whole = document.documentElement.scrollHeight;
    overview.hidden = whole <= innerHeight + 4;
    if (overview.hidden) return;
    const width = (overview.width = 40 * devicePixelRatio);
    const height = (overview.height = innerHeight * devicePixelRatio);
    const brush = overview.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const columns = Math.max(...pictures.map((picture) => picture.panels.length), 1);
    for (const each of places) {
      brush.fillStyle = each.colour;
      brush.globalAlpha = hits.length && !hits.includes(each.region) ? 0.2 : 1;
      brush.fillRect((each.region.panel * width) / columns, each.top * height, width / columns, Math.max(1, each.size * height));
    }
    brush.globalAlpha = 1;
    brush.fillStyle = style.getPropertyValue("--mark");
    for (const region of hits.slice(0, 500)) {
      const place = places[regions.indexOf(region)];
      if (place) brush.fillRect(0, place.top * height, width / 4, hits.length > 100 ? 1 : 3);
    }
    brush.strokeStyle = style.getPropertyValue("--ink");
    brush.lineWidth = 2;
    brush.strokeRect(1, (scrollY / whole) * height, width - 2, (innerHeight / whole) * height);
  }

  overview.addEventListener("click", (event) => {
    scrollTo(0, (event.clientY / innerHeight) * document.documentElement.scrollHeight - innerHeight / 2);
  });
  addEventListener("scroll", paint, { passive: true });
  addEventListener("resize", measure);
  document.querySelectorAll("details").forEach((each) => each.addEventListener("toggle", measure));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", measure);
  if (regions.length) regions[0].element.setAttribute("tabindex", "0");
  measure();
})();
