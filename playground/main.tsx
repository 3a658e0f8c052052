/** Starts the playground. */

import "./parts/theme.css";
import "./parts/parts.css";
import "./playground.css";
import { render } from "preact";
import { App } from "./app.tsx";

const place = document.getElementById("app");
if (place !== null) render(<App />, place);
