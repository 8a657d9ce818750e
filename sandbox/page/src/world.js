const administrator = 1n << 3n;
const viewChannel = 1n << 10n;
const sendMessages = 1n << 11n;
const useCommands = 1n << 31n;
const sendInThreads = 1n << 38n;
const threadTypes = [10, 11, 12];
const shownTypes = [0, 5, ...threadTypes];
const every = (1n << 53n) - 1n;

function bits(text) {
  return /^\d+$/.test(String(text ?? "")) ? BigInt(text) : 0n;
}

/** Reads the sandbox's state into servers that hold their own channels, members and roles. */
export function readWorld(state) {
  const guilds = (state.guilds ?? []).map(readGuild);
  const directs = new Map((state.directs ?? []).map((one) => [one.id, one.user]));
  return { guilds, directs, commands: state.commands ?? [], connected: Boolean(state.bot?.connected), self: state.bot?.user };
}

/** Where a member and the bot write to each other; Discord makes such a channel with its first message. */
export function directChannel(world) {
  return { id: "@me", name: world.self?.username ?? "bot", type: 1, direct: true, topic: "direct messages with the bot", overwrites: [], parent: "" };
}

function readGuild(guild) {
  return {
    id: guild.id,
    name: guild.name,
    owner: guild.owner_id,
    roles: (guild.roles ?? []).map((role) => ({ id: role.id, name: role.name, permissions: bits(role.permissions) })),
    members: (guild.members ?? []).map(readMember),
    channels: inOrder([...(guild.channels ?? []), ...(guild.threads ?? [])].map(readChannel)),
  };
}

function readMember(member) {
  const { id, username, bot } = member.user;
  return { id, name: username, bot: Boolean(bot), roles: member.roles ?? [] };
}

function readChannel(channel) {
  return {
    id: channel.id, name: channel.name ?? "", position: channel.position ?? 0, type: channel.type, topic: channel.topic ?? "",
    overwrites: channel.permission_overwrites ?? [], parent: channel.parent_id ?? "",
    thread: threadTypes.includes(channel.type), archived: Boolean(channel.thread_metadata?.archived),
  };
}

/** Each channel by its position, with its threads below it. */
function inOrder(channels) {
  const known = new Set(channels.map((one) => one.id));
  const tops = channels.filter((one) => !one.thread || !known.has(one.parent)).sort((a, b) => a.position - b.position);
  return tops.flatMap((one) => [one, ...channels.filter((other) => other.thread && other.parent === one.id)]);
}

function fromRoles(guild, member) {
  if (guild.owner === member.id) {
    return every;
  }
  const held = guild.roles.filter((role) => role.id === guild.id || member.roles.includes(role.id));
  const sum = held.reduce((all, role) => all | role.permissions, 0n);
  return sum & administrator ? every : sum;
}

/** What a member may do in a channel, as Discord computes it; a thread has its channel's rules. */
function permissions(guild, place, member) {
  if (place.direct) {
    return every;
  }
  const channel = (place.thread && guild.channels.find((one) => one.id === place.parent)) || place;
  const base = fromRoles(guild, member);
  if (base === every) {
    return base;
  }
  const layers = [
    channel.overwrites.filter((o) => o.id === guild.id),
    channel.overwrites.filter((o) => o.id !== guild.id && member.roles.includes(o.id)),
    channel.overwrites.filter((o) => o.id === member.id),
  ];
  const sum = (list, key) => list.reduce((all, o) => all | bits(o[key]), 0n);
  const result = layers.reduce((held, list) => (held & ~sum(list, "deny")) | sum(list, "allow"), base);
  return result & viewChannel ? result : 0n;
}

export function visibleChannels(guild, member) {
  return guild.channels.filter((channel) => shownTypes.includes(channel.type) && permissions(guild, channel, member) & viewChannel);
}

export function maySend(guild, channel, member) {
  return Boolean(permissions(guild, channel, member) & (channel.thread ? sendInThreads : sendMessages));
}

/** The commands of one type that Discord's client would offer this member here. */
export function usableCommands(world, guild, channel, member, type) {
  const held = permissions(guild, channel, member);
  const list = world.commands.filter((command) => command.type === type && (channel.direct ? direct(command) : usable(command, guild, held)));
  const own = new Set(list.filter((command) => command.guild_id).map((command) => command.name));
  return list.filter((command) => command.guild_id || !own.has(command.name));
}

function usable(command, guild, held) {
  const needs = command.default_member_permissions ?? null;
  const here = !command.guild_id || command.guild_id === guild.id;
  const inServers = !command.contexts?.length || command.contexts.includes(0);
  const may = needs === null || held === every || (bits(needs) !== 0n && (held & bits(needs)) === bits(needs));
  return here && inServers && may && Boolean(held & useCommands);
}

function direct(command) {
  const there = command.contexts?.length ? command.contexts.includes(1) : command.dm_permission !== false;
  return there && !command.guild_id;
}

/** The sign before a channel's name that tells what it is. */
export function sign(channel) {
  return channel.direct ? "@" : "#";
}

/** Looks names up for mentions. */
export function namesOf(guild) {
  const find = (list) => (id) => list.find((one) => one.id === id)?.name;
  return { user: find(guild.members), role: find(guild.roles), channel: find(guild.channels) };
}
