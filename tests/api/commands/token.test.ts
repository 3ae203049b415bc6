import {chmod, readdir, readFile, readlink, stat, symlink, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {hashOf} from "../../../api/http/access/tokens.ts";
import {runCli, startCli} from "../../support/runCli.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

/** A server of the real command line, with the link it printed, all it says on stderr, and how it is asked. */
async function serve(...args: string[]) {
  const running = startCli(["serve", "--port", "0", "--log-level", "trace", ...args], {cwd: await temporaryFolder()});
  let log = "";
  running.process.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const said = await running.until("\n");
  const link = /http:\/\/\S+/.exec(said)![0];
  const {port} = new URL(link);
  const ask = async (path: string, token?: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      redirect: "manual",
      ...init,
      headers: {...init.headers, ...(token !== undefined && {authorization: `Bearer ${token}`})}
    });
  const stop = async (): Promise<string> => {
    running.process.kill("SIGTERM");
    expect(await running.end).toMatchObject({status: 0});
    return log;
  };
  return {said, link, ask, stop};
}
const token = (file: string, ...args: string[]) => runCli(["token", ...args, "--users", file]);

describe("orrery serve beyond this machine", () => {
  it("makes a token, prints it once in a link that opens the page, and writes it into no line of its log", async () => {
    const {said, link, ask, stop} = await serve("--host", "0.0.0.0");
    const made = new URL(link).searchParams.get("token")!;
    expect([made.length, said.split(made).length, new URL(link).hostname === "0.0.0.0"]).toEqual([32, 2, false]);
    expect((await ask("/api/runs")).status).toBe(401);
    expect((await ask("/api/runs", made)).status).toBe(200);
    const opened = await ask(`/?token=${made}`);
    expect([opened.status, opened.headers.get("set-cookie")]).toEqual([302, expect.stringMatching(/HttpOnly; SameSite=Strict$/)]);
    for (const path of [`/api/runs?token=${made}`, `/%zz?token=${made}`, `/x?a=1&token=${made}`, `/?token=${made}&token=${made}`])
      await ask(path);
    await ask("/sign-in", undefined, {method: "POST", body: new URLSearchParams({token: made})});
    await ask("/api/captures", made, {method: "POST", headers: {"content-type": "application/json"}, body: "{"});
    await ask("/api/runs", undefined, {headers: {cookie: opened.headers.get("set-cookie")!.split(";")[0]}});
    await ask("/api/runs", undefined, {headers: {referer: `http://127.0.0.1/?token=${made}`, "x-request-id": made}});
    const log = await stop();
    expect(log.match(/"msg":"request"/g)!.length).toBeGreaterThanOrEqual(10);
    expect(log).not.toContain(made);
  });

  it("asks for the token of a file, and says who may read that file", async () => {
    const file = join(await temporaryFolder(), "token");
    await writeFile(file, "  my-own-token-1\n", {mode: 0o644});
    const {said, ask, stop} = await serve("--token-file", file);
    expect(said).not.toContain("my-own-token-1");
    expect([(await ask("/api/runs")).status, (await ask("/api/runs", "my-own-token-1")).status]).toEqual([401, 200]);
    const log = await stop();
    expect(log).toContain(`${file} can be read by others on this machine; chmod 600 ${file}`);
    expect(log).not.toContain("my-own-token-1");
  });

  it("lets everybody in where that is said, and says what it means", async () => {
    const {link, ask, stop} = await serve("--host", "0.0.0.0", "--no-token");
    expect(new URL(link).search).toBe("");
    expect((await ask("/api/runs")).status).toBe(200);
    expect(await stop()).toContain("--no-token: whoever reaches this address can read, change and delete");
  });

  it("is below its base, and known by the names that were allowed", async () => {
    const {link, ask, stop} = await serve("--base", "/user/kim/proxy/4040", "--allow-host", "lab.example.org");
    expect(new URL(link).pathname).toBe("/user/kim/proxy/4040/");
    expect((await ask("/user/kim/proxy/4040/api/runs")).status).toBe(200);
    await stop();
  });

  it.each([
    [["--no-token", "--users", "x.json"], 2, "invalid options: --no-token beside --token-file or --users"],
    [["--users", "/nowhere.json"], 1, "missing users file: /nowhere.json; orrery token NAME --users /nowhere.json makes it"],
    [["--token-file", "/nowhere"], 1, "missing token file: /nowhere; openssl rand -hex 24 > /nowhere makes one"],
    [
      ["--base", "kim"],
      2,
      "option '--base <path>' argument 'kim' is invalid. invalid base: kim; expected a path such as /user/kim/proxy/4040/"
    ],
    [
      ["--allow-host", "a b"],
      2,
      "option '--allow-host <name>' argument 'a b' is invalid. expected a host name, as lab.example.org or lab.example.org:8080"
    ],
    [["--port", "70000"], 2, "option '--port <number>' argument '70000' is invalid."],
    [["--user-captures", "0"], 2, "option '--user-captures <number>' argument '0' is invalid."],
    [["--user-disk", "lots"], 2, "option '--user-disk <GB>' argument 'lots' is invalid."]
  ])("serve %j is refused in one line", async (args, status, line) => {
    const end = await runCli(["serve", "--port", "0", ...args], {cwd: await temporaryFolder()});
    expect([end.status, end.stdout, end.stderr.trim().split("\n")]).toEqual([status, "", [expect.stringContaining(line)]]);
  });

  it.each([
    ["short", "has 5 characters; expected at least 8"],
    ["two words here", "expected one token, without spaces"],
    ["", "expected one token, without spaces"]
  ])("a token file that holds %j is refused", async (text, line) => {
    const file = join(await temporaryFolder(), "token");
    await writeFile(file, text, {mode: 0o600});
    expect((await runCli(["serve", "--port", "0", "--token-file", file])).stderr).toContain(line);
  });
});

describe("orrery token", () => {
  it("makes people's tokens, of which the file keeps the hashes, for its owner alone; a server follows", async () => {
    const file = join(await temporaryFolder(), "lab", "users.json");
    const kim = (await token(file, "kim")).stdout.trim();
    const guest = (await token(file, "guest", "--read-only")).stdout.trim();
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      users: [
        {name: "kim", sha256: hashOf(kim), read_only: false},
        {name: "guest", sha256: hashOf(guest), read_only: true}
      ]
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const {ask, stop} = await serve("--users", file);
    const who = async (one: string) => ((await (await ask("/api/info", one)).json()) as {visitor: unknown}).visitor;
    expect([await who(kim), await who(guest)]).toEqual([
      {name: "kim", read_only: false},
      {name: "guest", read_only: true}
    ]);
    const again = (await token(file, "kim")).stdout.trim(); // the old one ends
    expect([(await ask("/api/info", kim)).status, (await ask("/api/info", again)).status]).toEqual([401, 200]);
    expect(await token(file, "a b/c")).toEqual({
      status: 2,
      stdout: "",
      stderr: `invalid name: "a b/c"; expected letters, digits, '.', '_', '@' and '-', at most 64\n`
    });
    expect(await token(file, "kim", "--remove")).toEqual({status: 0, stdout: "", stderr: "kim is out\n"});
    expect((await ask("/api/info", again)).status).toBe(401);
    const log = await stop();
    for (const one of [kim, guest, again]) expect(log).not.toContain(one);
  });

  it("of several at once loses none; the file keeps who may read it, and stays where a link points", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "people.json");
    await writeFile(file, JSON.stringify({users: [{name: "first", sha256: "0".repeat(64)}]}));
    await chmod(file, 0o640);
    await symlink("people.json", join(folder, "link.json"));
    const names = ["a", "b", "c"];
    const made = await Promise.all([...names.map((name) => token(join(folder, "link.json"), name)), token(file, "first", "--remove")]);
    expect(made.map(({status}) => status)).toEqual([0, 0, 0, 0]);
    const {users} = JSON.parse(await readFile(file, "utf8")) as {users: {name: string; sha256: string}[]};
    expect(new Map(users.map(({name, sha256}) => [name, sha256]))).toEqual(
      new Map(names.map((name, i) => [name, hashOf(made[i].stdout.trim())]))
    );
    expect([(await stat(file)).mode & 0o777, await readlink(join(folder, "link.json"))]).toEqual([0o640, "people.json"]);
    expect((await readdir(folder)).sort()).toEqual(["link.json", "people.json"]);
  });

  it.each([
    [["nobody", "--remove"], 2, "unknown user: nobody; one of none"],
    [["<img onerror>"], 2, "expected letters, digits, '.', '_', '@' and '-', at most 64"],
    [["../x"], 2, "expected letters, digits"]
  ])("%j is refused in one line", async (args, status, line) => {
    const end = await token(join(await temporaryFolder(), "users.json"), ...args);
    expect([end.status, end.stdout, end.stderr.trim().split("\n")]).toEqual([status, "", [expect.stringContaining(line)]]);
  });

  it("leaves a file that is no people's as it is", async () => {
    const file = join(await temporaryFolder(), "users.json");
    await writeFile(file, "{");
    expect(await token(file, "kim")).toMatchObject({status: 1, stderr: `invalid ${file}: not JSON\n`});
    expect(await readFile(file, "utf8")).toBe("{");
  });
});
