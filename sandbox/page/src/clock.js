import * as api from "./api.js";
import { byId } from "./dom.js";
import { writtenUTC } from "./time.js";

/**
 * Shows the sandbox's clock and moves it. tell(words) shows trouble, moved() follows each
 * reading. now() runs on between readings and read({now}) sets it.
 */
export function clockControls(tell, moved) {
  let base = Date.now();
  let seen = performance.now();
  const buttons = [byId("hour"), byId("day"), byId("next")];
  const now = () => base + performance.now() - seen;
  const show = () => {
    const at = new Date(now());
    byId("clock").dateTime = at.toISOString();
    byId("clock").textContent = `${writtenUTC(at)} UTC`;
  };
  const set = (data) => {
    const at = Date.parse(data?.now);
    if (Number.isFinite(at)) {
      base = at;
      seen = performance.now();
      show();
      moved();
    }
  };
  // News of a move can arrive after its answer, and would set the clock back.
  const settle = () => api.readClock().then(set, () => {});
  let moving = false;
  const working = async (work) => {
    moving = true;
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    byId("clock").classList.add("moving");
    try {
      tell((await work()) ?? "");
    } catch (fault) {
      tell(fault.message);
    } finally {
      moving = false;
      setTimeout(settle, 300);
      byId("clock").classList.remove("moving");
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
  };
  const advance = async (by) => {
    const reply = await api.moveClock({ advance: by });
    set(reply);
    return reply;
  };
  const press = (button, work) => button.addEventListener("click", () => button.getAttribute("aria-disabled") || working(work));
  press(byId("hour"), async () => unsettled(await advance("1h")));
  press(byId("day"), async () => unsettled(await advance("24h")));
  press(byId("next"), () => untilNext(advance));
  setInterval(show, 1000);
  return { now, read: (data) => moving || set(data) };
}

/**
 * Lets time flow until the bot next has something due. What it said last may be old: an
 * advance of nothing has it look again.
 */
async function untilNext(advance) {
  const reply = await advance("0s");
  const { now, next, settled } = reply;
  if (settled === false) {
    return unsettled(reply);
  }
  if (!next) {
    return "Nothing is due. Become moderator and set up a digest with /digest add.";
  }
  const left = Math.max(Date.parse(next) - Date.parse(now), 0);
  return unsettled(await advance(`${left}ms`));
}

function unsettled(reply) {
  return reply.settled === false ? "The bot is still posting what fell due; it will show up here." : "";
}
