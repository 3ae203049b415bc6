import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {noticeText} from "./notice.ts";

/** `npm run notice`: writes NOTICE anew, after a change of the libraries. */
const root = join(import.meta.dirname, "../..");
writeFileSync(join(root, "NOTICE"), noticeText(root));
