import {createHash} from "node:crypto";

const STYLE =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 16px;color-scheme:light dark}" +
  "input{font:inherit;width:100%;box-sizing:border-box;padding:6px 8px;margin:8px 0}button{font:inherit;padding:6px 14px}";

/** What the content security policy lets through of it. */
export const SIGN_IN_STYLE_HASH = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;

/** What one sees without a token: where to find it, and a field for it. */
export const signInPage = (problem: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orrery: sign in</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Orrery</h1>
<p role="alert">${problem}</p>
<form method="post" action="./sign-in">
<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button type="submit">Sign in</button>
</form>
<p>The link that <code>orrery serve</code> printed has it; on a lab server, whoever runs it gives you yours.</p>
</body>
</html>
`;

/** A link from another site comes without the cookie, which is for this site alone; asked again from here, it is sent. */
export const askAgainPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>Orrery</title></head><body></body></html>
`;
