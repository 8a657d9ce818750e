import * as api from "./api.js";
import { byId } from "./dom.js";
import { writtenUTC } from "./time.js";

const week = 7 * 24;

/**
 * Shows the sandbox's clock and moves it. tell(words) shows trouble. now() runs on between
 * readings, read({now}) sets it, posted() says that the bot wrote something.
 */
export function clockControls(tell) {
  let base = Date.now();
  let seen = performance.now();
  let posts = 0;
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
    }
  };
  const working = async (work) => {
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    byId("clock").classList.add("moving");
    try {
      tell((await work()) ?? "");
    } catch (fault) {
      tell(fault.message);
    } finally {
      byId("clock").classList.remove("moving");
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
  };
  const advance = async (by) => {
    const reply = await api.moveClock({ advance: by });
    set(reply);
    return reply.settled === false ? "The bot is still posting what fell due; it will show up here." : "";
  };
  const press = (button, work) => button.addEventListener("click", () => button.getAttribute("aria-disabled") || working(work));
  press(byId("hour"), () => advance("1h"));
  press(byId("day"), () => advance("24h"));
  press(byId("next"), () => untilPost(advance, () => posts));
  setInterval(show, 1000);
  return { now, read: set, posted: () => { posts += 1; } };
}

/** Lets time flow an hour at a time, so that the clock stands soon after the bot's next post. */
async function untilPost(advance, posts) {
  const before = posts();
  for (let hour = 0; hour < week; hour++) {
    const words = await advance("1h");
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (posts() > before || words) {
      return words;
    }
  }
  return "A week went by and the bot posted nothing. Become moderator and set up a digest with /digest add.";
}
