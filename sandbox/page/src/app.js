import { Acts } from "./acts.js";
import * as api from "./api.js";
import { clockControls } from "./clock.js";
import { typed } from "./commands.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { arrange } from "./history.js";
import { settings } from "./kept.js";
import { journal } from "./log.js";
import { drawRail, kindOf, railMenu } from "./rail.js";
import { follow } from "./scroll.js";
import { refresh } from "./time.js";
import { directChannel, maySend, namesOf, readWorld, sign, usableCommands, visibleChannels } from "./world.js";

const chat = 1;

/** Everything that the page shows, and the one place that changes it. */
class Page {
  constructor() {
    this.world = { guilds: [], commands: [], connected: false };
    this.down = false;
    this.dismissed = new Set();
    this.unread = new Map();
    this.freshFrom = "";
    this.messages = [];
    this.loads = 0;
    this.clock = clockControls((words) => this.notify(words), () => refresh(byId("messages"), () => this.now()));
    this.acts = new Acts(this);
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
          throw new api.Refusal("Loading options failed");
        }
        return answer.choices ?? [];
      },
      run: (command, options) => this.acts.run(command, options),
      say: async (content, attachments) => {
        await api.write(this.channel.id, { user: this.member.id, content, attachments });
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

  /** Marks the messages as waiting for the bot. */
  busy(on) {
    byId("messages").classList.toggle("waiting", on);
  }

  notify(words) {
    byId("notice").textContent = words;
    byId("notice").hidden = words === "";
  }

  view() {
    return {
      names: namesOf(this.guild), now: () => this.now(), guild: this.guild,
      use: (message, id, values) => this.acts.press(message, id, values),
      menu: (message) => this.acts.menu(message),
      failure: (message) => this.acts.failures.get(message.id) ?? "",
      find: (id) => this.messages.find((one) => one.id === id),
      threads: (message) => this.guild.channels.filter((one) => one.thread && one.id === message.id),
      open: (channel) => this.open(channel),
      dismiss: (message) => {
        this.dismissed.add(message.id);
        this.draw(false);
        byId("entry").focus();
      },
    };
  }

  async start() {
    this.restore();
    this.wire();
    await this.reload();
    this.acts.resume();
    setInterval(() => refresh(byId("messages"), () => this.now()), 10_000);
  }

  restore() {
    this.locale = settings.read("locale", "en-US");
    this.wanted = { guild: settings.read("guild", ""), channel: settings.read("channel", ""), member: settings.read("member", "reader") };
    byId("language").value = this.locale;
    this.speaking();
    byId("welcome").hidden = settings.read("welcomed", false);
  }

  wire() {
    byId("identity").addEventListener("change", (event) => this.become(event.target.value));
    byId("guild").addEventListener("change", (event) => this.enter(event.target.value));
    byId("language").addEventListener("change", (event) => this.speak(event.target.value));
    byId("got-it").addEventListener("click", () => this.welcomed());
    this.menu = railMenu();
    this.scroll = follow(byId("scroll"), byId("messages"), byId("jump"));
    journal((words) => this.notify(words));
    document.addEventListener("click", (event) => this.mentioned(event));
    byId("messages").addEventListener("contextmenu", (event) => menuOf(event));
  }

  /** A channel named in a message opens, a command there or in the welcome starts in the box. */
  mentioned(event) {
    const channel = event.target.closest?.("[data-open]")?.dataset.open;
    if (channel) {
      this.open(channel);
    }
    const path = event.target.closest?.("[data-command]")?.dataset.command;
    if (path && !this.composer.start(path)) {
      this.notify(`/${path} isn't there for ${this.member?.name ?? "you"}. The bot may not be connected yet.`);
    }
  }

  welcomed() {
    settings.write("welcomed", true);
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
    const channels = this.member ? [...visibleChannels(this.guild, this.member), directChannel(this.world)] : [];
    this.channel = byName(channels, this.wanted.channel) ?? channels[0];
    drawRail({
      guilds, people, channels, guild: this.guild, member: this.member, channel: this.channel,
      unread: this.unread, connected: this.world.connected, open: (id) => this.open(id),
    });
    this.drawHead();
  }

  drawHead() {
    const { channel } = this;
    byId("channel-name").textContent = channel ? `${sign(channel)} ${channel.name}` : "No channel";
    byId("topic").textContent = channel?.topic || (channel ? kindOf(channel)[1] : "");
    document.title = `${channel ? `${sign(channel)}${channel.name} · ` : ""}sitrep: local Discord`;
    const may = channel && (maySend(this.guild, channel, this.member) || this.usable(chat).length > 0);
    byId("entry").disabled = !may;
    this.composer.open(channel ? `${channel.id}.${this.member.id}` : "", channel && sign(channel) + channel.name);
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
    const shown = this.acts.within(this.messages).filter((message) => !this.dismissed.has(message.id));
    arrange(byId("messages"), shown, this.view(), this.freshFrom);
    byId("beginning").textContent = `Welcome to ${sign(this.channel)}${this.channel.name}!`;
    byId("empty").textContent = `This is the beginning of ${sign(this.channel)}${this.channel.name}.`;
    this.unread.delete(this.channel.id);
    this.scroll.changed(toEnd);
  }

  open(channel) {
    this.freshFrom = this.unread.get(channel) ?? "";
    this.wanted.channel = channel;
    settings.write("channel", channel);
    this.unread.delete(channel);
    this.switched();
    this.menu.close();
  }

  become(member) {
    this.wanted.member = member;
    settings.write("member", member);
    this.switched();
    this.listen();
  }

  enter(guild) {
    this.wanted.guild = guild;
    settings.write("guild", guild);
    this.switched();
  }

  speak(locale) {
    this.locale = locale;
    settings.write("locale", locale);
    this.speaking();
    this.composer.spoken();
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
    const direct = data?.guild_id === "" || this.world.directs.has(data?.channel_id);
    const channel = direct ? "@me" : data?.channel_id;
    if (!channel || channel === this.channel?.id) {
      this.load(false);
    } else if (type === "message" && !this.unread.has(channel)) {
      this.unread.set(channel, data.id);
      this.settle();
    }
  }

  /** Reads the state anew, once for however much changed within a moment. */
  soon() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.reload(), 100);
  }
}

/** The right mouse button opens a message's menu, except where the browser's own is of more use. */
function menuOf(event) {
  const own = event.target.closest("a, img, input") || !getSelection().isCollapsed;
  const more = event.target.closest(".message")?.querySelector(".more");
  if (!own && more) {
    event.preventDefault();
    more.focus();
    more.click();
  }
}

new Page().start();
