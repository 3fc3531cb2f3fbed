// The map with people on it. Texts are put in by Vue's interpolation, which escapes them.
export default {
  template: `
    <div class="town" role="group" :aria-label="label" :style="{'--face': face + 'cqw'}" @keydown="key">
      <img v-if="picture" class="town-land" :src="picture" alt="" draggable="false" />
      <div v-else class="town-wait">{{ waiting }}</div>
      <button v-for="(who, at) in shown" :key="who.id" type="button" :tabindex="who.id === reached ? 0 : -1"
           class="town-who" :class="['hue' + who.hue, {walking: who.walking, chosen: who.id === chosen, saying: who.says}]"
           :style="{'--x': who.x / 100, '--y': who.y / 100}" :title="who.title"
           :aria-pressed="who.id === chosen" :data-at="at" @click.stop="choose(who.id)">
        <img v-if="who.portrait && face > 2" class="town-face" :src="who.portrait" alt="" draggable="false" />
        <span v-else class="town-face" aria-hidden="true">{{ face > 2 ? who.initials : '' }}</span>
        <span class="unseen">{{ who.title }}</span>
        <span v-if="who.says" class="town-says" :class="{left: who.x > 6000, below: who.y < 2200}">{{ who.says }}</span>
        <span v-else-if="who.id === chosen" class="town-says" aria-hidden="true" :class="{left: who.x > 6000, below: who.y < 2200}">{{ who.title }}</span>
      </button>
    </div>`,
  props: { picture: String, waiting: String, label: String, people: Array, face: Number },
  data() {
    return { shown: this.people, chosen: "", at: "" };
  },
  computed: {
    // Of a thousand people one is reached by Tab; arrows lead to the others.
    reached() {
      return this.shown.some((who) => who.id === this.at) ? this.at : this.shown[0]?.id;
    },
  },
  watch: {
    people(after) {
      this.shown = after;
    },
  },
  methods: {
    move(changed) {
      const by = new Map(changed.map((who) => [who.id, who]));
      this.shown = this.shown.map((who) => by.get(who.id) || who);
    },
    choose(id) {
      this.at = id;
      this.chosen = this.chosen === id ? "" : id;
    },
    key(event) {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") this.chosen = "";
      if (!step || !this.shown.length) return;
      event.preventDefault();
      const here = this.shown.findIndex((who) => who.id === this.reached);
      const after = (here + step + this.shown.length) % this.shown.length;
      this.at = this.shown[after].id;
      this.$el.querySelector(`[data-at="${after}"]`).focus();
    },
  },
};
