// Simulated seconds as people read them. Never the time of the wall.

const two = (value) => String(value).padStart(2, "0");

export function timeOfDay(seconds) {
  const rest = Math.floor(seconds) % 86400;
  return `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}`;
}

export function dayOf(seconds) {
  return Math.floor(seconds / 86400) + 1;
}

// How dark it is, 0 (day) to 1 (night), with an hour of dusk and of dawn.
export function darkness(seconds) {
  const hour = (seconds % 86400) / 3600;
  const ramp = (from, to) => Math.min(1, Math.max(0, (hour - from) / (to - from)));
  return Math.max(1 - ramp(5, 6.5), ramp(20, 21.5));
}
