// Where everybody is at a second, and what they do: the columns of ways.py, looked up. Draws nothing.

const PER_WAY = 6;

export class Ways {
  // `columns`: times, east, south, up (decimetres), since, doing; six for each person.
  constructor(columns) {
    this.columns = columns;
    this.count = Math.floor(columns.length / PER_WAY);
    this.cursor = new Int32Array(this.count);
    this.doings = new Int32Array(this.count);
  }

  // Write east, south and up into `out` from `at` on, and return whether the person is on the way.
  place(who, time, out, at) {
    const base = who * PER_WAY;
    const times = this.columns[base];
    const i = (this.cursor[who] = find(times, time, this.cursor[who]));
    const j = Math.min(i + 1, times.length - 1);
    const span = times[j] - times[i];
    const share = span > 0 ? Math.min(1, Math.max(0, (time - times[i]) / span)) : 0;
    for (let axis = 0; axis < 3; axis++) {
      const values = this.columns[base + 1 + axis];
      out[at + axis] = values[i] + (values[j] - values[i]) * share;
    }
    const east = this.columns[base + 1], south = this.columns[base + 2];
    return east[i] !== east[j] || south[i] !== south[j];
  }

  doing(who, time) {
    const base = who * PER_WAY;
    const since = this.columns[base + 4];
    const i = (this.doings[who] = find(since, time, this.doings[who]));
    return this.columns[base + 5][i];
  }

  // The points of a way between two seconds, as [east, south, …], its ends between points included.
  trail(who, from, to) {
    const base = who * PER_WAY;
    const times = this.columns[base], points = [], end = [0, 0, 0];
    this.place(who, from, end, 0);
    points.push(end[0], end[1]);
    for (let i = find(times, from, 0) + 1; i < times.length && times[i] < to; i++) {
      points.push(this.columns[base + 1][i], this.columns[base + 2][i]);
    }
    this.place(who, to, end, 0);
    points.push(end[0], end[1]);
    return points;
  }
}

// The last index whose value is not beyond `wanted`; looks near `guess` first, since time mostly goes on by a little.
function find(values, wanted, guess) {
  let low = 0, high = values.length - 1;
  if (values[guess] <= wanted) {
    if (guess === high || values[guess + 1] > wanted) return guess;
    if (guess + 1 === high || values[guess + 2] > wanted) return guess + 1;
    low = guess + 1;
  } else high = guess;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
