// Who belongs to whom, as points and lines that move when they change. Texts are put in by Vue, which escapes them.
export default {
  template: `
    <figure class="web">
      <div class="scroll" tabindex="0" role="region" aria-label="Drawing of ties">
        <svg :viewBox="'0 0 ' + wide + ' ' + tall" role="group" aria-label="People and their ties">
          <line v-for="line in lines" :key="line.one + line.two" class="tie" :class="kind(line)"
                :x1="line.x1" :y1="line.y1" :x2="line.x2" :y2="line.y2" :stroke-width="line.width" />
          <g v-for="point in points" :key="point.agent" class="point" :class="['hue' + point.hue, look(point)]"
             :style="{transform: 'translate(' + point.x + 'px,' + point.y + 'px)'}"
             tabindex="0" role="button" :aria-pressed="point.agent === chosen"
             @click="choose(point.agent)" @keydown.enter.prevent="choose(point.agent)"
             @keydown.space.prevent="choose(point.agent)" @keydown.esc="chosen = ''">
            <title>{{ saying(point) }}</title>
            <circle :r="point.radius" />
            <image v-if="point.portrait" :href="point.portrait" :x="-point.radius" :y="-point.radius"
                   :width="2 * point.radius" :height="2 * point.radius" />
            <text v-else class="letters" aria-hidden="true">{{ point.initials }}</text>
            <text class="under" :y="point.radius + 12">{{ point.first }}</text>
          </g>
        </svg>
      </div>
      <figcaption class="small" aria-live="polite">
        <template v-if="who"><b>{{ who.name }}</b> <span v-for="words in tied" :key="words">{{ words }}</span></template>
        <span v-else class="quiet">Choose somebody to see whom they are tied to.</span>
      </figcaption>
    </figure>`,
  props: { points: Array, lines: Array, wide: Number, tall: Number },
  data() {
    return { chosen: "" };
  },
  computed: {
    who() {
      return this.points.find((point) => point.agent === this.chosen);
    },
    tied() {
      const mine = this.lines.filter((line) => this.touches(line, this.chosen));
      return mine.map((line) => line.words).reverse();
    },
    near() {
      const mine = this.lines.filter((line) => this.touches(line, this.chosen));
      return new Set(mine.flatMap((line) => [line.one, line.two]));
    },
  },
  methods: {
    choose(agent) {
      this.chosen = this.chosen === agent ? "" : agent;
    },
    touches(line, agent) {
      return line.one === agent || line.two === agent;
    },
    kind(line) {
      return { family: line.family, far: this.who && !this.touches(line, this.chosen) };
    },
    look(point) {
      return { chosen: point.agent === this.chosen, far: this.who && point.agent !== this.chosen && !this.near.has(point.agent) };
    },
    saying(point) {
      return point.name + ": " + point.talked + (point.talked === 1 ? " sentence" : " sentences") + " with others";
    },
  },
};
