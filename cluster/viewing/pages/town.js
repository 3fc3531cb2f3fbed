// The map with people on it. Texts are put in by Vue's interpolation, which escapes them.
export default {
  template: `
    <div class="town" role="img" :aria-label="label" :style="{'--face': face + 'cqw'}">
      <img v-if="picture" class="town-land" :src="picture" alt="" draggable="false" />
      <div v-else class="town-wait">{{ waiting }}</div>
      <div v-for="who in shown" :key="who.id"
           class="town-who" :class="['hue' + who.hue, {walking: who.walking, chosen: who.id === chosen, saying: who.says}]"
           :style="{'--x': who.x / 100, '--y': who.y / 100}" :title="who.title" @click.stop="choose(who.id)">
        <img v-if="who.portrait && face > 2" class="town-face" :src="who.portrait" alt="" draggable="false" />
        <span v-else class="town-face">{{ face > 2 ? who.initials : '' }}</span>
        <span v-if="who.says" class="town-says" :class="{left: who.x > 6000, below: who.y < 2200}">{{ who.says }}</span>
        <span v-else-if="who.id === chosen" class="town-says" :class="{left: who.x > 6000, below: who.y < 2200}">{{ who.title }}</span>
      </div>
    </div>`,
  props: { picture: String, waiting: String, label: String, people: Array, face: Number },
  data() {
    return { shown: this.people, chosen: "" };
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
      this.chosen = this.chosen === id ? "" : id;
    },
  },
};
