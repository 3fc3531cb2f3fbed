// The map with everybody on it at one second: draws, zooms, follows, plays. Knows no page around it but its canvas.

import { darkness } from "./clock.js";
import { roundFace } from "./faces.js";

const FACES_UP_TO = 60;
const LONGEST_ZOOM = 9;
const TRAIL_SECONDS = 3600;
const SLEEPING = 5, WALKING = 1;

export class Player {
  // `picture`: the map; `frame`: {x, y, side} in decimetres, the part of the world that it shows; `people`: {id, hue, …}.
  constructor(canvas, { picture, frame, ways, people, start, end }) {
    Object.assign(this, { canvas, picture, frame, ways, people, start, end });
    this.pen = canvas.getContext("2d");
    this.time = start;
    this.speed = 600;
    this.playing = false;
    this.followed = -1;
    this.talking = new Set();
    this.zoom = 1;
    this.centre = { x: frame.x + frame.side / 2, y: frame.y + frame.side / 2 };
    this.places = new Float64Array(people.length * 3);
    this.watchers = [];
    this.wanted = false;
    this.faces = people.length <= FACES_UP_TO ? people.map((person) => roundFace(person.id, 96)) : [];
    this.colours = [];
    this.restyle();
    this.resize();
    new ResizeObserver(() => this.resize()).observe(canvas);
    picture.decode().then(() => this.draw(), () => {});
    this.faces.length && setTimeout(() => this.draw(), 400);
  }

  // Tell `watcher` of every new second, zoom or follow.
  watch(watcher) {
    this.watchers.push(watcher);
  }

  restyle() {
    const style = getComputedStyle(document.documentElement);
    this.colours = Array.from({ length: 8 }, (_, i) => style.getPropertyValue(`--c${i}`).trim() || "#357");
    this.ask();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    this.ratio = ratio;
    this.ask();
  }

  seek(time) {
    this.time = Math.min(this.end, Math.max(this.start, time));
    this.ask();
  }

  play(on = true) {
    this.playing = on && this.time < this.end ? true : on ? (this.seek(this.start), true) : false;
    this.last = performance.now();
    this.ask();
  }

  follow(who) {
    this.followed = who;
    if (who >= 0 && this.zoom < 2.2) this.zoom = 2.6;
    if (who < 0) this.whole();
    this.ask();
  }

  whole() {
    this.zoom = 1;
    this.centre = { x: this.frame.x + this.frame.side / 2, y: this.frame.y + this.frame.side / 2 };
    this.ask();
  }

  zoomBy(factor, px, py) {
    const before = px === undefined ? null : this.world(px, py);
    this.zoom = Math.min(LONGEST_ZOOM, Math.max(1, this.zoom * factor));
    if (before) {
      const after = this.world(px, py);
      this.centre.x += before.x - after.x;
      this.centre.y += before.y - after.y;
    }
    this.ask();
  }

  pan(dx, dy) {
    this.centre.x -= dx / this.scale();
    this.centre.y -= dy / this.scale();
    this.ask();
  }

  // Pixels of the canvas for a decimetre.
  scale() {
    return (Math.min(this.canvas.width, this.canvas.height) / this.frame.side) * this.zoom;
  }

  world(px, py) {
    const scale = this.scale();
    return {
      x: this.centre.x + (px * this.ratio - this.canvas.width / 2) / scale,
      y: this.centre.y + (py * this.ratio - this.canvas.height / 2) / scale,
    };
  }

  // The person nearest to a point of the canvas (in pixels of the page), at most a finger's breadth away; -1 for none.
  personAt(px, py) {
    const at = this.world(px, py), reach = (22 * this.ratio) / this.scale();
    let best = -1, least = reach * reach;
    for (let who = 0; who < this.people.length; who++) {
      const dx = this.places[3 * who] - at.x, dy = this.places[3 * who + 1] - at.y;
      if (dx * dx + dy * dy < least) [best, least] = [who, dx * dx + dy * dy];
    }
    return best;
  }

  ask() {
    if (this.wanted) return;
    this.wanted = true;
    requestAnimationFrame((now) => this.frameAt(now));
  }

  frameAt(now) {
    this.wanted = false;
    if (this.playing) {
      this.time = Math.min(this.end, this.time + (Math.min(100, now - this.last) / 1000) * this.speed);
      this.last = now;
      if (this.time >= this.end) this.playing = false;
    }
    this.draw();
    for (const watcher of this.watchers) watcher(this);
    if (this.playing) this.ask();
  }

  draw() {
    for (let who = 0; who < this.people.length; who++) this.ways.place(who, this.time, this.places, 3 * who);
    if (this.followed >= 0) {
      this.centre = { x: this.places[3 * this.followed], y: this.places[3 * this.followed + 1] };
    }
    this.keepInside();
    const { pen, canvas, frame, picture } = this, scale = this.scale();
    this.left = canvas.width / 2 - (this.centre.x - frame.x) * scale;
    this.top = canvas.height / 2 - (this.centre.y - frame.y) * scale;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (picture.complete && picture.naturalWidth) {
      pen.imageSmoothingQuality = "high";
      pen.drawImage(picture, this.left, this.top, frame.side * scale, frame.side * scale);
    }
    this.drawNight();
    if (this.followed >= 0) this.drawTrail();
    if (this.faces.length) this.drawFaces();
    else this.drawDots();
  }

  keepInside() {
    const { frame, canvas } = this, scale = this.scale();
    for (const [axis, size] of [["x", canvas.width], ["y", canvas.height]]) {
      const half = Math.min(frame.side, size / scale) / 2;
      this.centre[axis] = Math.min(frame[axis] + frame.side - half, Math.max(frame[axis] + half, this.centre[axis]));
    }
  }

  drawNight() {
    const dark = darkness(this.time);
    if (dark <= 0) return;
    const { pen, canvas } = this;
    pen.globalCompositeOperation = "multiply";
    pen.fillStyle = `rgba(38, 52, 104, ${0.72 * dark})`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.globalCompositeOperation = "screen";
    const scale = this.scale(), radius = Math.max(10 * this.ratio, 55 * scale);
    const lit = new Set();
    for (let who = 0; who < this.people.length; who++) {
      if (this.ways.doing(who, this.time) === SLEEPING) continue;
      const x = this.px(who), y = this.py(who), key = `${Math.round((2 * x) / radius)} ${Math.round((2 * y) / radius)}`;
      if (lit.has(key)) continue;
      lit.add(key);
      const glow = pen.createRadialGradient(x, y, 0, x, y, radius);
      glow.addColorStop(0, `rgba(255, 190, 96, ${0.55 * dark})`);
      glow.addColorStop(1, "rgba(255, 170, 70, 0)");
      pen.fillStyle = glow;
      pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    pen.globalCompositeOperation = "source-over";
  }

  px(who) {
    return this.left + (this.places[3 * who] - this.frame.x) * this.scale();
  }

  py(who) {
    return this.top + (this.places[3 * who + 1] - this.frame.y) * this.scale();
  }

  drawTrail() {
    const { pen, ratio } = this, scale = this.scale();
    const points = this.ways.trail(this.followed, Math.max(this.start, this.time - TRAIL_SECONDS), this.time);
    pen.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      pen.lineTo(this.left + (points[i] - this.frame.x) * scale, this.top + (points[i + 1] - this.frame.y) * scale);
    }
    pen.lineJoin = pen.lineCap = "round";
    for (const [width, colour] of [[6, "rgba(255,255,255,.75)"], [3, this.colours[this.people[this.followed].hue]]]) {
      pen.lineWidth = width * ratio;
      pen.strokeStyle = colour;
      pen.stroke();
    }
  }

  drawDots() {
    const { pen, ratio } = this, radius = Math.min(9, 3.2 + this.zoom) * ratio;
    for (let hue = 0; hue < this.colours.length; hue++) {
      pen.beginPath();
      for (let who = 0; who < this.people.length; who++) {
        if (this.people[who].hue !== hue) continue;
        const x = this.px(who), y = this.py(who);
        pen.moveTo(x + radius, y);
        pen.arc(x, y, radius, 0, 6.2832);
      }
      pen.fillStyle = this.colours[hue];
      pen.fill();
      pen.lineWidth = ratio;
      pen.strokeStyle = "rgba(255,255,255,.85)";
      pen.stroke();
    }
    if (this.followed >= 0) this.drawOne(this.followed, 12 * ratio);
  }

  drawFaces() {
    const radius = Math.min(26, (this.canvas.width / this.ratio > 480 ? 9 : 7) + 2.6 * this.zoom) * this.ratio;
    for (let who = 0; who < this.people.length; who++) {
      if (who !== this.followed) this.drawOne(who, radius);
    }
    if (this.followed >= 0) this.drawOne(this.followed, radius * 1.3);
  }

  drawOne(who, radius) {
    const { pen, ratio } = this, person = this.people[who], x = this.px(who), y = this.py(who);
    const doing = this.ways.doing(who, this.time), face = this.faces[who];
    pen.globalAlpha = doing === SLEEPING ? 0.62 : 1;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 6.2832);
    pen.fillStyle = this.colours[person.hue];
    pen.fill();
    if (face && face.dataset.ready) pen.drawImage(face, x - radius, y - radius, 2 * radius, 2 * radius);
    else if (radius > 7 * ratio) {
      pen.fillStyle = "#fff";
      pen.font = `600 ${Math.round(radius * 0.85)}px system-ui, sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(person.initials, x, y + radius * 0.06);
    }
    pen.lineWidth = (who === this.followed ? 3 : 1.6) * ratio;
    pen.strokeStyle = who === this.followed ? this.colours[person.hue] : doing === WALKING ? "#fff" : "rgba(255,255,255,.9)";
    pen.stroke();
    pen.globalAlpha = 1;
    if (this.talking.has(who)) this.drawBubble(x + radius * 0.7, y - radius * 0.8, Math.max(4.5 * ratio, radius * 0.5));
  }

  drawBubble(x, y, size) {
    const { pen } = this;
    pen.fillStyle = "#fff";
    pen.strokeStyle = "rgba(40,40,40,.55)";
    pen.lineWidth = this.ratio * 0.8;
    pen.beginPath();
    pen.ellipse(x, y, size * 1.15, size * 0.85, 0, 0.9, 6.6);
    pen.lineTo(x - size * 0.9, y + size * 1.25);
    pen.closePath();
    pen.fill();
    pen.stroke();
    pen.fillStyle = "#444";
    for (const dx of [-0.5, 0, 0.5]) {
      pen.beginPath();
      pen.arc(x + dx * size, y, size * 0.15, 0, 6.3);
      pen.fill();
    }
  }
}
