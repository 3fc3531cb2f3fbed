// The world in three dimensions as it stands now: loads it, and moves people to where they are told to be. Drawing is
// the report's scene3d.js. Texts are put in by Vue, which escapes them.

const MOVE_MS = 1000, FRAME_MS = 80; // figures are small: more frames would only warm the machine that runs the world
const LIBRARY = "/viewer/three.bundle.js", SCENE = "/viewer/scene3d.js";

// What scene3d.js calls a player: everybody goes in a second from where they were to where they are.
class Live {
  constructor(people, frame, colours) {
    Object.assign(this, { people, frame, colours, time: 0, followed: -1, began: 0, stirring: false, watchers: [] });
    this.places = new Float64Array(3 * people.length);
    this.from = new Float64Array(3 * people.length);
    this.to = new Float64Array(3 * people.length);
    this.ways = { place: (who, _time, out, at) => this.place(who, out, at) };
  }

  place(who, out, at) {
    const share = Math.min(1, (performance.now() - this.began) / MOVE_MS);
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * who + axis;
      out[at + axis] = this.places[i] = this.from[i] + (this.to[i] - this.from[i]) * share;
    }
  }

  go(places, time) {
    const first = !this.began;
    for (let who = 0; who < this.people.length; who++) this.place(who, this.from, 3 * who);
    this.to.set(places.slice(0, this.to.length));
    if (first) this.from.set(this.to);
    Object.assign(this, { time, began: performance.now() });
    this.stir();
  }

  // Has the picture drawn until everybody has arrived.
  stir() {
    if (this.stirring) return;
    this.stirring = true;
    const tick = () => {
      this.tell();
      this.stirring = performance.now() - this.began < MOVE_MS + 100;
      if (this.stirring) setTimeout(tick, FRAME_MS);
    };
    tick();
  }

  watch(watcher) {
    this.watchers.push(watcher);
  }

  tell() {
    for (const watcher of this.watchers) watcher(this);
  }
}

function library() {
  if (window.THREE) return window.THREE;
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = () => done(window.THREE);
    script.onerror = () => fail(new Error("the viewer's library did not start"));
    document.head.append(script);
  });
}

export default {
  template: `
    <div class="world" :class="{entered}">
      <div class="scene">
        <canvas ref="canvas" data-part="canvas" tabindex="0" role="application"
                aria-label="The world; arrow keys turn it, plus and minus come nearer"></canvas>
        <p v-if="note || waiting" class="gate" role="status">{{ note || waiting }}</p>
      </div>
      <div class="hands">
        <button type="button" data-part="overview">Overview</button>
        <button type="button" data-part="turn-left" aria-label="Turn left">↺</button>
        <button type="button" data-part="turn-right" aria-label="Turn right">↻</button>
        <button type="button" data-part="nearer" aria-label="Nearer">+</button>
        <button type="button" data-part="farther" aria-label="Farther">−</button>
        <label>Follow <select data-part="who" v-model.number="followed" @change="follow">
          <option :value="-1">nobody</option>
          <option v-for="(who, at) in people" :key="who.id" :value="at">{{ who.name }}</option>
        </select></label>
        <label><input type="checkbox" data-part="go-along"> Go along</label>
      </div>
    </div>`,
  props: { address: String, waiting: String, people: Array, frame: Object, places: Array, time: Number },
  data() {
    return { entered: false, note: "", followed: -1 };
  },
  watch: {
    address() {
      this.load();
    },
  },
  created() {
    // Not reactive: three.js's objects may not be wrapped.
    Object.assign(this, { live: null, view: null, told: null });
  },
  mounted() {
    this.load();
  },
  beforeUnmount() {
    if (this.view) this.view.stop();
    this.gone = true;
  },
  methods: {
    async load() {
      if (!this.address) return;
      const address = this.address;
      try {
        if (!this.entered) this.note = "The world is being loaded …";
        const { drawable, parsed, show } = await import(SCENE);
        if (!drawable()) throw new Error("this browser draws no WebGL here");
        const THREE = await library();
        const answer = await fetch(address);
        if (!answer.ok) throw new Error("its file is not there");
        const world = await parsed(THREE, await answer.arrayBuffer());
        if (this.gone || address !== this.address) return;
        if (this.view) this.view.replace(world);
        else this.enter(THREE, show, world);
        this.note = "";
      } catch (error) {
        this.note = `Not in three dimensions: ${error.message}.`;
      }
    },
    enter(THREE, show, world) {
      const style = getComputedStyle(document.body);
      const colours = Array.from({ length: 8 }, (_, i) => style.getPropertyValue(`--hue${i}`).trim() || "#357");
      this.live = new Live(this.people, this.frame, colours);
      this.live.follow = (who) => {
        this.followed = who;
        this.follow();
      };
      this.live.go(...(this.told || [this.places, this.time]));
      this.entered = true;
      const part = (name) => this.$el.querySelector(`[data-part=${name}]`);
      this.view = show(THREE, world, this.$el, part, this.live);
    },
    move(places, time) {
      this.told = [places, time];
      if (this.live) this.live.go(places, time);
    },
    follow() {
      if (!this.live) return;
      this.live.followed = this.followed;
      this.live.tell();
    },
  },
};
