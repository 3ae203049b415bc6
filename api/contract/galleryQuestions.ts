/** What a gallery tells of itself; its presence is what makes a folder one. */
export const GALLERY_FILE = "orrery-gallery.json";

export const GALLERY_SCHEMA = "orrery-gallery/1";

/** Where the runs of a gallery lie, a folder each. */
export const GALLERY_RUNS = "runs";

/** How a gallery's projections may be fitted, and how many components they have at most. */
export const GALLERY_FITS = ["all", "token"] as const;
export const GALLERY_COMPONENTS = 6;

/** The projections that a gallery keeps of each site: those that its page asks for. */
export const GALLERY_PROJECTIONS = [
  ...GALLERY_FITS.flatMap((fit) => [2, 3, GALLERY_COMPONENTS].map((dims) => ({method: "pca" as const, dims, fit}))),
  {method: "umap" as const, dims: 2, fit: "all" as const}
];

/** The name of a question that a gallery has the answer to: the same whoever asks, in whatever order. */
export const galleryQuestion = (kind: string, query: Readonly<Record<string, string | number | undefined>> = {}): string =>
  [
    kind,
    ...Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
  ].join(" ");
