// SPDX-License-Identifier: Apache-2.0
// A small fediverse server on Fedify, driven by the peer tests through /control. It keeps everything in memory.
//
//   node fedify-peer.mjs PORT [rfc9421|cavage]
//
// POST /control/notes    {user, text, mention, inReplyTo, visibility, warning, language} -> {id}
// POST /control/edit     {user, id, text}
// POST /control/delete   {user, id}
// POST /control/follow   {user, actor}
// GET  /control/received [{type, id, actor, object: {...}}], in order of arrival
// GET  /control/thread?id=...  the notes known here below that one, as a tree
import { createServer } from "node:http";
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const port = Number(process.argv[2]);
const firstKnock = process.argv[3] === "cavage" ? "draft-cavage-http-signatures-12" : "rfc9421";
const origin = `http://127.0.0.1:${port}`;
const keys = new Map();
const notes = new Map();
const received = [];
const followers = new Map();

const federation = createFederation({
  kv: new MemoryKvStore(),
  origin,
  allowPrivateAddress: true,
  firstKnock,
});

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new vocab.Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: `Warga ${identifier}`,
      url: ctx.getActorUri(identifier),
      inbox: ctx.getInboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      endpoints: new vocab.Endpoints({ sharedInbox: ctx.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher(async (_ctx, identifier) => {
    if (!keys.has(identifier)) {
      keys.set(identifier, [
        await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
        await generateCryptoKeyPair("Ed25519"),
      ]);
    }
    return keys.get(identifier);
  });

federation.setFollowersDispatcher("/users/{identifier}/followers", (_ctx, identifier) => ({
  items: followers.get(identifier) ?? [],
}));

federation.setObjectDispatcher(vocab.Note, "/notes/{id}", (ctx, { id }) => {
  const kept = notes.get(ctx.getObjectUri(vocab.Note, { id }).href);
  return kept && kept.visibility !== "direct" ? kept.note : null;
});

async function keep(ctx, activity, type) {
  const object = await activity.getObject(ctx);
  const entry = { type, id: activity.id?.href, actor: activity.actorId?.href, objectId: activity.objectId?.href };
  if (object instanceof vocab.Note) {
    const tags = [];
    for await (const tag of object.getTags(ctx)) {
      tags.push({ name: tag.name?.toString(), href: tag.href?.href });
    }
    entry.object = {
      id: object.id?.href,
      inReplyTo: object.replyTargetId?.href ?? null,
      content: object.content?.toString() ?? "",
      summary: object.summary?.toString() ?? null,
      to: object.toIds.map((each) => each.href),
      cc: object.ccIds.map((each) => each.href),
      tags,
    };
  }
  received.push(entry);
}

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(vocab.Create, (ctx, activity) => keep(ctx, activity, "Create"))
  .on(vocab.Update, (ctx, activity) => keep(ctx, activity, "Update"))
  .on(vocab.Delete, (ctx, activity) => keep(ctx, activity, "Delete"))
  .on(vocab.Accept, (ctx, activity) => keep(ctx, activity, "Accept"))
  .onError((_ctx, error) => console.error("inbox:", error));

let next = 1;

function addressing(ctx, user, visibility, mention) {
  const everyone = vocab.PUBLIC_COLLECTION;
  const mine = ctx.getFollowersUri(user);
  switch (visibility) {
    case "direct":
      return { tos: mention, ccs: [] };
    case "followers":
      return { tos: [mine, ...mention], ccs: [] };
    case "unlisted":
      return { tos: [mine], ccs: [everyone, ...mention] };
    default:
      return { tos: [everyone], ccs: [mine, ...mention] };
  }
}

async function post(ctx, wanted) {
  const target = wanted.mention ? await vocab.lookupObject(wanted.mention, lookup(ctx)) : null;
  if (wanted.mention && target === null) {
    throw new Error("the mentioned actor was not found: " + wanted.mention);
  }
  const id = ctx.getObjectUri(vocab.Note, { id: String(next++) });
  const addressed = addressing(ctx, wanted.user, wanted.visibility, target ? [target.id] : []);
  const name = target ? `@${target.preferredUsername}@${target.id.host}` : "";
  const mention = target ? `<a href="${target.id.href}" class="u-url mention">${name}</a> ` : "";
  const html = `<p>${mention}${wanted.text}</p>`;
  const note = new vocab.Note({
    id,
    attribution: ctx.getActorUri(wanted.user),
    contents: wanted.language ? [html, new vocab.LanguageString(html, wanted.language)] : [html],
    summary: wanted.warning ?? null,
    sensitive: wanted.warning ? true : null,
    replyTarget: wanted.inReplyTo ? new URL(wanted.inReplyTo) : null,
    tags: target ? [new vocab.Mention({ href: target.id, name })] : [],
    published: Temporal.Now.instant(),
    ...addressed,
  });
  notes.set(id.href, { note, visibility: wanted.visibility, user: wanted.user, target });
  if (target) {
    await ctx.sendActivity({ identifier: wanted.user }, target, new vocab.Create({
      id: new URL(`${id.href}#create`),
      actor: ctx.getActorUri(wanted.user),
      object: note,
      ...addressed,
    }));
  }
  return { id: id.href };
}

async function edit(ctx, wanted) {
  const kept = notes.get(wanted.id);
  const note = kept.note.clone({ contents: [`<p>${wanted.text}</p>`], updated: Temporal.Now.instant() });
  notes.set(wanted.id, { ...kept, note });
  await ctx.sendActivity({ identifier: wanted.user }, kept.target, new vocab.Update({
    id: new URL(`${wanted.id}#update-${next++}`),
    actor: ctx.getActorUri(wanted.user),
    object: note,
    tos: note.toIds,
    ccs: note.ccIds,
  }));
  return { id: wanted.id };
}

async function remove(ctx, wanted) {
  const kept = notes.get(wanted.id);
  notes.delete(wanted.id);
  await ctx.sendActivity({ identifier: wanted.user }, kept.target, new vocab.Delete({
    id: new URL(`${wanted.id}#delete`),
    actor: ctx.getActorUri(wanted.user),
    object: new vocab.Tombstone({ id: new URL(wanted.id) }),
    tos: kept.note.toIds,
    ccs: kept.note.ccIds,
  }));
  return { id: wanted.id };
}

async function follow(ctx, wanted) {
  const target = await vocab.lookupObject(wanted.actor, lookup(ctx));
  const id = new URL(`${ctx.getActorUri(wanted.user).href}#follow-${next++}`);
  await ctx.sendActivity({ identifier: wanted.user }, target, new vocab.Follow({
    id,
    actor: ctx.getActorUri(wanted.user),
    object: target.id,
    to: target.id,
  }));
  return { id: id.href };
}

function lookup(ctx) {
  return { documentLoader: ctx.documentLoader, contextLoader: ctx.contextLoader, allowPrivateAddress: true };
}

/** What is known here below a note: ours and what others delivered. */
function thread(id) {
  const all = [
    ...[...notes.entries()].map(([key, kept]) => ({
      id: key,
      from: kept.user,
      parent: kept.note.replyTargetId?.href ?? null,
      content: kept.note.content?.toString() ?? "",
    })),
    ...received.filter((each) => each.type === "Create" && each.object).map((each) => ({
      id: each.object.id,
      from: each.actor,
      parent: each.object.inReplyTo,
      content: each.object.content,
    })),
  ];
  const below = (parent) => all.filter((each) => each.parent === parent).map((each) => ({
    ...each,
    replies: below(each.id),
  }));
  return { id, replies: below(id) };
}

async function control(request, url) {
  const ctx = federation.createContext(new URL(origin), undefined);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /control/received":
      return received;
    case "GET /control/thread":
      return thread(url.searchParams.get("id"));
    case "POST /control/notes":
      return post(ctx, await request.json());
    case "POST /control/edit":
      return edit(ctx, await request.json());
    case "POST /control/delete":
      return remove(ctx, await request.json());
    case "POST /control/follow":
      return follow(ctx, await request.json());
    default:
      return null;
  }
}

/** A thread as a page a person can look at: the newest notes of one thread, replies indented below what they answer. */
function page(url) {
  const root = url.searchParams.get("id");
  const kept = notes.get(root);
  const line = (each) =>
    `<li><article id="${each.id}"><b>${each.from}</b> ${each.content}</article>` +
    `<ul>${each.replies.map(line).join("")}</ul></li>`;
  return `<!doctype html><html lang="id"><title>Utas</title><h1>Utas</h1><div>${
    kept ? kept.note.content : ""
  }</div><ul>${thread(root).replies.map(line).join("")}</ul></html>`;
}

createServer(async (incoming, outgoing) => {
  try {
    const url = new URL(incoming.url, origin);
    const chunks = [];
    for await (const chunk of incoming) {
      chunks.push(chunk);
    }
    const body = ["GET", "HEAD"].includes(incoming.method) ? undefined : Buffer.concat(chunks);
    const request = new Request(url, { method: incoming.method, headers: incoming.headers, body });
    let response;
    if (url.pathname === "/thread") {
      response = new Response(page(url), { headers: { "content-type": "text/html; charset=utf-8" } });
    } else if (url.pathname.startsWith("/control/")) {
      const answer = await control(request, url);
      response = Response.json(answer, { status: answer === null ? 404 : 200 });
    } else {
      response = await federation.fetch(request, { contextData: undefined });
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500, { "content-type": "text/plain" });
    outgoing.end(String(error));
  }
}).listen(port, "127.0.0.1", () => console.log(`ready ${origin}`));
