/** What the devtools, a reviewer or an elderly reader would find: syntax, types, accessibility, contrast, secrets. */
"use strict";

const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { wxmlToJs } = require("miniprogram-compiler");
const { ROOT } = require("./env");

const PROJECT = path.resolve(ROOT, "..");
const MIN_CONTRAST = 4.5;
const PAGE_BACKGROUNDS = ["#ffffff", "#f5f6f8"];

function files(folder, extension = "") {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : files(place, extension);
    return place.endsWith(extension) ? [place] : [];
  });
}
const read = (place) => fs.readFileSync(place, "utf8");
const short = (place) => path.relative(ROOT, place);
const json = (place) => JSON.parse(read(place));

/** The opening tags of a wxml file, as names and attributes. */
function tags(wxml) {
  return [...wxml.matchAll(/<([a-z-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(([, name, rest]) => ({
    name,
    attributes: Object.fromEntries([...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key, value])),
  }));
}

test("every wxml compiles", () => {
  const made = wxmlToJs(ROOT);
  assert.ok(made);
  assert.ok(files(ROOT, ".wxml").length >= 9);
});

test("the compiler refuses broken wxml", () => {
  const folder = fs.mkdtempSync(path.join(require("node:os").tmpdir(), "wxml-"));
  fs.writeFileSync(path.join(folder, "broken.wxml"), "<view><text></view>");
  assert.throws(() => wxmlToJs(folder));
  fs.rmSync(folder, { recursive: true });
});

test("the types of every call are right", () => {
  const done = spawnSync("npx", ["--no-install", "tsc", "--project", "tsconfig.json"], { cwd: PROJECT, encoding: "utf8" });
  assert.equal(done.stdout, "");
  assert.equal(done.status, 0);
});

test("pages and components are four files each, and every one that is named is there", () => {
  const { pages } = json(path.join(ROOT, "app.json"));
  const used = files(ROOT, ".json").flatMap((place) => Object.values(json(place).usingComponents || {}));
  for (const stem of [...pages, ...new Set(used)]) {
    for (const extension of [".js", ".json", ".wxml", ".wxss"]) {
      assert.ok(fs.existsSync(path.join(ROOT, stem + extension)), stem + extension);
    }
  }
  const made = fs.readdirSync(path.join(ROOT, "pages")).map((name) => `pages/${name}/${name}`);
  assert.deepEqual([...pages].sort(), made.sort());
  assert.ok(used.every((stem) => stem.startsWith("/components/")));
});

test("whatever can be tapped is a button, or says that it is one and what it does", () => {
  const tapped = files(ROOT, ".wxml").flatMap((place) => tags(read(place)).map((tag) => ({ ...tag, place: short(place) })));
  const wrong = tapped.filter(({ name, attributes }) => {
    if (!("bind:tap" in attributes) && !("bindtap" in attributes)) return false;
    const isNamed = Boolean(attributes["aria-label"]);
    return !(isNamed && (name === "button" || attributes["aria-role"] === "button"));
  });
  assert.deepEqual(wrong, []);
  assert.ok(tapped.filter(({ attributes }) => "bind:tap" in attributes).length >= 15);
});

test("answers and troubles are read aloud when they come", () => {
  assert.match(read(path.join(ROOT, "pages/answer/answer.wxml")), /aria-live="polite"/);
  assert.match(read(path.join(ROOT, "components/empty-state/empty-state.wxml")), /aria-live="polite"/);
});

test("every page follows the font size of WeChat, by its first node", () => {
  for (const place of files(path.join(ROOT, "pages"), ".wxml")) {
    assert.ok(read(place).startsWith('<page-meta root-font-size="{{rootFontSize}}" />'), short(place));
    assert.match(read(place.replace(".wxml", ".js")), /behaviors: \[fontScale\]/);
  }
});

/** The rules of a wxss file. */
function rules(wxss) {
  const bare = wxss.replace(/\/\*[\s\S]*?\*\//g, "");
  return [...bare.matchAll(/([^{}]+)\{([^}]*)\}/g)].map(([, selector, body]) => ({
    selector: selector.trim(),
    declared: Object.fromEntries(
      body.split(";").map((line) => line.split(":").map((part) => part.trim())).filter(([name]) => name),
    ),
  }));
}
const allRules = () => files(ROOT, ".wxss").flatMap((place) => rules(read(place)).map((rule) => ({ ...rule, place: short(place) })));

test("text is sized in rem alone, so that it grows", () => {
  const sized = allRules().filter(({ declared }) => declared["font-size"]);
  assert.ok(sized.length >= 15);
  for (const { declared, place, selector } of sized) {
    assert.match(declared["font-size"], /^\d(\.\d+)?rem$/, `${place} ${selector}`);
    assert.ok(Number.parseFloat(declared["font-size"]) >= 1, `${place} ${selector}`);
  }
});

test("lines stand apart by 1.3 or more, and nothing that holds text has a fixed height", () => {
  for (const { declared, place, selector } of allRules()) {
    const apart = declared["line-height"];
    if (apart && !apart.endsWith("rem")) assert.ok(Number(apart) >= 1.3, `${place} ${selector}`);
    assert.ok([undefined, "auto"].includes(declared.height), `${place} ${selector}`);
  }
});

test("what is tapped is at least 44 px high", () => {
  const tappable = /^\.(row|action|go|box|source|copy|retry|link|agree|refuse)$/;
  const found = allRules().filter(({ selector }) => tappable.test(selector));
  assert.equal(found.length, 10);
  for (const { declared, place, selector } of found) {
    assert.ok(Number.parseFloat(declared["min-height"]) * 16 >= 44, `${place} ${selector}`);
  }
});

function luminance(colour) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test("the measure of contrast is the one of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.ok(contrast("#777777", "#ffffff") < MIN_CONTRAST);
  assert.ok(contrast("#767676", "#ffffff") >= MIN_CONTRAST);
});

test("text stands out from its background by 4.5 or more", () => {
  const coloured = allRules().filter(({ declared }) => declared.color);
  assert.ok(coloured.length >= 12);
  for (const { declared, place, selector } of coloured) {
    const behind = declared["background-color"] ? [declared["background-color"]] : PAGE_BACKGROUNDS;
    for (const background of behind) {
      const measured = contrast(declared.color, background);
      assert.ok(measured >= MIN_CONTRAST, `${place} ${selector}: ${measured.toFixed(2)}`);
    }
  }
});

test("it is a look-up in a handbook, and never says otherwise", () => {
  for (const place of files(ROOT)) {
    const words = read(place);
    assert.doesNotMatch(words, /\bAI\b|智能|机器人|助手|问答|\bchat\b|GPT/, short(place));
  }
  assert.match(read(path.join(ROOT, "app.json")), /"navigationBarTitleText": "手册查询"/);
});

test("there is no secret, no open address and no code from elsewhere in it", () => {
  const shipped = [...files(ROOT), path.join(PROJECT, "project.config.json")];
  assert.ok(shipped.length >= 40);
  for (const place of shipped) {
    const words = read(place);
    assert.doesNotMatch(words, /secret|session_key|appsecret|openid|unionid|access_token|api[_-]?key/i, short(place));
    assert.doesNotMatch(words, /http:\/\//, short(place));
    assert.doesNotMatch(words, /\beval\b|new Function|document\.|innerHTML/, short(place));
    assert.doesNotMatch(words, /\bwx[0-9a-f]{16}\b/, short(place));
  }
  const project = json(path.join(PROJECT, "project.config.json"));
  assert.deepEqual([project.appid, project.setting.urlCheck], ["touristappid", true]);
});

test("only the interfaces that the privacy guide names are used", () => {
  const used = new Set(files(ROOT, ".js").flatMap((place) => [...read(place).matchAll(/\bwx\.(\w+)/g)].map(([, name]) => name)));
  assert.deepEqual([...used].sort(), [
    "cloud",
    "getAppBaseInfo",
    "getPrivacySetting",
    "getStorageSync",
    "login",
    "makePhoneCall",
    "navigateTo",
    "openPrivacyContract",
    "request",
    "setClipboardData",
    "setStorageSync",
    "showToast",
  ]);
});

test("what it takes from npm is for tests only, and locked", () => {
  const named = json(path.join(PROJECT, "package.json"));
  assert.equal(named.dependencies, undefined);
  for (const version of Object.values(named.devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/);
  const locked = json(path.join(PROJECT, "package-lock.json")).packages;
  for (const [name, entry] of Object.entries(locked)) {
    if (name) assert.ok(entry.integrity, name);
    assert.equal(entry.resolved, undefined, name);
  }
});
