import * as api from "./api.js";
import { clockControls } from "./clock.js";
import { typed } from "./commands.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { arrange } from "./message.js";
import { showModal } from "./modal.js";
import { drawRail, railMenu } from "./rail.js";
import { refresh } from "./time.js";
import { maySend, namesOf, readWorld, usableCommands, visibleChannels } from "./world.js";

const chat = 1;
const onMessage = 3;

/** Everything that the page shows, and the one place that changes it. */
class Page {
  constructor() {
    this.world = { guilds: [], commands: [], connected: false };
    this.down = false;
    this.dismissed = new Set();
    this.unread = new Set();
    this.messages = [];
    this.loads = 0;
    this.clock = clockControls((words) => this.notify(words));
    this.composer = new Composer(this.desk());
  }

  now() {
    return this.clock.now();
  }

  desk() {
    return {
      entries: () => (this.channel ? typed(this.usable(chat), this.locale) : []),
      guild: () => this.guild,
      locale: () => this.locale,
      complete: async (command, options, focused) => {
        const answer = await api.act({ ...this.place(), command, options, focused });
        const words = api.complaint(answer);
        if (words) {
          throw new api.Refusal(words);
        }
        return answer.choices ?? [];
      },
      run: (command, options) => this.act({ command, options }),
      say: async (content) => {
        await api.write(this.channel.id, { user: this.member.id, content });
        await this.load(true);
        return null;
      },
    };
  }

  usable(type) {
    return usableCommands(this.world, this.guild, this.channel, this.member, type);
  }

  place() {
    return { guild: this.guild.id, channel: this.channel.id, user: this.member.id, locale: this.locale };
  }

  /** Does an interaction and shows what came of it; null, or words where nothing did. */
  async act(interaction) {
    const place = this.place();
    const answer = await api.act({ ...place, ...interaction });
    const words = api.complaint(answer);
    if (words) {
      return words;
    }
    if (answer.kind === "modal" && answer.modal) {
      showModal(answer.modal, this.view(), (fields) => this.act({ ...place, modal: answer.modal.custom_id, fields }));
    } else {
      await this.load(answer.kind === "message");
    }
    return null;
  }

  async use(message, customId, values) {
    await this.trying(() => this.act({ message: message.id, custom_id: customId, ...(values ? { values } : {}) }));
  }

  /** Runs what a press started, with the page marked busy and any trouble told above. */
  async trying(work) {
    byId("messages").classList.add("waiting");
    this.notify("");
    try {
      this.notify((await work()) ?? "");
    } catch (fault) {
      this.notify(fault.message);
    } finally {
      byId("messages").classList.remove("waiting");
    }
  }

  notify(words) {
    byId("notice").textContent = words;
    byId("notice").hidden = words === "";
  }

  view() {
    return {
      names: namesOf(this.guild), now: () => this.now(), guild: this.guild,
      use: (message, id, values) => this.use(message, id, values),
      dismiss: (message) => {
        this.dismissed.add(message.id);
        this.draw(false);
        byId("entry").focus();
      },
      menu: {
        names: this.usable(onMessage).map((command) => command.name),
        run: (name, message) => this.trying(() => this.act({ menu: name, message: message.id })),
      },
    };
  }

  async start() {
    this.restore();
    this.wire();
    await this.reload();
    setInterval(() => refresh(byId("messages"), () => this.now()), 10_000);
  }

  restore() {
    const kept = (key, otherwise) => localStorage.getItem(`sitrep.${key}`) ?? otherwise;
    this.locale = kept("locale", "en-US");
    this.wanted = { guild: kept("guild", ""), channel: kept("channel", ""), member: kept("member", "reader") };
    byId("language").value = this.locale;
    this.speaking();
    byId("welcome").hidden = kept("welcomed", "") !== "";
  }

  keep(key, value) {
    localStorage.setItem(`sitrep.${key}`, value);
  }

  wire() {
    byId("identity").addEventListener("change", (event) => this.become(event.target.value));
    byId("guild").addEventListener("change", (event) => this.enter(event.target.value));
    byId("language").addEventListener("change", (event) => this.speak(event.target.value));
    byId("got-it").addEventListener("click", () => this.welcomed());
    this.menu = railMenu();
    document.addEventListener("click", (event) => this.mentioned(event));
    this.wireScroll();
  }

  /** Who reads the newest message goes on doing so when pictures load or messages arrive. */
  wireScroll() {
    const scroll = byId("scroll");
    this.atEnd = true;
    scroll.addEventListener("scroll", () => {
      this.atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    });
    const watch = new ResizeObserver(() => this.followEnd());
    watch.observe(byId("messages"));
    watch.observe(scroll);
  }

  /** A command named in a message or in the welcome starts in the box when pressed. */
  mentioned(event) {
    const path = event.target.closest?.("[data-command]")?.dataset.command;
    if (path && !this.composer.start(path)) {
      this.notify(`/${path} isn't there for ${this.member?.name ?? "you"}. The bot may not be connected yet.`);
    }
  }

  welcomed() {
    this.keep("welcomed", "yes");
    byId("welcome").hidden = true;
    byId("entry").focus();
  }

  /** Reads everything anew: at first, after a lost line, when the server's shape changed. */
  async reload() {
    try {
      const state = await api.state();
      this.world = readWorld(state);
      this.clock.read(state.clock);
      if (this.down) {
        this.down = false;
        this.notify("");
      }
    } catch (fault) {
      this.down = true;
      this.notify(fault.message);
      this.retry();
      return;
    }
    this.settle();
    await this.load(false);
    this.listen();
  }

  retry() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.reload(), 2000);
  }

  /** Chooses server, member and channel anew from what there is, keeping what was chosen. */
  settle() {
    const { guilds } = this.world;
    const byName = (list, wanted) => list.find((one) => one.id === wanted || one.name === wanted);
    this.guild = byName(guilds, this.wanted.guild) ?? guilds[0];
    const people = this.guild?.members.filter((member) => !member.bot) ?? [];
    this.member = byName(people, this.wanted.member) ?? people[0];
    const channels = this.member ? visibleChannels(this.guild, this.member) : [];
    this.channel = byName(channels, this.wanted.channel) ?? channels[0];
    drawRail({
      guilds, people, channels, guild: this.guild, member: this.member, channel: this.channel,
      unread: this.unread, connected: this.world.connected, open: (id) => this.open(id),
    });
    this.drawHead();
  }

  drawHead() {
    byId("channel-name").textContent = this.channel ? `# ${this.channel.name}` : "No channel";
    document.title = `${this.channel ? `#${this.channel.name} · ` : ""}sitrep: local Discord`;
    const may = this.channel && (maySend(this.guild, this.channel, this.member) || this.usable(chat).length > 0);
    byId("entry").disabled = !may;
    this.composer.describe(this.channel?.name);
  }

  async load(toEnd) {
    if (!this.channel) {
      return;
    }
    const mine = ++this.loads;
    try {
      const messages = await api.messages(this.channel.id, this.member.id);
      if (mine === this.loads) {
        this.messages = messages;
        this.draw(toEnd);
      }
    } catch (fault) {
      this.notify(fault.message);
    }
  }

  draw(toEnd) {
    const shown = this.messages.filter((message) => !this.dismissed.has(message.id));
    arrange(byId("messages"), shown, this.view());
    byId("empty").textContent = `This is the beginning of #${this.channel.name}.`;
    byId("empty").hidden = shown.length > 0;
    this.unread.delete(this.channel.id);
    this.atEnd ||= toEnd;
    this.followEnd();
  }

  followEnd() {
    if (this.atEnd) {
      byId("scroll").scrollTop = byId("scroll").scrollHeight;
    }
  }

  open(channel) {
    this.wanted.channel = channel;
    this.keep("channel", channel);
    this.unread.delete(channel);
    this.switched();
    this.menu.close();
  }

  become(member) {
    this.wanted.member = member;
    this.keep("member", member);
    this.switched();
    this.listen();
  }

  enter(guild) {
    this.wanted.guild = guild;
    this.keep("guild", guild);
    this.switched();
  }

  speak(locale) {
    this.locale = locale;
    this.keep("locale", locale);
    this.speaking();
    this.switched();
  }

  /** The bot's words and all dates follow the language; the page's own words are English. */
  speaking() {
    document.documentElement.dataset.locale = this.locale;
    byId("messages").lang = this.locale;
  }

  switched() {
    const log = byId("messages");
    this.notify("");
    this.composer.clear();
    this.settle();
    log.replaceChildren();
    log.setAttribute("aria-busy", "true");
    this.load(true).finally(() => log.removeAttribute("aria-busy"));
  }

  listen() {
    const stands = this.listening?.as === this.member?.id && this.listening?.source.readyState !== EventSource.CLOSED;
    if (stands || !this.member) {
      return;
    }
    this.listening?.source.close();
    const line = (up) => {
      if (up) {
        this.soon(); // whatever happened before the line stood was told to nobody
      } else {
        this.down = true;
        this.notify("The line to the sandbox is down; trying again…");
        this.retry();
      }
    };
    this.listening = { as: this.member.id, source: api.listen(this.member.id, (type, data) => this.heard(type, data), line) };
  }

  heard(type, data) {
    switch (type) {
      case "clock":
        this.clock.read(data);
        refresh(byId("messages"), () => this.now());
        break;
      case "message": case "message_update": case "message_delete":
        this.heardMessage(type, data);
        break;
      case "bot":
        this.world.connected = Boolean(data?.connected);
        this.settle();
        break;
      default:
        this.soon();
    }
  }

  heardMessage(type, data) {
    const channel = data?.channel_id;
    if (!channel || channel === this.channel?.id) {
      this.load(false);
    } else if (type === "message" && !this.unread.has(channel)) {
      this.unread.add(channel);
      this.settle();
    }
  }

  /** Reads the state anew, once for however much changed within a moment. */
  soon() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.reload(), 100);
  }
}

new Page().start();
