import {StrictMode} from "react";
import {createRoot} from "react-dom/client";
import {httpSource} from "./source/httpSource.ts";
import {SourceContext} from "./source/sourceContext.ts";
import "./style/all.ts";
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
