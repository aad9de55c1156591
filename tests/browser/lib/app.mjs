// The app as its users see it: elements are found by the texts on the screen.

import { readFile } from "node:fs/promises";

import { readCommands, readReplies } from "./messages.mjs";
import { message, messagePattern } from "./texts.mjs";
import { MINUTE, SECOND, until } from "./wait.mjs";

/// Runs in the page before anything else: records the messages to and from the worker (without attachments), its
/// loading progress, its crashes, and violations of the Content-Security-Policy.
function observe() {
  const seen = { headers: [], sent: [], crashes: [], loading: [], violations: [] };
  Object.defineProperty(window, "tunelabTest", { value: seen });
  const inHexadecimal = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  window.Worker = class extends Worker {
    postMessage(message, ...rest) {
      if (message?.header) {
        seen.sent.push(inHexadecimal(message.header));
      }
      super.postMessage(message, ...rest);
    }
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener("message", ({ data }) => {
        if (data?.header) {
          seen.headers.push(inHexadecimal(data.header));
        } else if (data?.loading) {
          seen.loading.push(data.loading);
        } else if (data?.crashed) {
          seen.crashes.push(data.crashed);
        }
      });
    }
  };
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
  });
}

export class App {
  constructor(page) {
    this.page = page;
    this.errors = [];
    /// Replies read since the page was last loaded.
    this.known = [];
    this.load = 0;
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.errors.push(message.text());
      }
    });
  }

  /// Opens the app in a new context, with its own storage, as on a first visit.
  static async open(browser, url, { context: options, onContext } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    await onContext?.(context);
    await context.addInitScript(observe);
    const app = new App(await context.newPage());
    await app.page.goto(url);
    await app.isThere();
    return app;
  }

  async close() {
    await this.page.context().close();
  }

  // Elements of the page.

  section(id) {
    return this.page.locator(`#${id}`);
  }
  button(name, within = this.page) {
    return within.getByRole("button", { name, exact: true });
  }
  /// By the start of its name, because a sentence may follow.
  radio(name) {
    const start = new RegExp(`^${name.replaceAll(/[()]/g, "\\$&")}`);
    return this.page.getByRole("radio", { name: start });
  }
  file(label) {
    return this.page.getByLabel(label, { exact: true });
  }
  shown(testId) {
    return this.page.getByTestId(testId);
  }
  problem(section) {
    return this.section(section).getByTestId("problem");
  }

  /// The text of an element, without waiting for it; empty if it does not exist.
  async text(testId, within = this.page) {
    const [text] = await within.getByTestId(testId).allTextContents();
    return text?.trim() ?? "";
  }

  async isThere() {
    const heading = this.section("images").getByRole("heading").first();
    await until("the app on the screen", () => heading.isVisible(), {
      describe: async () => [await this.page.locator("body").innerText(), ...this.errors].join("; "),
    });
  }

  /// The worker's replies of one kind so far.
  async replies(kind) {
    // Only new ones, or all if the page was loaded again.
    const { load, headers } = await this.page.evaluate(
      ([load, known]) => {
        const { headers } = window.tunelabTest;
        return { load: performance.timeOrigin, headers: headers.slice(load === performance.timeOrigin ? known : 0) };
      },
      [this.load, this.known.length],
    );
    this.known = [...(load === this.load ? this.known : []), ...readReplies(headers)];
    this.load = load;
    return this.known.flatMap((reply) => (kind in reply ? [reply[kind]] : []));
  }
  /// The commands of one kind so far.
  async commands(kind) {
    const sent = await this.page.evaluate(() => window.tunelabTest.sent);
    return readCommands(sent).flatMap((command) => (kind in command ? [command[kind]] : []));
  }
  /// The events of one kind in runs so far.
  async events(kind) {
    return (await this.replies("train_events")).flat().flatMap((event) => (kind in event ? [event[kind]] : []));
  }
  crashes() {
    return this.page.evaluate(() => window.tunelabTest.crashes);
  }
  loading() {
    return this.page.evaluate(() => window.tunelabTest.loading);
  }
  violations() {
    return this.page.evaluate(() => window.tunelabTest.violations);
  }

  // Images.

  async useSample() {
    await this.button(message("images-use-sample")).click();
    await this.hasImages();
  }

  /// Waits until all images are read, and returns the numbers of images and classes.
  async hasImages({ timeout = MINUTE, images, classes } = {}) {
    return until(
      `${images ?? "some"} images in ${classes ?? "some"} classes`,
      async () => {
        const total = await this.total();
        const right =
          total.images > 0 &&
          total.images === (images ?? total.images) &&
          total.classes === (classes ?? total.classes);
        return right && total;
      },
      { timeout, describe: async () => `"${await this.text("images-total")}", ${await this.state()}` },
    );
  }

  async total() {
    const numbers = (await this.text("images-total")).replaceAll(/(\d)[, ](\d{3})/g, "$1$2").match(/\d+/g);
    return { images: Number(numbers?.[0] ?? 0), classes: Number(numbers?.[1] ?? 0) };
  }

  async addClass(name) {
    const boxes = this.page.getByRole("textbox", { name: messagePattern("images-class-name") });
    const before = await boxes.count();
    await this.button(message("images-add-class")).click();
    await until("a new class", async () => (await boxes.count()) > before);
    const box = boxes.nth(before);
    await box.fill(name);
    await box.press("Enter");
    await this.page.getByRole("textbox", { name: message("images-class-name", { class: name }), exact: true }).waitFor();
  }

  // Train.

  /// Chooses a radio button as the keyboard does, also if its label covers it.
  async choose(name) {
    const radio = this.radio(name);
    await this.reveal(radio);
    await radio.focus();
    await radio.press("Space");
    await until(`${name} chosen`, () => radio.isChecked());
  }

  /// Expands the options and waits for them.
  async openOptions() {
    const options = this.page.locator("#train-advanced");
    if (!(await options.evaluate((details) => details.open))) {
      await options.locator("summary").click();
    }
    await this.option("strategy").waitFor({ timeout: MINUTE });
  }

  /// The field of a training option, by its key.
  option(key) {
    return this.page.locator(`#option-${key}`);
  }

  async setEpochs(count) {
    const field = this.option("epochs");
    await field.fill(String(count));
    await field.press("Tab");
  }

  async setImageSize(side) {
    await this.option("size").selectOption(String(side));
  }

  /// Expands the collapsed panels around an element.
  async reveal(locator) {
    await locator.waitFor({ state: "attached" });
    await locator.evaluate((element) => {
      for (let at = element.closest("details"); at; at = at.parentElement?.closest("details")) {
        at.open = true;
      }
    });
  }

  async startTraining() {
    const train = this.button(message("run-start"));
    await until("Train can be pressed", () => train.isEnabled(), {
      timeout: MINUTE,
      describe: () => this.state(),
    });
    const runs = (await this.events("started")).length;
    await train.click();
    // A short run may end before its buttons are found.
    const stop = this.button(message("run-stop"));
    await until(
      "a run",
      async () => (await stop.isVisible()) || (await this.events("started")).length > runs,
      { timeout: MINUTE, describe: () => this.state() },
    );
  }

  /// Waits for the end of the run and returns its validation accuracy, 0 to 1.
  async trainingEnds(timeout) {
    const stop = this.button(message("run-stop"));
    await until(
      "the run's end",
      async () => {
        await this.fails("train");
        return !(await stop.isVisible());
      },
      { timeout, every: 250, describe: () => this.state() },
    );
    await this.fails("train");
    return this.validationAccuracy();
  }

  /// Waits for the first steps of an epoch.
  async reachesEpoch(epoch, timeout = 5 * MINUTE) {
    await until(`epoch ${epoch}`, async () => (await this.epoch()) >= epoch, {
      timeout,
      describe: () => this.state(),
    });
  }

  /// The first number of a text like "3 of 12" or "1,003 of 2,000".
  async epoch() {
    return Number((await this.text("epoch")).match(/\d[\d,]*/)?.[0].replaceAll(",", "") ?? 0);
  }
  async step() {
    return this.text("step");
  }

  async validationAccuracy() {
    const text = await this.text("validation-accuracy");
    const percent = Number(text.replace(",", ".").match(/[\d.]+/)?.[0] ?? Number.NaN);
    return percent / 100;
  }

  /// Throws an error with the text of the problem if the app reports one.
  async fails(section) {
    const [text] = await this.problem(section).allTextContents();
    if (text) {
      throw new Error(`the app reports: ${text.trim()}`);
    }
  }

  /// Waits until the app reports a problem, and returns its text.
  async saysWhatIsWrong(section) {
    const problem = this.problem(section);
    await problem.waitFor({ timeout: MINUTE });
    return (await problem.innerText()).trim();
  }

  // Try.

  /// Predicts an image file and returns the top class and the exact probability of every class.
  async predict(file) {
    const before = (await this.replies("prediction")).length;
    await this.file(message("try-choose")).setInputFiles(file);
    const reply = await until("a prediction", async () => (await this.replies("prediction")).at(before), {
      timeout: MINUTE,
      describe: () => this.state(),
    });
    const trained = (await this.replies("trained")).at(-1);
    const text = await until("the prediction shown", () => this.text("prediction"));
    return {
      text,
      probabilities: Object.fromEntries(
        trained.tasks[0].kind.class.classes.map((name, i) => [name, reply.answers[0].class[i]]),
      ),
    };
  }

  async downloadModel(path) {
    const downloading = this.page.waitForEvent("download", { timeout: MINUTE });
    await this.button(message("try-download")).click();
    const download = await downloading;
    await download.saveAs(path);
    return { name: download.suggestedFilename(), bytes: await readFile(path) };
  }

  /// The state of the app in one line, for messages about what did not happen.
  async state() {
    const parts = [];
    for (const id of ["run-phase", "epoch", "step", "validation-accuracy", "problem"]) {
      const text = await this.text(id);
      if (text) {
        parts.push(`${id}: ${text}`);
      }
    }
    return [...parts, ...this.errors.slice(-3)].join("; ") || "nothing said";
  }

  /// Records all tasks of the page's main thread that take more than 50 ms, from now on.
  async watchLongTasks() {
    await this.page.evaluate(() => {
      window.tunelabTest.longTasks = [];
      new PerformanceObserver((list) => {
        for (const task of list.getEntries()) {
          window.tunelabTest.longTasks.push(Math.round(task.duration));
        }
      }).observe({ type: "longtask" });
    });
    return () => this.page.evaluate(() => window.tunelabTest.longTasks);
  }
}

/// How long a test step that trains may take on a slow machine.
export const TRAINING = 10 * MINUTE;
export { MINUTE, SECOND };
