// Buttons, slider, lists and keys of the map. Knows the player and its elements, nothing else of the page.

import { dayOf, timeOfDay } from "./clock.js";

export function control(player, root) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const play = part("play"), slider = part("time"), speed = part("speed"), follow = part("follow");
  const several = player.end - player.start > 86400;
  const told = (time) => (several ? `day ${dayOf(time)}, ` : "") + timeOfDay(time);

  slider.min = player.start;
  slider.max = player.end;
  slider.value = player.time;
  slider.addEventListener("input", () => player.seek(Number(slider.value)));
  play.addEventListener("click", () => player.play(!player.playing));
  speed.addEventListener("change", () => (player.speed = Number(speed.value)));
  player.speed = Number(speed.value);
  follow.addEventListener("change", () => player.follow(Number(follow.value)));
  part("closer").addEventListener("click", () => player.zoomBy(1.5));
  part("wider").addEventListener("click", () => player.zoomBy(1 / 1.5));
  part("whole").addEventListener("click", () => {
    follow.value = "-1";
    player.follow(-1);
  });
  hands(player, follow);

  player.watch(() => {
    slider.value = player.time;
    slider.setAttribute("aria-valuetext", told(player.time));
    play.setAttribute("aria-label", player.playing ? "Pause" : "Play");
    play.classList.toggle("on", player.playing);
    if (follow.value !== String(player.followed)) follow.value = String(player.followed);
  });
  player.ask();
}

// Fingers and mice on the map: a click follows, a drag moves what is zoomed, the wheel zooms with Ctrl or Cmd held.
function hands(player) {
  const { canvas } = player;
  let from = null, moved = 0, apart = 0;
  const touching = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    touching.set(event.pointerId, event);
    from = { x: event.offsetX, y: event.offsetY };
    moved = 0;
    if (player.zoom > 1) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from || !touching.has(event.pointerId)) {
      canvas.style.cursor = player.personAt(event.offsetX, event.offsetY) >= 0 ? "pointer" : player.zoom > 1 ? "grab" : "";
      return;
    }
    touching.set(event.pointerId, event);
    if (touching.size === 2) {
      const [one, two] = [...touching.values()];
      const now = Math.hypot(one.offsetX - two.offsetX, one.offsetY - two.offsetY);
      if (apart) player.zoomBy(now / apart, (one.offsetX + two.offsetX) / 2, (one.offsetY + two.offsetY) / 2);
      apart = now;
      return;
    }
    const dx = event.offsetX - from.x, dy = event.offsetY - from.y;
    moved += Math.abs(dx) + Math.abs(dy);
    if (player.zoom > 1 && player.followed < 0) player.pan(dx * player.ratio, dy * player.ratio);
    from = { x: event.offsetX, y: event.offsetY };
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => {
      if (from && moved < 6 && name === "pointerup") player.follow(player.personAt(event.offsetX, event.offsetY));
      touching.delete(event.pointerId);
      apart = 0;
      from = null;
    });
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      player.zoomBy(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
    },
    { passive: false },
  );
}
