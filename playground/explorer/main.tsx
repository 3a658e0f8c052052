/** Starts the explorer in a report that holds records. */

import "../parts/theme.css";
import "../parts/parts.css";
import "./explorer.css";
import { render } from "preact";
import { Explorer } from "./explorer.tsx";
import { Held } from "./held.ts";

const place = document.getElementById("app");
const data = document.getElementById("data");
if (place !== null && data !== null) {
  place.replaceChildren();
  render(<Explorer held={new Held(data.textContent ?? "")} />, place);
}
