import {StrictMode} from "react";
import {createRoot} from "react-dom/client";
import {httpSource} from "./source/httpSource.ts";
import {SourceContext} from "./source/sourceContext.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/chrome.css";
import "./style/run/head.css";
import "./style/run/panels.css";
import "./style/run/lens.css";
import "./style/run/fold.css";
import "./style/run/verdict.css";
import "./style/run/compare.css";
import "./style/run/wide.css";
import "./style/runs.css";
import "./style/experiments.css";
import "./style/evaluations.css";
import "./style/generate.css";
import "./style/methods.css";
import "./style/census.css";
import "./style/trainings.css";
import "./style/dialog.css";
import {Boundary} from "./parts/Boundary.tsx";
import {App} from "./shell/App.tsx";

const source = httpSource();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <SourceContext value={source}>
      <Boundary what="The page">
        <App />
      </Boundary>
    </SourceContext>
  </StrictMode>
);
