// One piece of news over time: how many know, and who told whom. Texts are put in by Vue, which escapes them.
export default {
  template: `
    <figure v-if="drawing" class="spread">
      <div class="scroll" tabindex="0" role="region" aria-label="Who knew when">
        <svg :viewBox="'0 0 ' + size.wide + ' ' + (size.curve + 6)" role="img"
             :aria-label="'How many know, over time: ' + drawing.knowers + ' of ' + of + ' now'">
          <path v-for="hour in drawing.hours" class="grid" :d="'M' + hour[0] + ' 0V' + size.curve" />
          <polygon class="area" :points="drawing.area" />
          <polyline class="curve" :points="drawing.curve" />
          <text class="name" :x="size.left - 10" y="14">know of it</text>
          <text class="name" :x="size.left - 10" y="30">{{ drawing.knowers }} of {{ of }}</text>
        </svg>
        <svg :viewBox="'0 0 ' + size.wide + ' ' + (drawing.height + 4)" role="img" aria-label="Who told whom, by time; below in words">
          <template v-for="hour in drawing.hours">
            <path class="grid" :d="'M' + hour[0] + ' 18V' + drawing.height" />
            <text class="tick" :x="hour[0]" y="11">{{ hour[1] }}</text>
          </template>
          <path v-for="path in drawing.tellings" class="telling" :d="path" />
          <g v-for="each in drawing.heard" :key="each.agent" :class="'hue' + each.hue">
            <title>{{ each.clock }}: {{ each.name }}{{ each.teller ? ', from ' + each.teller : '' }}</title>
            <path class="lasts" :d="'M' + each.x + ' ' + each.y + 'H' + size.wide" />
            <text class="name" :x="size.left - 10" :y="each.y + 4">{{ each.name }}</text>
            <circle :cx="each.x" :cy="each.y" r="6" />
          </g>
        </svg>
      </div>
      <figcaption v-if="drawing.left_out" class="quiet small">The first {{ drawing.heard.length }} are drawn.</figcaption>
    </figure>`,
  props: { drawing: Object, size: Object, of: Number },
};
