const slow = 30_000;

/** A refusal or a fault in words that can be shown as they are. */
export class Refusal extends Error {
  constructor(words, field) {
    super(words);
    this.field = field ?? "";
  }
}

export const state = () => call("GET", "state");
export const log = (since) => call("GET", `log${since ? `?since=${encodeURIComponent(since)}` : ""}`);
export const faults = () => call("GET", "faults");
export const setFaults = (list) => call("PUT", "faults", list);
export const readClock = () => call("GET", "clock");
export const moveClock = (step) => call("POST", "clock", step);
export const act = (interaction) => call("POST", "interactions", interaction);
export const write = (channel, message) => call("POST", `channels/${encodeURIComponent(channel)}/messages`, message);

/** What a member sees in a channel, oldest first. */
export async function messages(channel, user) {
  const reply = await call("GET", `channels/${encodeURIComponent(channel)}/messages?as=${encodeURIComponent(user)}`);
  return reply.messages ?? [];
}

async function call(method, path, body) {
  const request = { method, signal: AbortSignal.timeout(slow), cache: "no-store" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, request);
  } catch (fault) {
    throw new Refusal(fault.name === "TimeoutError"
      ? "The sandbox took longer than 30 seconds to answer. Try again."
      : "The sandbox can't be reached. Is sitrep still running? Start it again and this page picks up by itself.");
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refusal(reply.error ?? reply.message ?? `The sandbox answered with status ${response.status}.`, reply.field);
  }
  return reply;
}

const happenings = ["message", "message_update", "message_delete", "clock", "commands", "state", "bot"];

/**
 * Calls heard(type, data) for whatever happens in the sandbox that this member may know of.
 * The browser reconnects by itself, unless it was refused; line(true) follows each time,
 * since events were missed meanwhile.
 */
export function listen(user, heard, line) {
  const source = new EventSource(`/sandbox/events?as=${encodeURIComponent(user)}`);
  for (const name of happenings) {
    source.addEventListener(name, (event) => heard(name, parsed(event.data)));
  }
  source.addEventListener("open", () => line(true));
  source.addEventListener("error", () => line(false));
  return source;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The words for an interaction that got no answer, or null when it got one. */
export function complaint(answer) {
  switch (answer.error) {
    case null:
    case undefined:
    case "":
      return null;
    case "timeout":
      return "The application did not respond";
    case "not_connected":
      return "The bot isn't connected, so nobody answered. Start it and try again.";
    case "rejected":
      return `The bot's answer broke one of Discord's rules and was refused${answer.reason ? `: ${answer.reason}` : "."}`;
    default:
      return `No answer: ${answer.error}`;
  }
}
