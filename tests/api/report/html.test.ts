import {expect, it} from "vitest";
import {escaped, html, scriptJson} from "../../../api/report/html.ts";

it("html escapes its values in elements and in attributes, and leaves its own markup", () => {
  const text = `</p><script>"&'`;
  expect(html`<p title="${text}">${text}</p>`.markup).toBe(
    '<p title="&lt;/p&gt;&lt;script&gt;&quot;&amp;&#39;">&lt;/p&gt;&lt;script&gt;&quot;&amp;&#39;</p>'
  );
});

it("html puts markup and lists of it as they are, and nothing for nothing", () => {
  expect(html`<ul>${["<a>", "b"].map((text) => html`<li>${text}</li>`)}${undefined}${null}${0}</ul>`.markup).toBe(
    "<ul><li>&lt;a&gt;</li><li>b</li>0</ul>"
  );
});

it("escaped makes control characters visible", () => {
  expect(escaped("a\u0000b\u001b[31m\tc\n")).toBe("a\u2400b\u241b[31m\tc\n");
});

it.each(["</script><script>alert(1)</script>", "<!--<script>", "]]>", "a\u2028b\u2029", "&lt;", "\\u003c"])(
  "scriptJson(%j) cannot end its element and reads back the same",
  (text) => {
    const json = scriptJson({text});
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).toEqual({text});
  }
);
