// What stands beside the map: the clock, what people do, who is followed, what was just said. Writes text, never markup.

import { dayOf, timeOfDay } from "./clock.js";
import { faceOf } from "./faces.js";

const LINES = 7;
const LATELY = 90; // seconds of simulated time for which somebody counts as talking

export function beside(player, root, { doings, said, needs }) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const clock = part("clock"), day = part("day"), tally = part("tally"), talk = part("talk"), person = part("person");
  const times = said.map((line) => line.time);
  let shown = "", followed = -2, minute = -1;

  player.watch(() => {
    const now = Math.floor(player.time / 60);
    if (now === minute && followed === player.followed) return;
    minute = now;
    clock.textContent = timeOfDay(player.time);
    day.textContent = `day ${dayOf(player.time)}`;
    count(player, doings, tally);
    const last = upTo(times, player.time);
    player.talking = new Set();
    for (let i = last; i >= 0 && times[i] > player.time - LATELY; i--) player.talking.add(said[i].who);
    const lines = recent(said, last, player.followed);
    const key = lines.map((line) => line.number).join();
    if (key !== shown) {
      shown = key;
      talk.replaceChildren(...lines.map((line) => row(player, line)));
    }
    if (followed !== player.followed) followed = player.followed;
    describe(player, person, doings, needs);
  });
}

function upTo(times, wanted) {
  let low = -1, high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

function recent(said, last, followed) {
  const lines = [];
  for (let i = last; i >= 0 && lines.length < LINES && last - i < 4000; i--) {
    if (followed < 0 || said[i].who === followed || said[i].to === followed) lines.push({ number: i, ...said[i] });
  }
  return lines;
}

function row(player, line) {
  const item = document.createElement("li"), face = picture(player.people[line.who]);
  const words = document.createElement("q"), head = document.createElement("span");
  head.className = "quiet small";
  const to = line.to >= 0 ? ` to ${player.people[line.to].name}` : "";
  head.textContent = `${timeOfDay(line.time)} ${player.people[line.who].name}${to}`;
  words.textContent = line.words;
  const text = document.createElement("div");
  text.append(head, words);
  item.append(face, text);
  return item;
}

function picture(person) {
  const source = faceOf(person.id);
  const face = document.createElement(source ? "img" : "span");
  face.className = `mini h${person.hue}`;
  if (source) {
    face.src = source.src;
    face.alt = "";
  } else face.textContent = person.initials;
  return face;
}

function count(player, doings, tally) {
  const counts = new Map();
  for (let who = 0; who < player.people.length; who++) {
    const name = doings[player.ways.doing(who, player.time)];
    counts.set(name, (counts.get(name) || 0) + 1);
  }
  const words = [...counts].sort((one, two) => two[1] - one[1]).map(([name, number]) => `${number} ${name}`);
  tally.textContent = words.join(" · ");
}

function describe(player, root, doings, needs) {
  root.hidden = player.followed < 0;
  if (root.hidden) return;
  const who = player.followed, person = player.people[who];
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  if (root.dataset.who !== person.id) {
    root.dataset.who = person.id;
    part("face").replaceChildren(picture(person));
    part("name").textContent = person.name;
    part("name").href = `#${person.id}`;
    part("job").textContent = person.job;
  }
  part("doing").textContent = doings[player.ways.doing(who, player.time)];
  if (!needs) return;
  const at = Math.round((player.time - player.start) / needs.every);
  needs.names.forEach((name, i) => {
    const column = needs.columns[who * needs.names.length + i];
    const value = column[Math.min(column.length - 1, at)];
    const bar = part(`need-${i}`);
    bar.setAttribute("width", value);
    bar.parentNode.setAttribute("aria-label", `${name} ${value} %`);
  });
}
