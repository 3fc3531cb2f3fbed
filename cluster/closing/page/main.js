// Wakes the report: reads the data blocks and gives each section its life. A section that fails leaves the others be.

import { beside } from "./beside.js";
import { control } from "./controls.js";
import { events } from "./events.js";
import { spreadFaces } from "./faces.js";
import { Player } from "./player.js";
import { theme } from "./theme.js";
import { unpack } from "./unpack.js";
import { Ways } from "./ways.js";
import { world3d } from "./world3d.js";

const element = (id) => document.getElementById(id);
const data = (id) => (element(id) ? JSON.parse(element(id).textContent) : null);

function awake(name, work) {
  try {
    return work();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    return null;
  }
}

const run = data("run-data"), told = data("event-data");

const player = awake("map", () => {
  const root = element("map"), picture = root && root.querySelector(".stage img");
  if (!run || !run.ways || !picture) return null;
  const ways = new Ways(unpack(run.ways));
  const made = new Player(root.querySelector("canvas"), { picture, frame: run.frame, ways, people: run.people, start: run.start, end: run.end });
  const number = new Map(run.people.map((person, i) => [person.id, i]));
  const said = told.said.map(([time, who, to, words]) => ({ time, who, to, words }));
  const needs = run.needs && { every: run.needs.every, names: run.needs.names, columns: unpack(run.needs.columns) };
  beside(made, root, { doings: run.doings, said, needs });
  control(made, root);
  root.classList.add("live");
  made.resize();
  made.seek(run.opens);
  for (const link of document.querySelectorAll("[data-follow]")) {
    link.hidden = false;
    link.addEventListener("click", () => {
      made.follow(number.get(link.dataset.follow));
      root.scrollIntoView();
    });
  }
  return made;
});

function seek(time, scroll = true) {
  if (!player) return;
  player.play(false);
  player.seek(time);
  if (scroll) element("map").scrollIntoView();
}

awake("faces", () => spreadFaces());
for (const copy of document.querySelectorAll("[data-map-copy]")) copy.src = document.querySelector(".stage img").src;
awake("events", () => told && events(element("events-live"), { ...told, people: run.people, places: run.places }, seek));
awake("world", () => element("world-file") && world3d(element("world-live"), player));
awake("colours", () => theme(element("theme"), () => player && player.restyle()));
for (const button of document.querySelectorAll("button[data-at]")) {
  button.addEventListener("click", () => seek(Number(button.dataset.at)));
}
// For tests and for those who look under the hood.
window.worldloom = { player };
performance.mark("worldloom-awake");
