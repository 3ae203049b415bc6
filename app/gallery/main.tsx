import {StrictMode, type ReactNode} from "react";
import {createRoot} from "react-dom/client";
import "../style/all.ts";
import {Band} from "../parts/Band.tsx";
import {Boundary} from "../parts/Boundary.tsx";
import {SourceContext} from "../source/sourceContext.ts";
import {useStore} from "../state/store.ts";
import {GalleryApp} from "./GalleryApp.tsx";
import {gallerySource, openGallery} from "./gallerySource.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);
const show = (page: ReactNode): void => root.render(<StrictMode>{page}</StrictMode>);

/** A gallery is read and never changed: its visitor is a guest. */
openGallery().then(
  (gallery) => {
    useStore.setState({server: {...gallery.software, page: null, visitor: {name: null, read_only: true}}});
    show(
      <SourceContext value={gallerySource(gallery)}>
        <Boundary what="The page">
          <GalleryApp gallery={gallery} />
        </Boundary>
      </SourceContext>
    );
  },
  (error: Error) =>
    show(
      <main className="page">
        <h1>This gallery cannot be shown</h1>
        <Band tone="error" text={error.message} action={{label: "Try again", run: () => location.reload()}} />
      </main>
    )
);
