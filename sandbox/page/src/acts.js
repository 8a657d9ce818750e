import * as api from "./api.js";
import { drafts } from "./kept.js";
import { showModal } from "./modal.js";
import { ephemeral } from "./message.js";

const onUser = 2;
const onMessage = 3;

/**
 * What the member does with the bot, and what is shown where that fails. page tells the place
 * and is redrawn.
 */
export class Acts {
  constructor(page) {
    this.page = page;
    this.failures = new Map();
    this.lost = [];
  }

  /** Does an interaction and shows what came of it; null, or words where nothing did. */
  async act(interaction, place = this.page.place()) {
    const answer = await api.act({ ...place, ...interaction });
    const words = api.complaint(answer);
    if (words) {
      return words;
    }
    if (answer.kind === "modal" && answer.modal) {
      this.form(answer.modal, place);
    } else {
      await this.page.load(answer.kind === "message");
    }
    return null;
  }

  form(modal, place, values) {
    showModal(modal, this.page.view(), {
      values,
      keep: (now) => drafts.write("form", now && { modal, place, values: now }),
      send: (fields) => this.act({ modal: modal.custom_id, fields }, place),
    });
  }

  /** Brings back the form that a reload interrupted. */
  resume() {
    const kept = drafts.read("form", null);
    if (kept?.modal && kept.place?.user === this.page.member?.id && kept.place.channel === this.page.channel?.id) {
      this.form(kept.modal, kept.place, kept.values);
    }
  }

  /** Runs a command. Where nobody answers, the channel says so, as Discord does, and "" comes back. */
  async run(command, options) {
    const words = await this.act({ command, options });
    if (!words) {
      return null;
    }
    const { member, channel, messages, world } = this.page;
    this.lost.push({
      id: `lost-${this.lost.length}`, channel: channel.id, member: member.id, after: messages.at(-1)?.id, failed: words, flags: ephemeral,
      author: world.self, timestamp: new Date(this.page.now()).toISOString(), interaction_metadata: { name: command, user: { username: member.name } },
    });
    this.page.draw(true);
    return "";
  }

  /** The messages with the member's own failures where they happened. */
  within(messages) {
    const mine = this.lost.filter((one) => one.channel === this.page.channel.id && one.member === this.page.member.id);
    const known = new Set(messages.map((one) => one.id));
    const after = (id) => mine.filter((one) => one.after === id);
    return [...messages.flatMap((message) => [message, ...after(message.id)]), ...mine.filter((one) => !known.has(one.after))];
  }

  press(message, customId, values) {
    return this.trying(message, () => this.act({ message: message.id, custom_id: customId, ...(values ? { values } : {}) }));
  }

  /** Does something with a message; what goes wrong is told below it. */
  async trying(message, work) {
    this.page.busy(true);
    this.failures.delete(message.id);
    try {
      this.fail(message, await work());
    } catch (fault) {
      this.fail(message, fault.message);
    } finally {
      this.page.busy(false);
      this.page.draw(false);
    }
  }

  fail(message, words) {
    if (words) {
      this.failures.set(message.id, words);
    }
  }

  /** What the menu of a message offers. */
  menu(message) {
    if (message.failed) {
      return [];
    }
    const shared = !(message.flags & ephemeral);
    const apps = (type, about, target) => this.page.usable(type).map((command) => ({
      name: command.name, about, run: () => this.trying(message, () => this.act({ menu: command.name, ...target })),
    }));
    const copy = (name, text) => ({ name, run: () => navigator.clipboard.writeText(text).catch(() => this.page.notify("The browser doesn't let this page copy.")) });
    return [
      ...(shared ? apps(onMessage, "App", { message: message.id }) : []),
      ...(shared && !message.author?.bot ? apps(onUser, `App, for @${message.author?.username}`, { target: message.author?.id }) : []),
      copy("Copy text", message.text || message.content || ""), copy("Copy message ID", message.id),
    ];
  }
}
