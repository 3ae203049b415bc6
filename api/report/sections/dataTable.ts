import {html, type Html, type HtmlPart} from "../html.ts";

/** A table in a frame of its own, which scrolls sideways where the page is narrow, with the keyboard too; rows are `<tr>` markup. */
export const dataTable = (
  label: string,
  columns: readonly string[],
  rows: HtmlPart
): Html => html`<div class="table" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
