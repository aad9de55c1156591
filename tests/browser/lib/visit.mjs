// The app in any browser, with lib/drivers. lib/app.mjs can do more, but only in Chromium.

import assert from "node:assert/strict";

import { message } from "./texts.mjs";
import { MINUTE, until } from "./wait.mjs";

// The following functions run in the page.

const findButton = (name) => {
  const buttons = [...document.querySelectorAll("button")];
  const found = buttons.find((button) => (button.ariaLabel ?? button.textContent).trim() === name);
  found?.scrollIntoView({ block: "center", behavior: "instant" });
  return found;
};
/// Its distance from the top of the page.
const placeOfButton = (name) => {
  const buttons = [...document.querySelectorAll("button")];
  const found = buttons.find((button) => (button.ariaLabel ?? button.textContent).trim() === name);
  return found && Math.round(found.getBoundingClientRect().y + window.scrollY);
};
const findFileInput = (label) =>
  [...document.querySelectorAll("input[type=file]")].find(
    (input) => (input.ariaLabel ?? input.labels[0]?.textContent ?? "").trim() === label,
  );
const hasFileInput = (label) =>
  [...document.querySelectorAll("input[type=file]")].some(
    (input) => (input.ariaLabel ?? input.labels[0]?.textContent ?? "").trim() === label,
  );
const textOf = (testId) => document.querySelector(`[data-testid="${testId}"]`)?.textContent.trim() ?? "";
const canBePressed = (name) => {
  const buttons = [...document.querySelectorAll("button")];
  return buttons.some((button) => button.textContent.trim() === name && !button.disabled && button.ariaDisabled !== "true");
};
const chooseRadio = (name) => {
  const radios = [...document.querySelectorAll("input[type=radio]")];
  const found = radios.find((radio) => radio.labels[0]?.textContent.trim().startsWith(name));
  found?.click();
  return found !== undefined;
};
export const isOnPage = (text) => document.body.innerText.includes(text);

/// The app in a browser, as its users see it.
export class Visit {
  constructor(driver) {
    this.driver = driver;
  }

  text(testId) {
    return this.driver.evaluate(textOf, testId);
  }

  async press(name) {
    await this.until(`"${name}" can be pressed`, () => this.driver.evaluate(canBePressed, name));
    // Drivers click on a point, where another element may be by then if the page still grows.
    let place;
    await this.until(`"${name}" stays in its place`, async () => {
      const before = place;
      place = await this.driver.evaluate(placeOfButton, name);
      return place !== undefined && place === before;
    });
    await this.driver.click(findButton, name);
  }

  /// Waits, and fails at once if the app reports a problem.
  until(what, ask, timeout = MINUTE) {
    const check = async () => {
      const problem = await this.text("problem");
      assert.equal(problem, "", `the app reports: ${problem}`);
      return ask();
    };
    const describe = async () =>
      JSON.stringify([await this.text("run-phase"), await this.text("epoch"), await this.driver.errors()]);
    return until(what, check, { timeout, every: 200, describe });
  }

  async isReady() {
    await this.until("the app on the screen", () => this.driver.evaluate(canBePressed, message("images-use-sample")));
    await this.until("the network ready", () => this.text("model-title"));
  }

  async useSample() {
    await this.press(message("images-use-sample"));
    await this.until("the images", async () => Number.parseInt(await this.text("images-total"), 10) > 0);
  }

  /// Starts training and returns the validation accuracy in percent.
  async train() {
    await this.press(message("run-start"));
    await this.until("training", () => this.driver.evaluate(canBePressed, message("run-stop")));
    await this.until("the run's end", async () => !(await this.driver.evaluate(canBePressed, message("run-stop"))), 8 * MINUTE);
    return Number.parseFloat(await this.text("validation-accuracy"));
  }

  /// Chooses a radio button by the start of its name.
  async choose(name) {
    const isThere = await this.driver.evaluate(chooseRadio, name);
    assert.ok(isThere, `there is no choice "${name}"`);
  }

  /// The name of the most likely class and its probability, as the page shows them.
  async predict(file) {
    await this.until("a place for an image", () => this.driver.evaluate(hasFileInput, message("try-choose")));
    await this.driver.upload(file, findFileInput, message("try-choose"));
    return this.until("a prediction", () => this.text("prediction"));
  }
}
