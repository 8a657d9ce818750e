// A bot on discord.js, which knows Discord and nothing of the sandbox. It answers what
// members do, says on its standard output what it lives through, one line each, and ends
// with status 1 where anything wasn't as Discord would have it.
//
// SANDBOX holds the line of JSON that `sitrep sandbox` prints; the end of the standard
// input tells the bot to log out.
import {
  ActionRowBuilder, ApplicationCommandType, AttachmentBuilder, ButtonBuilder, ButtonStyle,
  Client, DiscordAPIError, Events, GatewayIntentBits, InteractionContextType, LabelBuilder,
  MessageFlags, ModalBuilder, PermissionFlagsBits, REST, Routes, SlashCommandBuilder,
  StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} from 'discord.js';

const sandbox = JSON.parse(process.env.SANDBOX);
const api = `${sandbox.base_url}/api`;
const misses = [];
const met = new Set();

const say = (line) => process.stdout.write(`${line}\n`);

function want(what, got, wanted) {
  if (got !== wanted) misses.push(`${what} = ${JSON.stringify(got) ?? got}, want ${JSON.stringify(wanted)}`);
}

const commands = [
  new SlashCommandBuilder().setName('greet').setDescription('Greets somebody').addStringOption((o) =>
    o.setName('name').setDescription('Whom').setRequired(true).setAutocomplete(true)),
  ...['form', 'slow', 'upload', 'read', 'post'].map((name) =>
    new SlashCommandBuilder().setName(name).setDescription(`Shows ${name}`)),
].map((c) => c.toJSON());
commands.push({ type: ApplicationCommandType.Message, name: 'Quote' });

// The REST client by itself, as scripts that only register commands use it.
async function register() {
  const rest = new REST({ api }).setToken(sandbox.token);
  const put = await rest.put(Routes.applicationCommands(sandbox.application_id), { body: commands });
  want('commands registered', put.length, commands.length);
  const list = await rest.get(Routes.applicationCommands(sandbox.application_id));
  want('names listed', list.map((c) => c.name).sort().join(), commands.map((c) => c.name).sort().join());
  try {
    await rest.put(Routes.applicationCommands(sandbox.application_id), { body: [{ name: 'Not Lower', description: 'x' }] });
    misses.push('a name in capitals was taken');
  } catch (err) {
    want('refusal of a bad name', err instanceof DiscordAPIError && err.code, 50035);
    want('field of a bad name', err.rawError?.errors?.[0]?.name?._errors?.[0]?.code, 'APPLICATION_COMMAND_INVALID_NAME');
  }
  try {
    await new REST({ api }).setToken('wrong').get(Routes.user());
    misses.push('a wrong token was taken');
  } catch (err) {
    want('status for a wrong token', err.status, 401);
  }
}

// What clients read from every answer, by its name on the wire.
async function headers() {
  const answer = await fetch(`${api}/v10/gateway/bot`, { headers: { authorization: `Bot ${sandbox.token}` } });
  const { session_start_limit: limit } = await answer.json();
  want('keys of session_start_limit', Object.keys(limit).sort().join(), 'max_concurrency,remaining,reset_after,total');
  for (const name of ['limit', 'remaining', 'reset', 'reset-after', 'bucket']) {
    want(`header x-ratelimit-${name}`, answer.headers.has(`x-ratelimit-${name}`), true);
  }
  want('content type', answer.headers.get('content-type'), 'application/json');
}

const client = new Client({
  rest: { api },
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
});

function judge(i) {
  want('server', i.guild?.name, 'Briefing Room');
  want('channel', i.channel?.name, 'briefings');
  want('member', i.member?.user?.username, 'reader');
  want('locale', i.locale, 'en-US');
  want('context', i.context, InteractionContextType.Guild);
  want('owner of the installation', i.authorizingIntegrationOwners?.[0], i.guildId);
  want('member may write', i.memberPermissions?.has(PermissionFlagsBits.SendMessages), true);
  want('bot may attach files', i.appPermissions?.has(PermissionFlagsBits.AttachFiles), true);
  want('attachments may be', i.attachmentSizeLimit > 0, true);
}

const answers = {
  async greet(i) {
    const reply = await i.reply({
      content: `Hello ${i.options.getString('name', true)}`,
      components: [
        new ActionRowBuilder().addComponents(new ButtonBuilder().setCustomId('press').setLabel('Press').setStyle(ButtonStyle.Primary)),
        new ActionRowBuilder().addComponents(new StringSelectMenuBuilder().setCustomId('pick').addOptions(
          { label: 'Letter A', value: 'a' }, { label: 'Letter B', value: 'b' })),
      ],
      withResponse: true,
    });
    want('message of the reply', reply.resource?.message?.content, `Hello ${i.options.getString('name')}`);
    want('reply to', reply.interaction.id, i.id);
  },
  async form(i) {
    await i.showModal(new ModalBuilder().setCustomId('form').setTitle('A form').addLabelComponents(
      new LabelBuilder().setLabel('Value').setTextInputComponent(
        new TextInputBuilder().setCustomId('value').setStyle(TextInputStyle.Short).setMaxLength(5))));
  },
  async slow(i) {
    await i.deferReply();
    const edited = await i.editReply('Edited');
    want('content after an edit', edited.content, 'Edited');
    want('loading after an edit', edited.flags.has(MessageFlags.Loading), false);
    const more = await i.followUp({ content: 'Followed up', flags: MessageFlags.Ephemeral });
    say('followed up');
    want('follow-up is ephemeral', more.flags.has(MessageFlags.Ephemeral), true);
    want('reply fetched', (await i.fetchReply()).id, edited.id);
  },
  async upload(i) {
    await i.reply({ content: 'Uploaded', files: [new AttachmentBuilder(Buffer.from('a note'), { name: 'note.txt', description: 'What a note says' })] });
    const file = (await i.fetchReply()).attachments.first();
    want('file', `${file?.name} ${file?.size} ${file?.description}`, 'note.txt 6 What a note says');
    want('file read back', await (await fetch(file.url)).text(), 'a note');
  },
  async read(i) {
    const list = await i.channel.messages.fetch({ limit: 10 });
    const newest = list.filter((m) => !m.author.bot).first();
    await i.reply(`Read: ${newest?.content}`);
  },
  async post(i) {
    await i.deferReply();
    const posted = await i.channel.send('Posted');
    await i.editReply(`Done: ${posted.content}`);
  },
  async Quote(i) {
    await i.reply({ content: `Quote: ${i.targetMessage.content} by ${i.targetMessage.author.username}`, flags: MessageFlags.Ephemeral });
  },
};

client.on(Events.InteractionCreate, async (i) => {
  try {
    judge(i);
    if (i.isAutocomplete()) {
      met.add('autocomplete');
      const typed = i.options.getFocused();
      await i.respond([{ name: `${typed}!`, value: typed.toUpperCase() }]);
    } else if (i.isButton()) {
      met.add('button');
      await i.update({ content: 'Pressed', components: [] });
    } else if (i.isStringSelectMenu()) {
      met.add('select');
      await i.reply(`Chose ${i.values.join()}`);
    } else if (i.isModalSubmit()) {
      met.add('modal');
      await i.reply({ content: `Form: ${i.fields.getTextInputValue('value')}`, flags: MessageFlags.Ephemeral });
    } else {
      met.add(i.commandName);
      await answers[i.commandName](i);
    }
  } catch (err) {
    misses.push(`answering ${i.commandName ?? i.customId}: ${err.stack}`);
  }
});
client.on(Events.MessageCreate, (m) => { if (!m.author.bot) say(`heard ${m.content}`); });
client.on(Events.ShardResume, () => say('resumed'));
client.on(Events.Error, (err) => misses.push(`the client: ${err.stack}`));

async function end() {
  const all = ['Quote', 'autocomplete', 'button', 'form', 'greet', 'modal', 'post', 'read', 'select', 'slow', 'upload'];
  want('met', [...met].sort().join(), all.join());
  await client.destroy();
  misses.forEach((m) => process.stderr.write(`miss: ${m}\n`));
  process.exitCode = misses.length ? 1 : 0;
  say('ended');
}

await register();
await headers();
await client.login(sandbox.token);
await new Promise((ready) => { client.isReady() ? ready() : client.once(Events.ClientReady, ready); });
want('servers', client.guilds.cache.map((g) => g.name).join(), 'Briefing Room');
want('bot', client.user.id, sandbox.application_id);
process.stdin.on('end', end).resume();
say('ready');
