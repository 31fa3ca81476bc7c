/** A page in a terminal: jsdom for the tree, simulate for the components, and what the default mocks of `wx` get wrong. */
"use strict";

const http = require("node:http");
const path = require("node:path");
const { JSDOM } = require("jsdom");

const dom = new JSDOM("<!DOCTYPE html><body></body>", { pretendToBeVisual: true });
for (const name of ["window", "document", "HTMLElement", "Node", "CustomEvent", "Event", "TouchEvent"]) {
  globalThis[name] = name === "window" ? dom.window : dom.window[name];
}
Object.defineProperty(globalThis, "navigator", { value: dom.window.navigator, configurable: true });
const simulate = require("miniprogram-simulate");

const ROOT = path.resolve(__dirname, "../miniprogram");
const config = require("../miniprogram/utils/config");
const SHIPPED_CONFIG = { ...config };

/** Every call of `wx` that a test may look at, by name. */
const calls = {};
const storage = new Map();

function record(name, argument) {
  (calls[name] = calls[name] || []).push(argument);
}

/** `wx.request` over real HTTP, as far as its documents tell: any status is a success, JSON is parsed, a BOM removed. */
function request({ url, method = "GET", data, header = {}, timeout = 60000, success, fail }) {
  record("request", { url, method, data, header });
  const content = data === undefined ? "" : JSON.stringify(data);
  const headers = { ...header, ...(content ? { "content-length": Buffer.byteLength(content) } : {}) };
  const sent = http.request(url, { method, headers, timeout }, (response) => {
    const pieces = [];
    response.on("data", (piece) => pieces.push(piece));
    response.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8").replace(/^\ufeff/, "");
      let body = text;
      try {
        body = JSON.parse(text);
      } catch {
        // Not JSON: handed over as text.
      }
      success({ statusCode: response.statusCode, data: body, header: response.headers });
    });
  });
  sent.on("timeout", () => sent.destroy(new Error("timeout")));
  sent.on("error", ({ message }) => fail({ errMsg: `request:fail ${message}` }));
  sent.end(content);
}

/** Put `wx` back to a phone that is new, without a network until a test gives it one. */
function reset(overrides = {}) {
  storage.clear();
  for (const name of Object.keys(calls)) delete calls[name];
  Object.assign(config, SHIPPED_CONFIG);
  let codes = 0;
  Object.assign(wx, {
    request: ({ url }) => {
      throw new Error(`an unexpected request to ${url}`);
    },
    login: ({ success }) => success({ code: `code-${(codes += 1)}` }),
    getStorageSync: (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : ""),
    setStorageSync: (key, value) => storage.set(key, JSON.stringify(value)),
    getAppBaseInfo: () => ({ fontSizeSetting: 16, fontSizeScaleFactor: 1 }),
    navigateTo: (to) => record("navigateTo", to.url),
    makePhoneCall: (to) => record("makePhoneCall", to.phoneNumber),
    showToast: (toast) => record("showToast", toast.title),
    setClipboardData: ({ data, success }) => {
      record("setClipboardData", data);
      if (success) success({});
    },
    openPrivacyContract: () => record("openPrivacyContract", true),
    cloud: undefined,
    getPrivacySetting: undefined,
    ...overrides,
  });
}

/** Render a component or a page, by its place below the root. */
function render(place, properties = {}) {
  const id = simulate.load(path.join(ROOT, place), { rootPath: ROOT });
  const component = simulate.render(id, properties);
  const parent = document.createElement("div");
  document.body.appendChild(parent);
  component.attach(parent);
  return component;
}

/** Wait until a condition holds; events and data arrive a moment later. */
async function until(condition, what = String(condition)) {
  for (let turn = 0; turn < 400; turn += 1) {
    const found = condition();
    if (found) return found;
    await simulate.sleep(10);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** All that a person can read on a component. */
function text(component) {
  return component.dom.textContent.replace(/\s+/g, " ").trim();
}

/** Tap the first element of a class. */
async function tap(component, selector) {
  const found = await until(() => component.querySelector(selector), selector);
  found.dispatchEvent("tap");
  await simulate.sleep(0);
  return found;
}

/** The attributes of every node, which are not in the DOM. */
function nodes(tree) {
  const children = (tree.children || []).flatMap((child) => (typeof child === "object" ? nodes(child) : []));
  return [tree, ...children];
}

function attribute(node, name) {
  const wanted = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const found = (node.attrs || []).find((one) => one.name === name || one.name === wanted);
  return found && found.value;
}

/** A server on this machine that answers with what a function gives, and the calls it got. */
async function serve(answer) {
  const seen = [];
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", async () => {
      const body = Buffer.concat(pieces).toString();
      const call = { method: request.method, path: request.url, headers: request.headers, body: body && JSON.parse(body) };
      seen.push(call);
      const { status = 200, data, raw, drop } = await answer(call, seen);
      if (drop) return response.destroy();
      response.writeHead(status, { "content-type": raw ? "text/html" : "application/json" });
      return response.end(raw || (data === undefined ? "" : JSON.stringify(data)));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    seen,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

module.exports = { ROOT, attribute, calls, config, nodes, render, request, reset, serve, simulate, tap, text, until };
