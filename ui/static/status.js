// How far the index is and whether the server is there: looked at again and again, said where it changes.

import { announce, getJSON, make, say } from "./dom.js";

const SOON = 700; // milliseconds between two looks while something is under way
const RETRY = 5000; // the same while the server cannot be reached, or waits for a person
const CALM = 15000; // the same while all is well
const BRIEFLY = 6000; // milliseconds that good news stays

const STATES = { 404: "missing", 503: "loading" }; // no such collection; too many are in use just now

export class Status {
  constructor(app) {
    this.app = app;
    this.seen = null;
    this.banner = make("div", { id: "sidenote-banner", hidden: true });
    document.getElementById("sidenote").prepend(this.banner);
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    this.look();
  }

  async look() {
    clearTimeout(this.timer);
    const status = await getJSON("status").catch(({ message }) => ({ state: STATES[message] ?? "offline" }));
    this.report(status);
    const wait = { loading: SOON, building: SOON, ready: CALM }[status.state] ?? RETRY;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), document.hidden ? Math.max(wait, CALM) : wait);
  }

  report(status) {
    const before = this.app.status;
    const seen = JSON.stringify(status);
    if (seen === this.seen) return;
    this.seen = seen;
    this.app.status = status;
    document.body.dataset.sidenote = status.state;
    if (status.state === "offline") this.say(before ? say("offline_banner") : "");
    else if (before?.state === "offline") this.say(say("online_banner"), BRIEFLY);
    else if (before?.generation && status.generation && before.generation !== status.generation)
      this.say(say("renewed_banner"), BRIEFLY);
    this.app.emit("status");
  }

  say(sentence, milliseconds = 0) {
    clearTimeout(this.fading);
    this.banner.hidden = !sentence;
    this.banner.textContent = sentence;
    if (sentence) announce(sentence);
    if (milliseconds) this.fading = setTimeout(() => (this.banner.hidden = true), milliseconds);
  }
}
